#include "src/tokens.h"

#include <ctype.h>
#include <stdio.h>

#include "src/base/arena.h"
#include "src/base/cleanup.h"
#include "src/base/hash.h"
#include "src/base/intern.h"

bool
token_is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool
is_keyword(struct str word)
{
	static const char *const keywords[] = {
		"break",
		"case",
		"chan",
		"const",
		"continue",
		"default",
		"defer",
		"else",
		"fallthrough",
		"for",
		"func",
		"go",
		"goto",
		"if",
		"import",
		"interface",
		"map",
		"package",
		"range",
		"return",
		"select",
		"struct",
		"switch",
		"type",
		"var",
	};

	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
		if (str_eq(word, str_of(keywords[i])))
			return true;
	return false;
}

static struct str
front(struct str text, size_t n)
{
	return (struct str){text.p, n < text.n ? n : text.n};
}

/* The length of what ends with that text; all of it where it does not end. */
static size_t
up_to(struct str text, const char *end, size_t from)
{
	struct str rest = str_from(text, from);
	const char *found = memmem(rest.p, rest.n, end, strlen(end));

	return found ? (size_t)(found - text.p) + strlen(end) : text.n;
}

/* Take white space and comments off; whether a line ended in them. */
static bool
skip_space(struct str *rest)
{
	bool newline = false;

	while (rest->n > 0) {
		size_t n = 0;
		if (isspace((unsigned char)rest->p[0]))
			n = 1;
		else if (str_starts(*rest, STR("//")))
			n = up_to(*rest, "\n", 2);
		else if (str_starts(*rest, STR("/*")))
			n = up_to(*rest, "*/", 2);
		if (n == 0)
			break;
		newline = newline || memchr(rest->p, '\n', n);
		*rest = str_from(*rest, n);
	}
	return newline;
}

size_t
token_string_length(struct str text)
{
	char quote = text.p[0];

	if (quote == '`')
		return up_to(text, "`", 1);
	for (size_t i = 1; i < text.n && text.p[i] != '\n'; i++) {
		if (text.p[i] == '\\')
			i++;
		else if (text.p[i] == quote)
			return i + 1;
	}
	return 1;
}

static size_t
word_length(struct str text)
{
	size_t n = 0;

	while (n < text.n && token_is_name(text.p[n]))
		n++;
	return n;
}

bool
token_next(struct token *out, struct str *rest)
{
	bool newline = skip_space(rest);
	size_t n = 1;

	if (rest->n == 0)
		return false;
	*out = (struct token){TOKEN_SIGN, {rest->p, 1}, newline};
	if (memchr("\"'`", rest->p[0], 3)) {
		n = token_string_length(*rest);
		out->kind = TOKEN_LITERAL;
	} else if (token_is_name(rest->p[0])) {
		n = word_length(*rest);
		out->kind = isdigit((unsigned char)rest->p[0])     ? TOKEN_LITERAL
			    : is_keyword((struct str){rest->p, n}) ? TOKEN_KEYWORD
								   : TOKEN_NAME;
	}
	out->text = front(*rest, n);
	*rest = str_from(*rest, n);
	return true;
}

uint64_t
tokens_squeezed(struct str line)
{
	CLEANUP(buf_release) struct buf squeezed = {0};

	for (size_t i = 0; i < line.n; i++)
		if (!isspace((unsigned char)line.p[i]))
			buf_add_char(&squeezed, line.p[i]);
	return squeezed.n ? hash_bytes(buf_str(&squeezed), 1) : 0;
}

/* Names by the order in which they come first. */
struct names {
	struct arena arena;
	struct intern table;
	size_t count;
};

static void
names_release(struct names *names)
{
	intern_release(&names->table);
	arena_release(&names->arena);
}

static uint64_t
add_number(uint64_t hash, struct names *names, struct str name)
{
	names->table.arena = &names->arena;
	const void **number = intern_value(&names->table, name);
	if (!*number)
		*number = (const void *)(uintptr_t)++names->count;
	uintptr_t value = (uintptr_t)*number;
	return hash_bytes((struct str){(const char *)&value, sizeof value}, hash ^ 1);
}

