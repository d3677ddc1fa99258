#include "src/directives.h"

#include <stdlib.h>

#include "src/tokens.h"

/* What a text must have to have any: most files have none of them. */
static const char *const marks[] = {"heapwarden:", "gcassert:", "+checkescape"};

static bool
may_have_some(struct str text)
{
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (memmem(text.p, text.n, marks[i], strlen(marks[i])))
			return true;
	return false;
}

/* ---- one comment ---- */

static struct str
trimmed(struct str text)
{
	text = str_unindented(text);
	while (text.n && memchr(" \t\r", text.p[text.n - 1], 3))
		text.n--;
	return text;
}

static struct directive *
add(struct directives *out, enum directive_kind kind, struct str name, struct str reason)
{
	out->all = array_grow(out->all, &out->capacity, out->count + 1, sizeof *out->all);
	struct directive *directive = &out->all[out->count++];
	*directive = (struct directive){.kind = kind, .name = name, .reason = trimmed(reason)};
	return directive;
}

static const struct word {
	const char *word;
	enum directive_kind kind;
} own_words[] = {
	{"allow", DIRECTIVE_ALLOW},
	{"noescape", DIRECTIVE_NOESCAPE},
	{"inline", DIRECTIVE_INLINE},
};

static enum directive_kind
kind_of(struct str word)
{
	for (size_t i = 0; i < sizeof own_words / sizeof *own_words; i++)
		if (str_eq(word, str_of(own_words[i].word)))
			return own_words[i].kind;
	return DIRECTIVE_UNKNOWN;
}

/* The word at the front of the text, up to a blank. */
static struct str
first_word(struct str text)
{
	size_t n = 0;

	while (n < text.n && !memchr(" \t\r", text.p[n], 3))
		n++;
	return (struct str){text.p, n};
}

/* "heapwarden:allow reason", of which `text` is what follows the colon. */
static void
read_own(struct directives *out, struct str comment, struct str text)
{
	struct str word = first_word(text);
	struct str name = {comment.p, (size_t)(word.p + word.n - comment.p)};

	add(out, kind_of(word), name, str_from(text, word.n));
}

static void
read_spaced(struct directives *out, struct str comment, struct str text)
{
	struct str word = first_word(text);
	struct str name = {comment.p, (size_t)(word.p + word.n - comment.p)};

	/* Prose may name heapwarden too. */
	if (kind_of(word) != DIRECTIVE_UNKNOWN)
		add(out, DIRECTIVE_SPACED, name, str_from(text, word.n));
}

/* "gcassert:bce,inline"; what is not of the heap is not ours. */
static void
read_gcassert(struct directives *out, struct str comment, struct str text)
{
	struct str words = first_word(text), word;
	struct str name = {comment.p, (size_t)(words.p + words.n - comment.p)};

	while (str_next(&word, &words, ',')) {
		enum directive_kind kind = kind_of(word);
		if (kind == DIRECTIVE_NOESCAPE || kind == DIRECTIVE_INLINE)
			add(out, kind, name, STR(""))->signature = kind == DIRECTIVE_NOESCAPE;
	}
}

/* "+checkescape" and "+checkescape:heap,stack": those that mean allocations (gVisor's
 * tools/checkescape). */
static void
read_checkescape(struct directives *out, struct str comment, struct str text)
{
	static const char *const meant[] = {"heap", "builtin", "local", "all", "hard"};
	struct str words = first_word(text), word;
	struct str name = {comment.p, (size_t)(words.p + words.n - comment.p)};
	bool heap = words.n == 0;

	if (words.n && words.p[0] != ':')
		return;
	words = str_from(words, 1);
	while (str_next(&word, &words, ','))
		for (size_t i = 0; i < sizeof meant / sizeof *meant; i++)
			heap = heap || str_eq(word, str_of(meant[i]));
	if (heap)
		add(out, DIRECTIVE_NOESCAPE, name, STR(""));
}

static void
read_exempt(struct directives *out, struct str comment, struct str text)
{
	(void)comment;
	add(out, DIRECTIVE_EXEMPT, STR("escapes:"), text);
}

/* How the comments begin. */
static const struct {
	const char *begins;
	size_t skip; /* what of it is not part of the name */
	void (*read)(struct directives *out, struct str comment, struct str text);
} forms[] = {
	{"//heapwarden:", 2, read_own},
	{"// heapwarden:", 3, read_spaced},
	{"//gcassert:", 2, read_gcassert},
	{"// gcassert:", 3, read_gcassert},
	{"// +checkescape", 3, read_checkescape},
	{"// escapes:", 3, read_exempt},
};

