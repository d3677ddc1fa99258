#include "parsers/classify.h"

#include <ctype.h>

/* The length of the string literal at the front; 0 when there is none. From Go 1.22 on, one that
 * was cut ends in "..." without its quote. */
static size_t
string_literal(struct str text)
{
	char quote = text.n ? text.p[0] : '\0';

	if (quote != '"' && quote != '`' && quote != '\'')
		return 0;
	for (size_t i = 1; i < text.n; i++) {
		if (text.p[i] == '\\' && quote != '`')
			i++;
		else if (text.p[i] == quote)
			return i + 1;
	}
	return str_ends(text, STR("...")) ? text.n : 0;
}

static bool
is_number(struct str text)
{
	size_t i = text.n && (text.p[0] == '-' || text.p[0] == '+');

	if (i >= text.n || !isdigit((unsigned char)text.p[i]))
		return false;
	for (; i < text.n; i++)
		if (!isalnum((unsigned char)text.p[i]) && !memchr(".+-_", text.p[i], 4))
			return false;
	return true;
}

/* "(1 + 2i)" */
static bool
is_complex(struct str text)
{
	const char *plus = memmem(text.p, text.n, " + ", 3);

	if (!plus || !str_starts(text, STR("(")) || !str_ends(text, STR("i)")))
		return false;
	size_t at = (size_t)(plus - text.p);
	return is_number((struct str){text.p + 1, at - 1}) &&
	       is_number((struct str){plus + 3, text.n - at - 4});
}

/* The X of "T(X)" where T is a name; else an empty text. */
static struct str
converted(struct str text)
{
	size_t i = 0;

	while (i < text.n &&
		(isalnum((unsigned char)text.p[i]) || text.p[i] == '_' || text.p[i] == '.'))
		i++;
	if (i == 0 || i >= text.n || text.p[i] != '(' || text.p[text.n - 1] != ')')
		return (struct str){"", 0};
	return (struct str){text.p + i + 1, text.n - i - 2};
}

bool
classify_is_constant(struct str expression)
{
	for (struct str inner = expression; inner.n; inner = converted(inner)) {
		size_t literal = string_literal(inner);
		if (literal)
			return literal == inner.n;
		if (is_number(inner) || is_complex(inner) || str_eq(inner, STR("true")) ||
			str_eq(inner, STR("false")))
			return true;
	}
	return false;
}

/* What stands behind the last comma that is in no brackets but those of the call, and in no string.
 */
static struct str
last_argument(struct str call)
{
	size_t from = 0;
	int depth = 0;
	bool closed = true; /* no literal so far lacks its end: else no later one is looked for */

	for (size_t i = 0; i < call.n; i++) {
		bool quote = memchr("\"'`", call.p[i], 3) != NULL;
		size_t literal = quote && closed ? string_literal(str_from(call, i)) : 0;
		if (literal) {
			i += literal - 1;
			continue;
		}
		closed = closed && !quote;
		if (memchr("([{", call.p[i], 3))
			depth++;
		else if (memchr(")]}", call.p[i], 3))
			depth--;
		else if (call.p[i] == ',' && depth == 1)
			from = i + 1;
	}
	struct str argument = str_from(call, from);
	if (str_starts(argument, STR(" ")))
		argument = str_from(argument, 1);
	argument.n -= str_ends(argument, STR(")"));
	return argument;
}

bool
classify_has_known_size(struct str make)
{
	static const char *const types[] = {"int", "int8", "int16", "int32", "int64", "uint",
		"uint8", "uint16", "uint32", "uint64", "uintptr", "byte", "rune"};
	struct str size = last_argument(make), inner = converted(size);

	if (inner.n == 0)
		return str_int(size) >= 0;
	struct str type = {size.p, (size_t)(inner.p - size.p) - 1};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (str_eq(type, str_of(types[i])))
			return str_int(inner) >= 0;
	return false;
}

