/* The gate of Markdown: outside text that neither formats nor links nor calls anybody. */
#pragma once

#include "src/base/str.h"

/* As code in a line: neither markup nor mentions (@name), issues (#1) and addresses are looked for
 * in it. Never empty. Not for cells of tables. */
void markdown_code(struct buf *out, struct str outside);

/* As words of a sentence: punctuation is escaped, and a zero-width space takes its meaning from
 * what GitHub and GitLab look for in plain words. */
void markdown_words(struct buf *out, struct str outside);

/* As a block of code of one or more lines, indented by the number of blanks; `language` colours it
 * ("go", ""). */
void markdown_block(struct buf *out, struct str outside, const char *language, int indent);

/* As code in a line of HTML, such as a <summary>. */
void markdown_html_code(struct buf *out, struct str outside);
