#include "parsers/function.h"

#include <ctype.h>

#include "src/base/cleanup.h"

/* The symbol without generic arguments and pointer receivers: "List.Push.func1". It is in the
 * buffer, or, where nothing had to be taken out, the symbol itself. */
static struct str
strip_brackets(struct buf *out, struct str symbol)
{
	int depth = 0;
	bool quoted = false;

	if (symbol.n == 0 || (!memchr(symbol.p, '[', symbol.n) && !memchr(symbol.p, '(', symbol.n)))
		return symbol;
	out->p = array_grow(out->p, &out->capacity, symbol.n + 1, 1);
	for (size_t i = 0; i < symbol.n; i++) {
		char c = symbol.p[i];
		if (quoted) {
			i += c == '\\';
			quoted = c != '"';
		} else if (depth > 0 && c == '"') {
			quoted = true;
		} else if (c == '[') {
			depth++;
		} else if (c == ']') {
			depth -= depth > 0;
		} else if (depth == 0 && c != '(' && c != ')' && c != '*') {
			out->p[out->n++] = c;
		}
	}
	return buf_str(out);
}

static bool
is_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!isdigit((unsigned char)s.p[i]))
			return false;
	return s.n > 0;
}

/* A part of a symbol that the compiler made up: func1, gowrap2, deferwrap1, 3. */
static bool
is_closure_part(struct str part)
{
	static const struct str prefixes[] = {
		{"func", 4},
		{"gowrap", 6},
		{"deferwrap", 9},
		{"dwrap", 5},
		{"init", 4},
	};

	if (is_digits(part))
		return true;
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (str_starts(part, prefixes[i]) && is_digits(str_from(part, prefixes[i].n)))
			return true;
	return false;
}

/* Cut what the compiler appends with a hyphen, which no Go name has: "-fm" (method value),
 * "-range1" (body of a range over a function). */
static struct str
without_suffix(struct str part)
{
	const char *hyphen = memchr(part.p, '-', part.n);

	return hyphen ? (struct str){part.p, (size_t)(hyphen - part.p)} : part;
}

static bool
is_package_level(struct str name)
{
	return str_eq(name, STR("init")) || str_starts(name, STR("init.func")) ||
	       str_starts(name, STR("glob..func")) || str_starts(name, STR("map.init"));
}

const char *
function_normalise(struct str symbol, struct arena *arena)
{
	CLEANUP(buf_release) struct buf plain = {0};
	struct str first, second;

	struct str rest = strip_brackets(&plain, symbol);
	if (is_package_level(rest))
		return "";
	if (!str_next(&first, &rest, '.'))
		return "";
	first = without_suffix(first);
	if (!str_next(&second, &rest, '.'))
		return arena_str(arena, first);
	second = without_suffix(second);
	/* Three parts of source: the first is the package that a foreign method comes from. */
	struct str third;
	if (str_next(&third, &rest, '.') && !is_closure_part(third) && !is_closure_part(second) &&
		!str_eq(first, second))
		return arena_printf(
			arena, "%.*s.%.*s", STR_ARG(second), STR_ARG(without_suffix(third)));
	/* A closure that was inlined into its own function is called F.F.func1 (Go 1.21). */
	if (second.n == 0 || is_closure_part(second) || str_eq(first, second))
		return arena_str(arena, first);
	return arena_printf(arena, "%.*s.%.*s", STR_ARG(first), STR_ARG(second));
}

bool
function_is_declaration(struct str symbol)
{
	CLEANUP(buf_release) struct buf plain = {0};
	struct str part;

	struct str name = strip_brackets(&plain, symbol), rest = name;
	/* Closures of package-level variables count: they are the only positions known of those. */
	if (str_starts(rest, STR("init.")) || str_starts(rest, STR("glob..func")))
		return true;
	for (bool first = true; str_next(&part, &rest, '.'); first = false)
		if (!first && is_closure_part(part))
			return false;
	return memchr(name.p, '-', name.n) == NULL;
}