static void
read_comment(struct directives *out, struct str comment, int line)
{
	size_t before = out->count;

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (str_starts(comment, str_of(forms[i].begins)))
			forms[i].read(out, str_from(comment, forms[i].skip),
				str_from(comment, strlen(forms[i].begins)));
	for (size_t i = before; i < out->count; i++)
		out->all[i].line = line;
}

/* ---- which lines they are for ---- */

struct reading {
	struct directives *out;
	int line;             /* where the reading is */
	int code;             /* the line on which the last token ended; 0: none yet */
	size_t waiting;       /* from this one on they are for the code that follows */
	size_t opened, above; /* [opened, above) are for the declaration that is being read */
	struct token before;
	int depth;
};

static int
count_lines(struct str text)
{
	int lines = 0;

	for (size_t i = 0; i < text.n; i++)
		lines += text.p[i] == '\n';
	return lines;
}

static void
take_line_comment(struct reading *reading, struct str comment)
{
	struct directives *out = reading->out;
	size_t from = out->count;
	bool alone = reading->line != reading->code;

	read_comment(out, comment, reading->line);
	if (alone)
		return;
	for (size_t i = from; i < out->count; i++)
		out->all[i].first = out->all[i].last = reading->line;
	reading->waiting = out->count;
}

/* The length of the comment at the front of the text, without the newline that ends it; 0: it is
 * none. */
static size_t
comment_length(struct str text)
{
	bool line = str_starts(text, STR("//"));
	const char *end;

	if (!line && !str_starts(text, STR("/*")))
		return 0;
	end = line ? memchr(text.p, '\n', text.n) : memmem(text.p + 2, text.n - 2, "*/", 2);
	if (!end)
		return text.n;
	return (size_t)(end - text.p) + (line ? 0 : 2);
}

/* What is between two tokens. */
static void
read_gap(struct reading *reading, struct str gap)
{
	bool empty = reading->line != reading->code;

	while (gap.n) {
		size_t n = comment_length(gap);
		struct str comment = {gap.p, n};
		if (n == 0) {
			bool newline = gap.p[0] == '\n';
			if (newline && empty)
				reading->waiting = reading->out->count;
			reading->line += newline;
			empty = newline || (empty && memchr(" \t\r", gap.p[0], 3));
			gap = str_from(gap, 1);
			continue;
		}
		empty = false;
		if (gap.p[1] == '/')
			take_line_comment(reading, comment);
		reading->line += count_lines(comment);
		gap = str_from(gap, n);
	}
}

/* Go puts a semicolon at the end of a line behind these. */
static bool
ends_statement(const struct token *token)
{
	if (token->kind == TOKEN_SIGN)
		return memchr(")]};", token->text.p[0], 4);
	return token->kind == TOKEN_NAME || token->kind == TOKEN_LITERAL;
}

static bool
begins_declaration(const struct reading *reading, const struct token *token)
{
	static const char *const keywords[] = {"func", "var", "const", "type", "import", "package"};

	if (reading->depth != 0 || token->kind != TOKEN_KEYWORD ||
		(reading->code && !ends_statement(&reading->before)))
		return false;
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
		if (str_eq(token->text, str_of(keywords[i])))
			return true;
	return false;
}

static void
close_declaration(struct reading *reading)
{
	for (size_t i = reading->opened; i < reading->above; i++)
		if (!reading->out->all[i].signature)
			reading->out->all[i].last = reading->code;
	reading->opened = reading->above = 0;
}

static void
take_token(struct reading *reading, const struct token *token)
{
	struct directives *out = reading->out;
	bool declaration = begins_declaration(reading, token);

	if (declaration) {
		close_declaration(reading);
		reading->opened = reading->waiting;
		reading->above = out->count;
	}
	for (size_t i = reading->waiting; i < out->count; i++) {
		out->all[i].first = out->all[i].last = reading->line;
		out->all[i].declaration = declaration;
	}
	reading->waiting = out->count;
	if (token->kind == TOKEN_SIGN) {
		reading->depth += memchr("([{", token->text.p[0], 3) != NULL;
		reading->depth -= memchr(")]}", token->text.p[0], 3) != NULL;
	}
	reading->line += count_lines(token->text);
	reading->code = reading->line;
	reading->before = *token;
}

void
directives_find(struct directives *out, struct str text)
{
	struct reading reading = {.out = out, .line = 1};
	struct str rest = text;
	struct token token;

	*out = (struct directives){0};
	if (!may_have_some(text))
		return;
	for (;;) {
		const char *from = rest.p;
		bool more = token_next(&token, &rest);
		const char *to = more ? token.text.p : text.p + text.n;
		read_gap(&reading, (struct str){from, (size_t)(to - from)});
		if (!more)
			break;
		take_token(&reading, &token);
	}
	close_declaration(&reading);
}

void
directives_release(struct directives *directives)
{
	free(directives->all);
	*directives = (struct directives){0};
}
