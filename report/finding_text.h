/* What the writers for programs say of a finding, in the same words everywhere. Nothing here is
 * made safe: that is for the format to do, at its gate. */
#pragma once

#include "src/base/str.h"
#include "src/comparison.h"

/* The name of the rule that a finding of this reason breaks, as one word:
 * "heap-escape-too-large". */
void rule_name(struct buf *out, enum reason reason);

/* The enclosing declaration, or "package-level variables". */
const char *function_text(const struct escape *escape);

/* "new heap escape in Store.Get: &Entry{...} escapes to heap": the state and what happened; and
 * where it holds, when not in all variants of the comparison. */
void headline(struct buf *out, const struct comparison *comparison, const struct finding *finding);

/* The variants that the finding holds in: "linux/amd64, windows/amd64 -tags=netgo"; nothing where
 * the comparison is of one. */
void holds_text(struct buf *out, const struct finding *finding);

/* The cause and where it is: "a function it calls leaks its argument, at a.go:3"; nothing where
 * there is none. */
void cause_text(struct buf *out, const struct cause *cause);

/* "example.com/app/store was not analysed in the head (2 escapes in the base are not judged):
 * undefined: x": with the first line of go's words that says something. */
void not_analysed_text(struct buf *out, const struct not_analysed *entry);

/* All that is said in a verdict, as one line. */
void verdict_text(struct buf *out, const struct verdict *verdict);

/* "path:line:column" of what is known. */
void position_text(struct buf *out, const struct position *at);

/* The source line that the finding is on, or NULL. */
const struct source_line *finding_line(const struct finding *finding);

/* The columns of the expression in UTF-16 units, from 1; *end is the one behind it. False where the
 * text of its line is not known. */
bool finding_columns(const struct finding *finding, int *start, int *end);

/* The column of a place in UTF-16 units, where its line is one of those around the finding; else
 * 0. */
int column_near(const struct finding *finding, const struct position *at);

/* The text, or as much of it as takes `most` bytes, with "…" in place of the rest; cut between code
 * points. */
void cut_text(struct buf *out, struct str text, size_t most);

/* The new findings that count, those on changed lines first: *count of them, an array that the
 * caller frees. */
const struct finding **findings_by_weight(const struct comparison *comparison, size_t *count);
