/* The terminal's gate: outside text made harmless, colours, carets. */
#pragma once

#include <stdio.h>

#include "src/base/str.h"

/* The one way by which text from outside gets to a terminal or a log: invalid UTF-8 becomes U+FFFD,
 * control and reordering characters become visible (\x1b, \u202e), tabs stay, and what CI servers
 * take for a command ("##[", "##vso[", "##teamcity[") is broken by a zero-width space. */
void terminal_text(FILE *out, struct str text);

/* The same into a buffer, for formats that have an escaping of their own: what comes out is one
 * line of visible, valid UTF-8. */
void terminal_add(struct buf *out, struct str text);

/* Text of more than one line, each of them through the gate and ended. */
void terminal_lines(FILE *out, struct str text);

enum style { STYLE_PLAIN, STYLE_BAD, STYLE_GOOD, STYLE_WEAK, STYLE_STRONG, STYLE_PLACE };

/* Begin a style; STYLE_PLAIN ends it. Nothing where colour is false. */
void terminal_style(FILE *out, bool colour, enum style style);

/* Which bytes of a source line the expression at that column (from 1) takes: for a call or a
 * literal, at whose bracket the compiler points, from its name to the closing bracket. At least one
 * byte. */
void terminal_span(struct str line, int column, size_t *from, size_t *to);

/* The blanks that bring a caret under byte `to` of the line: tabs are kept, wide characters count
 * twice. */
void terminal_indent(FILE *out, struct str line, size_t to);

/* The columns that the bytes [from, to) of the line take. */
size_t terminal_width(struct str line, size_t from, size_t to);
