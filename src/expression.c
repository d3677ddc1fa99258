#include "src/expression.h"

#include <ctype.h>

#include "src/base/cleanup.h"
#include "src/tokens.h"

static size_t
name_length(const char *text)
{
	size_t n = 0;

	while (token_is_name(text[n]))
		n++;
	return n;
}

static bool
starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* The length up to the bracket that closes the one at the front; strings are passed over. */
static size_t
brackets_length(const char *text)
{
	int depth = 0;
	bool quoted = false;

	for (size_t i = 0; text[i]; i++) {
		if (quoted && text[i] == '\\' && text[i + 1])
			i++;
		else if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted && strchr("([{", text[i]))
			depth++;
		else if (!quoted && strchr(")]}", text[i]) && --depth == 0)
			return i + 1;
	}
	return strlen(text);
}

/* "example.com/yaml%2ev3": a name, or a package's path; what is behind its last dot comes next. */
static size_t
path_length(const char *text)
{
	size_t n = name_length(text);

	while (n && text[n] && strchr("/-%~+@", text[n]) && token_is_name(text[n + 1]))
		n += 1 + name_length(text + n + 1);
	return n;
}

/* The words in front of the rest of a type. */
static size_t
prefix_length(const char *text)
{
	static const char *const prefixes[] = {"*", "chan<- ", "<-chan ", "chan "};

	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (starts(text, prefixes[i]))
			return strlen(prefixes[i]);
	if (*text == '[')
		return brackets_length(text);
	return starts(text, "map[") ? 3 + brackets_length(text + 3) : 0;
}

/* What ends in brackets of its own; behind a function there may be its result. */
static size_t
braced_length(const char *text, bool *has_result)
{
	static const char *const words[] = {"struct {", "interface {", "func(", "("};
	size_t n = 0;

	for (size_t i = 0; n == 0 && i < sizeof words / sizeof *words; i++)
		if (starts(text, words[i]))
			n = strlen(words[i]) - 1 + brackets_length(text + strlen(words[i]) - 1);
	*has_result = starts(text, "func(") && text[n] == ' ' &&
		      (token_is_name(text[n + 1]) || (text[n + 1] && strchr("*[(<", text[n + 1])));
	return n;
}

/* The length of a type: "*[]map[string]int", "go.shape.struct { A int }", "func(int) string",
 * "chan<- int". */
static size_t
type_length(const char *text)
{
	size_t i = 0, n;
	bool has_result;

	for (;;) {
		if ((n = prefix_length(text + i)) > 0) {
			i += n;
		} else if ((n = braced_length(text + i, &has_result)) > 0) {
			i += n;
			if (!has_result)
				return i;
			i++;
		} else {
			n = path_length(text + i);
			i += n;
			if (n == 0 || text[i] != '.')
				return i + (n && text[i] == '[' ? brackets_length(text + i) : 0);
			i++;
		}
	}
}

/* The length of "go.shape.struct { A int }"; in Go 1.19 the number of the type parameter is behind
 * it: "go.shape.struct { A int }_0". */
static size_t
shape_length(const char *text)
{
	size_t n = type_length(text);

	return text[n] == '_' ? n + 1 + strspn(text + n + 1, "0123456789") : n;
}

/* "(*[12]uintptr)(.dict[3])", "(*[12]uintptr)(list..dict[3])": a dictionary of a generic instance,
 * whose number depends on all others of the package. */
static size_t
dictionary_length(const char *text)
{
	if (!starts(text, "(*["))
		return 0;
	size_t n = 3 + strspn(text + 3, "0123456789");
	if (!starts(text + n, "]uintptr)("))
		return 0;
	n += strlen("]uintptr)");
	size_t whole = brackets_length(text + n);
	return memmem(text + n, whole, ".dict[", 6) ? n + whole : 0;
}

/* What a text of the compiler's is replaced by, wherever it is. */
static const struct {
	const char *text, *by;
} replaced[] = {
	{"interface {}", "any"},
};

/* The length of something that is replaced, and by what. */
static size_t
replaced_length(const char *text, const char **by)
{
	size_t n;

	*by = "";
	for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++)
		if (starts(text, replaced[i].text)) {
			*by = replaced[i].by;
			return strlen(replaced[i].text);
		}
	if (starts(text, "[go.shape."))
		return brackets_length(text);
	if (starts(text, "go.shape.")) {
		*by = "T";
		return shape_length(text);
	}
	if (starts(text, ".autotmp_")) {
		*by = ".autotmp";
		return 9 + strspn(text + 9, "0123456789");
	}
	if (starts(text, "\xc2\xb7")) /* T·2: the second local type of that name */
		return 2 + strspn(text + 2, "0123456789");
	n = dictionary_length(text);
	if (n)
		*by = ".dict";
	return n;
}

/* The length of a string or rune constant; up to the end where it was cut. */
static size_t
constant_length(const char *text)
{
	char quote = text[0];

	for (size_t i = 1; text[i]; i++) {
		if (text[i] == '\\' && quote != '`' && text[i + 1])
			i++;
		else if (text[i] == quote)
			return i + 1;
	}
	return strlen(text);
}

static bool
is_quote(char c)
{
	return c == '"' || c == '`' || c == '\'';
}

/* A name that stands before a dot and is not selected itself. */
static bool
is_qualifier(const char *text, size_t at, size_t n)
{
	return n && text[at + n] == '.' &&
	       (token_is_name(text[at + n + 1]) || text[at + n + 1] == '.') &&
	       (at == 0 || (text[at - 1] != '.' && text[at - 1] != '~'));
}

