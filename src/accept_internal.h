/* What the files of accept share. */
#pragma once

#include "src/accept.h"
#include "src/directives.h"

/* A file of the head that has some. */
struct commented {
	const char *path;
	struct directives directives;
	bool compiled; /* the compiler said something of it */
};

struct accepting {
	struct comparison *comparison;
	const struct line_map *map;
	struct intern paths; /* struct commented by path; NULL: looked at, none */
	struct arena arena;
	struct commented **files; /* by path */
	size_t count, capacity;
};

/* Whether the position is in the lines that the directive of the file is for. */
bool directive_covers(
	const struct directive *directive, const struct commented *file, const struct position *at);

/* Make the new finding an accepted one. */
void accept_finding(struct comparison *comparison, struct finding *finding,
	const struct acceptance *acceptance);

/* Accept what the baseline has, and warn of its entries that have expired or except nothing. */
void accept_baseline(struct comparison *comparison, struct baseline *baseline, const char *day);

/* Note the contracts of these files that are not kept. */
void accept_contracts(struct accepting *accepting);
