/* What merge*.c share. */
#pragma once

#include "report/tally.h"
#include "src/merge.h"

struct part {
	const struct merge_part *of;
	struct tally tally;
	const char *const *variants; /* sorted; at least one */
	size_t variant_count;
	const char *go;    /* its version, where not all have the same; else NULL */
	const char *label; /* what tells it apart: "sub, windows/amd64" */
	bool is_contained; /* another one says all that it says */
};

struct merge {
	struct arena *arena;
	struct part *parts; /* in an order that does not depend on the command line's */
	size_t count;
	size_t apart;          /* how many are not contained in another */
	const char **variants; /* of all, sorted */
	size_t variant_count, variant_capacity;
};

/* Find out what the parts are, and that they belong together. */
MUST_CHECK int merge_collect(
	struct merge *out, const struct merge_part *parts, size_t count, struct err *err);
void merge_collect_release(struct merge *merge);

/* What a variant of the part is called among all: with its Go, where not all have the same. */
const char *merge_variant(const struct part *part, const char *name, struct arena *arena);

/* Add the text to the list, which is sorted and has each once. */
void merge_add_text(const char ***list, size_t *count, size_t *capacity, const char *text);

/* "a, b, c", in the arena. */
const char *merge_join(const char *const *list, size_t count, struct arena *arena);

/* What the parts say, each sentence once, with whose it is. The verdict needs the findings. */
void merge_warnings(struct comparison *out, const struct merge *merge);
void merge_verdict(struct comparison *out, const struct merge *merge);

/* The findings of all parts, each once. */
void merge_findings(struct comparison *out, const struct merge *merge);