static uint64_t
add_token(uint64_t hash, struct str text)
{
	return hash_bytes(text, hash);
}

uint64_t
tokens_shape(struct str line)
{
	CLEANUP(names_release) struct names names = {0};
	struct token token;
	uint64_t hash = 0;

	while (token_next(&token, &line))
		hash = token.kind == TOKEN_NAME ? add_number(hash, &names, token.text)
						: add_token(hash, token.text);
	return hash;
}

/* A function being read, token by token. */
struct reading {
	struct function_text *out;
	struct names names;
	struct str own; /* its name */
	struct token before;
	int depth;
};

static void
reading_release(struct reading *reading)
{
	names_release(&reading->names);
}

static bool
is_sign(const struct token *token, char sign)
{
	return token->kind == TOKEN_SIGN && token->text.p[0] == sign;
}

/* Whether the name is that of something called or selected, or a qualifier. */
static bool
is_called(const struct reading *reading, struct str rest)
{
	struct token next;

	return is_sign(&reading->before, '.') ||
	       (token_next(&next, &rest) && (is_sign(&next, '(') || is_sign(&next, '.')));
}

static void
add(struct reading *reading, const struct token *token, struct str rest)
{
	struct function_text *out = reading->out;
	struct str nothing = {"", 0};
	bool name = token->kind == TOKEN_NAME;

	/* The first name outside of brackets: a receiver stands in them. */
	if (name && reading->own.n == 0 && reading->depth == 0) {
		reading->own = token->text;
		return;
	}
	/* A type may have the same name. */
	bool called = name && is_called(reading, rest);
	bool own = called && str_eq(token->text, reading->own);
	out->without_name = add_token(out->without_name, own ? nothing : token->text);
	out->without_calls = add_token(out->without_calls, called ? nothing : token->text);
	out->shape = name ? add_number(out->shape, &reading->names, token->text)
			  : add_token(out->shape, token->text);
}

size_t
tokens_function(struct function_text *out, struct str text)
{
	CLEANUP(reading_release) struct reading reading = {.out = out};
	const char *start = text.p, *end = text.p;
	struct token token;

	*out = (struct function_text){0};
	if (!token_next(&token, &text) || !str_eq(token.text, STR("func")))
		return 0;
	while (token_next(&token, &text)) {
		/* A declaration ends with the line on which its last bracket is closed. */
		bool closed = reading.depth == 0 && is_sign(&reading.before, '}');
		if (closed && (token.after_newline || is_sign(&token, ';')))
			break;
		if (token.kind == TOKEN_SIGN && memchr("([{", token.text.p[0], 3))
			reading.depth++;
		if (token.kind == TOKEN_SIGN && memchr(")]}", token.text.p[0], 3))
			reading.depth--;
		/* Whether there is one at the end of a list is a matter of layout. */
		if (!is_sign(&token, ','))
			add(&reading, &token, text);
		reading.before = token;
		end = text.p;
	}
	bool whole = reading.depth == 0 && is_sign(&reading.before, '}');
	return whole ? (size_t)(end - start) : 0;
}

/* Take what is in brackets off the text, up to the one that closes it. */
static bool
skip_brackets(struct str *text)
{
	struct token token;
	int depth = 1;

	while (depth > 0 && token_next(&token, text)) {
		if (token.kind == TOKEN_SIGN && memchr("([{", token.text.p[0], 3))
			depth++;
		if (token.kind == TOKEN_SIGN && memchr(")]}", token.text.p[0], 3))
			depth--;
	}
	return depth == 0;
}

size_t
tokens_literal(struct str text)
{
	const char *start = text.p;
	struct token token, before = {0};

	if (!token_next(&token, &text) || !str_eq(token.text, STR("func")))
		return 0;
	for (; token_next(&token, &text); before = token) {
		/* "interface{}" and "struct{}" are results. */
		bool type =
			str_eq(before.text, STR("interface")) || str_eq(before.text, STR("struct"));
		if (token.kind != TOKEN_SIGN || !memchr("([{", token.text.p[0], 3))
			continue;
		if (!skip_brackets(&text))
			return 0;
		if (is_sign(&token, '{') && !type)
			return (size_t)(text.p - start);
	}
	return 0;
}
