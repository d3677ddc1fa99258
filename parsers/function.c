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

/* Cut what the compiler appends with a hyphen, which no Go name has outside of brackets: "-fm"
 * (method value), "-range1" (body of a range over a function). */
static struct str
without_suffix(struct str component)
{
	for (size_t i = component.n; i > 0; i--) {
		if (memchr(")]}", component.p[i - 1], 3))
			return component;
		if (component.p[i - 1] == '-')
			return (struct str){component.p, i - 1};
	}
	return component;
}

static bool
is_package_level(struct str name)
{
	return str_eq(name, STR("init")) || str_starts(name, STR("init.func")) ||
	       str_starts(name, STR("glob..func")) || str_starts(name, STR("map.init"));
}

/* A symbol taken apart: the names that are declared in the source, the last two of them, and
 * whether something that the compiler made follows. */
struct parts {
	struct str before, last; /* `before` is empty where there is none right before */
	bool receiver;           /* `before` is one for sure: "(*T)" */
	bool literal;            /* a function literal, or the body of a range, of `last` */
};

/* The component at the front, with its brackets; *rest is what follows its dot. */
static struct str
next_component(struct str *rest)
{
	struct str component = {rest->p, 0};
	int depth = 0;
	bool quoted = false;

	for (; component.n < rest->n; component.n++) {
		char c = rest->p[component.n];
		if (quoted) {
			component.n += c == '\\' && component.n + 1 < rest->n;
			quoted = c != '"';
		} else if (c == '"' && depth > 0) {
			quoted = true;
		} else if (c == '(' || c == '[' || c == '{') {
			depth++;
		} else if (c == ')' || c == ']' || c == '}') {
			depth -= depth > 0;
		} else if (c == '.' && depth == 0) {
			break;
		}
	}
	*rest = str_from(*rest, component.n + 1);
	return component;
}

static struct parts
take_apart(struct str symbol)
{
	struct parts parts = {0};

	while (symbol.n) {
		struct str component = next_component(&symbol), name = without_suffix(component);
		/* "type..eq.T": made by the compiler, from there on. */
		if (component.n == 0)
			break;
		if (is_closure_part(name)) {
			parts.literal = true;
			continue;
		}
		parts.before = parts.literal ? (struct str){"", 0} : parts.last;
		parts.receiver = parts.before.n && parts.before.p[0] == '(';
		parts.last = name;
		parts.literal = name.n < component.n && !str_ends(component, STR("-fm"));
	}
	return parts;
}

const char *
function_normalise(struct str symbol, struct arena *arena)
{
	CLEANUP(buf_release) struct buf plain = {0};
	CLEANUP(buf_release) struct buf before = {0};
	CLEANUP(buf_release) struct buf last = {0};
	struct parts parts = take_apart(symbol);

	if (is_package_level(strip_brackets(&plain, symbol)))
		return "";
	struct str name = strip_brackets(&last, parts.last);
	struct str type = strip_brackets(&before, parts.before);
	/* A method has no type parameters of its own: what is before its brackets is a package.
	 * A literal that was copied into the function that it is in is called F.F.func1 (Go 1.21).
	 */
	if (type.n == 0 || str_eq(type, STR("init")) || memchr(parts.last.p, '[', parts.last.n) ||
		(parts.literal && !parts.receiver && str_eq(type, name)))
		return arena_str(arena, name);
	return arena_printf(arena, "%.*s.%.*s", STR_ARG(type), STR_ARG(name));
}

const char *
function_foreign(struct str symbol, struct arena *arena)
{
	struct str rest = symbol, first = next_component(&rest);
	bool copied = take_apart(symbol).literal && take_apart(rest).last.n;

	if (!copied || memchr(first.p, '(', first.n) || memchr(first.p, '[', first.n))
		return function_normalise(symbol, arena);
	return function_normalise(rest, arena);
}

bool
function_can_be(struct str symbol, const char *function)
{
	CLEANUP(buf_release) struct buf last = {0};
	struct parts parts = take_apart(symbol);
	struct str name = strip_brackets(&last, parts.last), other = str_of(function);
	const char *dot = strrchr(function, '.');

	if (!parts.literal || parts.receiver || parts.before.n == 0)
		return false;
	return str_eq(dot ? str_from(other, (size_t)(dot - function) + 1) : other, name);
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