/* A sum, or a concatenation of strings: the compiler's text does not tell which. */
static bool
is_sum(struct str expression)
{
	return memmem(expression.p, expression.n, " + ", 3) && !classify_is_constant(expression);
}

bool
classify_is_boxed(struct str expression)
{
	/* Beginnings of expressions that allocate themselves, as cmd/compile/internal/ir/fmt.go
	 * prints them. */
	static const struct str allocating[] = {
		{"&", 1},
		{"make(", 5},
		{"new(", 4},
		{"append", 6},
		{"func literal", 12},
		{"... argument", 12},
		{"[]", 2},
		{"map[", 4},
		{"([]", 3},
		{"string(", 7},
	};

	for (size_t i = 0; i < sizeof allocating / sizeof *allocating; i++)
		if (str_starts(expression, allocating[i]))
			return false;
	return !is_sum(expression);
}

static bool
passes(const struct flow_step *flow, size_t count, const char *via)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(flow[i].via, via) == 0)
			return true;
	return false;
}

/* Reasons that one note of the flow decides, wherever it stands. */
static const struct {
	const char *via;
	enum reason reason;
} decisive[] = {
	{"too large for stack", REASON_TOO_LARGE},
	{"too aligned for stack", REASON_TOO_LARGE},
	{"non-constant size", REASON_UNKNOWN_SIZE},
	{"zero-sized element", REASON_UNKNOWN_SIZE},
};

/* Where the flow ends, when it is none of the many ways to store. */
static const struct {
	const char *via;
	enum reason reason;
} ends[] = {
	{"return", REASON_RETURNED},
	{"send", REASON_SENT},
	{"call parameter", REASON_CALL},
};

static enum reason
reason_of_end(const struct flow_step *flow, size_t count)
{
	if (count == 0)
		return REASON_UNKNOWN;
	const struct flow_step *last = &flow[count - 1];
	/* append is printed as a call, but what it is given is stored in the slice. */
	if (strncmp(last->from, "append(", 7) == 0)
		return REASON_STORED;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (strcmp(last->via, ends[i].via) == 0)
			return ends[i].reason;
	return REASON_STORED;
}

bool
classify_is_empty(struct str expression, const struct flow_step *flow, size_t count)
{
	static const struct str empty[] = {
		{"make([]struct {},", 17},
		{"new(struct {})", 14},
		{"&struct {}{}", 12},
		{"struct {}{}", 11},
		{"make([]go.shape.struct {},", 26},
		{"new(go.shape.struct {})", 23},
	};

	/* Its header is put into the interface, and has a size. */
	if (str_starts(expression, STR("make(")) && passes(flow, count, "interface-converted"))
		return false;
	for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
		if (str_starts(expression, empty[i]))
			return true;
	return passes(flow, count, "zero-sized element");
}

enum reason
classify_reason(enum escape_kind kind, struct str expression, bool method_value,
	const struct flow_step *flow, size_t count)
{
	for (size_t i = 0; i < sizeof decisive / sizeof *decisive; i++)
		if (passes(flow, count, decisive[i].via))
			return decisive[i].reason;
	if (kind == ESCAPE_MOVED) {
		if (passes(flow, count, "captured by a closure"))
			return REASON_CLOSURE;
	} else if (str_starts(expression, STR("append"))) {
		return REASON_APPEND;
	} else if (str_eq(expression, STR("func literal"))) {
		/* The closure of a go statement, or of a defer in a loop, goes to the heap without
		 * a further step. */
		return count == 1 && strcmp(flow[0].via, "spill") == 0 ? REASON_GOROUTINE
								       : REASON_CLOSURE;
	} else if (method_value) {
		return REASON_CLOSURE;
	} else if (classify_is_boxed(expression)) {
		return REASON_INTERFACE;
	}
	enum reason reason = reason_of_end(flow, count);
	if (reason == REASON_CALL && passes(flow, count, "interface-converted"))
		return REASON_INTERFACE;
	return reason;
}