const char *
expression_plain(const char *expression, const char *own, struct arena *arena)
{
	CLEANUP(buf_release) struct buf out = {0};
	size_t own_length = own ? strlen(own) : 0;

	/* Nothing of all that is in most of them. */
	if (!strpbrk(expression, ".\xc2{"))
		return expression;
	for (size_t i = 0; expression[i];) {
		const char *by;
		size_t n = is_quote(expression[i]) ? constant_length(expression + i) : 0;
		if (n) {
			buf_add(&out, (struct str){expression + i, n});
			i += n;
			continue;
		}
		n = replaced_length(expression + i, &by);
		if (n) {
			buf_add(&out, str_of(by));
			i += n;
			continue;
		}
		n = name_length(expression + i);
		if (n && n == own_length && is_qualifier(expression, i, n) &&
			memcmp(expression + i, own, n) == 0) {
			i += n + 1;
			continue;
		}
		/* The middle dot is no part of a name here. */
		for (size_t j = 1; j < n; j++)
			if (starts(expression + i + j, "\xc2\xb7"))
				n = j;
		buf_add(&out, (struct str){expression + i, n ? n : 1});
		i += n ? n : 1;
	}
	bool same = out.n == strlen(expression) && memcmp(out.p, expression, out.n) == 0;
	return same ? expression : arena_str(arena, buf_str(&out));
}

const char *
expression_unqualified(const char *expression, struct arena *arena)
{
	CLEANUP(buf_release) struct buf out = {0};

	if (!strchr(expression, '.'))
		return expression;
	for (size_t i = 0; expression[i];) {
		size_t n = name_length(expression + i);
		size_t next = i + (n ? n : 1);
		if (n && expression[next] == '.' && token_is_name(expression[next + 1]))
			next++;
		else
			buf_add(&out, (struct str){expression + i, next - i});
		i = next;
	}
	return arena_str(arena, buf_str(&out));
}

const char *
expression_worded(const char *expression, struct arena *arena)
{
	CLEANUP(buf_release) struct buf out = {0};
	const char *text = expression_unqualified(expression, arena);

	if (!strpbrk(text, "\"`'~") && !strstr(text, "append("))
		return text;
	for (size_t i = 0; text[i];) {
		size_t n = 1;
		if (is_quote(text[i])) {
			n = constant_length(text + i);
			buf_add(&out, STR("\"\""));
		} else if (starts(text + i, "append(") && (i == 0 || !token_is_name(text[i - 1]))) {
			n = 6 + brackets_length(text + i + 6);
			buf_add(&out, STR("append"));
		} else if (starts(text + i, "~r") || starts(text + i, "~b")) {
			n = 2 + strspn(text + i + 2, "0123456789");
			buf_add(&out, STR("~r"));
		} else {
			buf_add_char(&out, text[i]);
		}
		i += n;
	}
	return arena_str(arena, buf_str(&out));
}

const char *
expression_renamed(
	const char *expression, const struct package_name *names, size_t count, struct arena *arena)
{
	CLEANUP(buf_release) struct buf out = {0};

	if (count == 0)
		return expression;
	for (size_t i = 0; expression[i];) {
		size_t n = is_quote(expression[i]) ? constant_length(expression + i)
						   : name_length(expression + i);
		struct str part = {expression + i, n ? n : 1};
		i += part.n;
		for (size_t k = 0; is_qualifier(expression, i - part.n, n) && k < count; k++)
			if (str_eq(part, str_of(names[k].base))) {
				part = str_of(names[k].head);
				break;
			}
		buf_add(&out, part);
	}
	return arena_str(arena, buf_str(&out));
}

/* How many bytes at the front name a type, which stays as it is. */
static size_t
fixed_length(const char *expression)
{
	static const char *const whole[] = {"&", "new(", "[]", "map[", "func ", "... "};
	static const char *const calls[] = {"append(", "string(", "len(", "cap("};

	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
		if (starts(expression, whole[i]))
			return strlen(expression);
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (starts(expression, calls[i]))
			return strlen(calls[i]);
	if (starts(expression, "make("))
		return 5 + type_length(expression + 5);
	return starts(expression, "([]") ? brackets_length(expression) : 0;
}

/* How many bytes at the front are all of a "make(T, n)" but its size; else 0. */
static size_t
made_length(const char *expression)
{
	bool whole = starts(expression, "make(") &&
		     expression[4 + brackets_length(expression + 4)] == '\0';

	return whole ? fixed_length(expression) : 0;
}

/* "T{", "pkg.T{": a composite literal. */
static size_t
literal_type_length(const char *text)
{
	size_t n = name_length(text);

	if (n && text[n] == '.')
		n += 1 + name_length(text + n + 1);
	return n && text[n] == '{' ? n : 0;
}

/* "x", "x.y.z": a variable and a field of one are the same. */
static size_t
selector_length(const char *text)
{
	size_t n = name_length(text);

	while (n && text[n] == '.' && name_length(text + n + 1))
		n += 1 + name_length(text + n + 1);
	return n;
}

const char *
expression_shape(const char *expression, struct arena *arena)
{
	CLEANUP(buf_release) struct buf out = {0};
	size_t i = fixed_length(expression), made = made_length(expression);

	if (made)
		return arena_str(arena, (struct str){expression, made});
	buf_add(&out, (struct str){expression, i});
	while (expression[i]) {
		const char *text = expression + i;
		size_t n = literal_type_length(text);
		if (n == 0 && is_quote(*text))
			n = constant_length(text);
		if (n) {
			buf_add(&out, (struct str){text, n});
		} else if (!isdigit((unsigned char)*text) && (n = selector_length(text)) > 0) {
			buf_add_char(&out, 'x');
		} else {
			n = name_length(text) ? name_length(text) : 1;
			buf_add(&out, (struct str){text, n});
		}
		i += n;
	}
	return arena_str(arena, buf_str(&out));
}
