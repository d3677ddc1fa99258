#include "src/cause_internal.h"

#include <string.h>

#include "src/base/cleanup.h"
#include "src/leaks.h"

void
cause_collect_leaks(struct search *search)
{
	CLEANUP(intern_release) struct intern before = {.arena = &search->scratch};
	const struct snapshot *head = search->comparison->head_snapshot;

	leaks_index(&before, search->comparison->base_snapshot);
	for (size_t i = 0; i < head->leak_count; i++) {
		const struct leak *leak = &head->leaks[i];
		bool known, worse = leaks_is_worse(&before, head, leak, &known);
		/* A parameter may have got another name. */
		if (known ? worse
			  : leak->kind != LEAK_NONE && functions_find(&search->base, leak->package,
							       leak->function, NULL) != NULL)
			index_add(&search->worse, cause_word_key(cause_last_word(leak->function)),
				leak);
	}
	index_sort(&search->worse);
}

/* "a.S.Put" of "(*a.S).Put(s, &x)", "a.Map" of "a.Map[go.shape.int](&x)": what is called, up to the
 * name, as functions are named in facts; empty where it has none. */
static struct str
plain_callee(const char *call, struct str name, struct buf *out)
{
	const char *end = name.n ? name.p + name.n : call;
	int depth = 0;

	for (const char *p = call; p < end; p++) {
		depth += *p == '[';
		if (depth == 0 && !strchr("(*)", *p))
			buf_add_char(out, *p);
		depth -= *p == ']';
	}
	return buf_str(out);
}

/* Whether the text in front is the package's name and a dot; nothing, in the package itself. */
static bool
is_qualifier(const struct search *search, struct str text, const char *of, const char *in)
{
	const struct package *package = snapshot_package(search->comparison->head_snapshot, of);
	const char *slash = strrchr(of, '/');
	struct str name = str_of(package && package->name ? package->name : slash ? slash + 1 : of);

	if (strcmp(of, in) == 0)
		return text.n == 0;
	return text.n == name.n + 1 && text.p[name.n] == '.' && str_starts(text, name);
}

/* The parameter that leaks now, of the function that is called so in the package. */
static const struct leak *
find_worse(const struct search *search, struct str callee, const char *package)
{
	size_t word = callee.n;

	while (word > 0 && callee.p[word - 1] != '.')
		word--;
	uint64_t key = cause_word_key(str_from(callee, word));
	const struct index_entry *entry = index_find(&search->worse, key);

	for (; callee.n && index_has(&search->worse, entry, key); entry++) {
		const struct leak *leak = entry->of;
		struct str function = str_of(leak->function);
		if (str_ends(callee, function) &&
			is_qualifier(search, (struct str){callee.p, callee.n - function.n},
				leak->package, package))
			return leak;
	}
	return NULL;
}

/* Of the function that is handed it as a parameter. */
static const struct leak *
find_worse_called(const struct search *search, const char *call, const char *package)
{
	CLEANUP(buf_release) struct buf callee = {0};

	return find_worse(search, plain_callee(call, cause_called_name(call), &callee), package);
}

/* Of the functions that were inlined at the position: a flow through one of them has its steps
 * there. */
static const struct leak *
find_worse_inlined(const struct search *search, const struct position *at, const char *package)
{
	size_t count;
	const struct inlined_call *calls =
		snapshot_calls_at(search->comparison->head_snapshot, at, &count);

	for (size_t i = 0; at->file && i < count; i++) {
		const struct leak *leak = find_worse(search, str_of(calls[i].function), package);
		if (leak)
			return leak;
	}
	return NULL;
}

static const struct leak *
worse_callee(const struct search *search, const struct flow_step *flow, size_t count,
	const char *package)
{
	for (size_t i = 0; i < count; i++) {
		bool call = strcmp(flow[i].via, "call parameter") == 0;
		const struct leak *leak = call ? find_worse_called(search, flow[i].from, package)
					       : find_worse_inlined(search, &flow[i].at, package);
		if (leak)
			return leak;
	}
	return NULL;
}

/* Where it began: the function whose own lines make the parameter leak. */
static const struct leak *
follow(const struct search *search, const struct leak *leak, const struct flow_step **changed)
{
	for (int i = 0; i < CAUSE_MOST_STEPS; i++) {
		*changed = cause_changed_step(search, leak->flow, leak->flow_count);
		if (*changed)
			return leak;
		const struct leak *next =
			worse_callee(search, leak->flow, leak->flow_count, leak->package);
		if (!next || next == leak)
			return leak;
		leak = next;
	}
	return leak;
}

/* What a function does with its parameter now, in words around the parameter's name. */
static const char *
describe(const struct search *search, const struct leak *leak)
{
	static const struct {
		const char *before, *behind;
	} words[] = {
		[LEAK_NONE] = {"", ""}, /* is never worse */
		[LEAK_CONTENT] = {"what its parameter ", " points to get to the heap"},
		[LEAK_RESULT] = {"its parameter ", ", or what that points to, get to a result"},
		[LEAK_HEAP] = {"its parameter ", " get to the heap"},
	};
	bool literal = leaks_is_of_literal(search->comparison->head_snapshot, leak);

	return arena_printf(&search->comparison->arena, "%s%s lets %s%s%s now",
		literal ? "a function literal in " : "", leak->function, words[leak->kind].before,
		leak->parameter, words[leak->kind].behind);
}

static bool
is_worse_leak(struct cause *out, const struct search *search, const struct escape *escape)
{
	const struct flow_step *changed = NULL;
	const struct leak *leak =
		worse_callee(search, escape->flow, escape->flow_count, escape->package);

	if (!leak)
		return false;
	leak = follow(search, leak, &changed);
	*out = (struct cause){
		.kind = CAUSE_CALLEE_LEAKS,
		.text = describe(search, leak),
		.at = changed ? changed->at : leak->at,
		.function = leak->function,
	};
	return true;
}

/* Of the parameters of generic functions nothing is printed: one that was changed may be it. */
static bool
is_changed_generic(struct cause *out, const struct search *search, const struct flow_step *step)
{
	CLEANUP(buf_release) struct buf text = {0};
	struct str name = cause_called_name(step->from);
	struct str callee = plain_callee(step->from, name, &text);
	uint64_t key = cause_word_key(name);
	const struct index_entry *entry = index_find(&search->by_word, key);

	for (; index_has(&search->by_word, entry, key); entry++) {
		const struct inlining *function = entry->of;
		if (!strchr(function->name, '[') || !str_ends(callee, str_of(function->function)) ||
			!cause_change_of(&out->at, search, function))
			continue;
		out->kind = CAUSE_CALLEE_LEAKS;
		out->function = function->function;
		out->text = arena_printf(&search->comparison->arena,
			"%s, which it is handed to, was changed", function->function);
		return true;
	}
	return false;
}

bool
cause_is_leak(struct cause *out, const struct search *search, const struct escape *escape)
{
	if (is_worse_leak(out, search, escape))
		return true;
	*out = (struct cause){0};
	for (size_t i = 0; i < escape->flow_count; i++)
		if (strcmp(escape->flow[i].via, "call parameter") == 0 &&
			is_changed_generic(out, search, &escape->flow[i]))
			return true;
	return false;
}
