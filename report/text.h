/* What the files of the text format share. */
#pragma once

#include <stdio.h>

#include "report/report.h"
#include "report/terminal.h"

struct text {
	FILE *out;
	const struct report_options *options;
	const struct comparison *comparison;
};

/* Text from outside, made harmless; NULL is nothing. */
void text_put(const struct text *text, const char *outside);

void text_style(const struct text *text, enum style style);

/* Words of our own in a style. */
void text_styled(const struct text *text, enum style with, const char *ours);

/* "s", unless it is one. */
const char *text_plural(size_t count);

/* "file.go:1:2", never at the beginning of a line. */
void text_position(const struct text *text, const struct position *at);

/* The margin of a source line, or of what belongs to it where `line` is 0; then the mark. */
void text_gutter(const struct text *text, int width, int line, const char *mark);

/* All of a new finding, and an empty line. */
void text_finding(const struct text *text, const struct finding *finding);
