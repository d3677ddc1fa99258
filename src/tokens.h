/* Go source as the sequence of its tokens: what is left of a text when layout and names do not
 * matter. */
#pragma once

#include <stdint.h>

#include "src/base/str.h"

enum token_kind { TOKEN_NAME, TOKEN_KEYWORD, TOKEN_LITERAL, TOKEN_SIGN };

struct token {
	enum token_kind kind;
	struct str text;
	bool after_newline; /* a line ended between it and the token before */
};

/* The next token, taken off *rest; false at the end. Comments are passed over. Never fails: what
 * is no Go is signs. */
bool token_next(struct token *out, struct str *rest);

/* Whether the byte can be one of a name or a number: every one of a letter beyond ASCII counts. */
bool token_is_name(char c);

/* The length of the string or rune literal at the front of a text that begins with a quote; 1 where
 * that is not closed on its line. A raw string may go over several, and up to the end. */
size_t token_string_length(struct str text);

/* A hash of the bytes of a line that are no white space. 0 where there are none. */
uint64_t tokens_squeezed(struct str line);

/* A hash of the line in which each name counts for where it came first: equal where names were
 * replaced, each by one other. */
uint64_t tokens_shape(struct str line);

/* Hashes of a function from "func" to its closing bracket: the first that is equal says most. */
struct function_text {
	uint64_t without_name;  /* equal where nothing but its own name differs */
	uint64_t without_calls; /* names before a bracket and beside a dot may differ */
	uint64_t shape;         /* all names may differ, each replaced by one other */
};

/* Of the function at the front of the text, and how long it is; 0 where there is none or it does
 * not end. */
size_t tokens_function(struct function_text *out, struct str text);

/* How long the function literal at the front of the text is, from "func" to the bracket that closes
 * its body; 0 where there is none or it does not end. */
size_t tokens_literal(struct str text);
