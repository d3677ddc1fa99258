/* Bytes to Unicode: what every writer's gate uses to make outside text valid. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "src/base/str.h"

/*
 * Take the next code point off the front of *rest. Where the bytes are no valid UTF-8 (overlong
 * forms and surrogates included), one byte is taken and -1 returned. *rest must not be empty.
 */
int32_t utf8_next(struct str *rest);

/* Append the code point to the buffer as UTF-8. */
void utf8_add(struct buf *buf, int32_t point);

/* Controls, format characters that reorder text (bidi), invisible characters, line and paragraph
 * separators: what no writer shows as it is. Tab and newline are not among them. */
bool utf8_is_unsafe(int32_t point);

/* The columns that a terminal uses for the code point: 0, 1 or 2. */
int utf8_width(int32_t point);

/* Whether it is a letter of Unicode's category Lu: what a name that Go exports begins with. */
bool utf8_is_upper(int32_t point);

/* Whether the text begins with one. */
bool utf8_starts_upper(struct str text);
