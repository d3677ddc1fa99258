#include "src/cause_internal.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/base/hash.h"
#include "src/tokens.h"

static void
search_init(struct search *search)
{
	const struct snapshot *head = search->comparison->head_snapshot;

	functions_init(&search->base, search->comparison->base_snapshot);
	functions_init(&search->head, head);
	for (size_t i = 0; i < head->inlining_count; i++)
		if (head->inlinings[i].declaration)
			index_add(&search->by_word,
				cause_word_key(cause_last_word(head->inlinings[i].function)),
				&head->inlinings[i]);
	index_sort(&search->by_word);
	cause_collect_leaks(search);
}

static void
search_release(struct search *search)
{
	index_release(&search->worse);
	index_release(&search->by_word);
	index_release(&search->changed_names);
	functions_release(&search->base);
	functions_release(&search->head);
	arena_release(&search->scratch);
}

static bool
is_changed(const struct line_map *map, const struct position *at)
{
	return at->file && line_map_changed(map, at->file, at->line);
}

const struct flow_step *
cause_changed_step(const struct search *search, const struct flow_step *flow, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_changed(search->map, &flow[i].at))
			return &flow[i];
	return NULL;
}

struct str
cause_last_word(const char *function)
{
	const char *dot = strrchr(function, '.');

	return str_of(dot ? dot + 1 : function);
}

struct str
cause_called_name(const char *call)
{
	struct str rest = str_of(call), called = STR(""), word = STR("");
	struct token token;
	int depth = 0;

	while (token_next(&token, &rest)) {
		char sign = token.kind == TOKEN_SIGN ? token.text.p[0] : '\0';
		if (depth == 0 && sign == '(')
			called = word;
		/* Type arguments stand between the name and its parameters. */
		if (depth == 0 && sign != '[')
			word = token.kind == TOKEN_NAME ? token.text : STR("");
		depth += sign && strchr("([{", sign);
		depth -= depth && sign && strchr(")]}", sign);
	}
	return called;
}

uint64_t
cause_word_key(struct str word)
{
	return hash_bytes(word, 0);
}

/* The function that holds the escape. Functions with one name, such as init, are told apart by
 * where they are. */
static const struct inlining *
enclosing(const struct search *search, const struct escape *escape)
{
	const struct inlining *found = functions_around(&search->head, &escape->at);

	return found && strcmp(found->function, escape->function) == 0 ? found : NULL;
}

/* How a variable is used decides as well: one that a function literal assigns to is shared with it,
 * and the flow does not pass that line. */
static bool
is_changed_function(struct cause *out, const struct search *search, const struct escape *escape)
{
	const struct inlining *function = enclosing(search, escape);

	*out = (struct cause){
		.kind = CAUSE_CHANGED_FUNCTION,
		.text = "its own line is the same, and another line of its function was changed",
		.function = escape->function,
	};
	return function && cause_change_of(&out->at, search, function);
}

static const struct cause no_cause = {
	.kind = CAUSE_UNKNOWN,
	.text = "neither its line nor a line of its flow was changed, and no function that it is "
		"handed to says more: look at the called functions, at the dependencies and at the "
		"Go version",
};

static const char changed_flow[] =
	"a line that it passes on its way to the heap was added or changed";

static struct cause
find_cause(struct search *search, const struct finding *finding)
{
	const struct escape *escape = finding->escape;
	struct cause cause;

	if (finding->lost)
		return cause_of_lost(search, finding);
	if (is_changed(search->map, &escape->at))
		return (struct cause){.kind = CAUSE_CHANGED_LINE,
			.text = "its own line was added or changed",
			.at = escape->at,
			.function = escape->function};
	const struct flow_step *step = cause_changed_step(search, escape->flow, escape->flow_count);
	if (step)
		return (struct cause){.kind = CAUSE_CHANGED_FLOW,
			.text = changed_flow,
			.at = step->at,
			.function = escape->function};
	if (cause_is_newly_compiled(&cause, search, escape) ||
		cause_is_leak(&cause, search, escape) ||
		cause_is_not_inlined(&cause, search, escape) ||
		cause_is_module(&cause, search, escape) ||
		cause_is_changed_callee(&cause, search, escape) ||
		cause_is_declaration(&cause, search, escape) ||
		is_changed_function(&cause, search, escape) ||
		cause_is_elsewhere(&cause, search, escape))
		return cause;
	return no_cause;
}

/* ---- what is kept by something that escapes now ---- */

/* "func literal" of "{storage for func literal}". */
static struct str
storage_of(const char *to)
{
	static const char before[] = "{storage for ";
	struct str text = str_of(to);

	if (!str_starts(text, STR("{storage for ")) || !str_ends(text, STR("}")))
		return STR("");
	return (struct str){text.p + sizeof before - 1, text.n - sizeof before};
}

/* The new finding that the last step stores it in: of several, the last one before that. */
static const struct finding *
find_keeper(const struct index *by_function, const struct finding *kept)
{
	const struct escape *escape = kept->escape;
	const struct flow_step *last =
		escape->flow_count ? &escape->flow[escape->flow_count - 1] : NULL;
	struct str name = last ? storage_of(last->to) : STR("");
	uint64_t key = index_key(escape->package, escape->function);
	const struct index_entry *entry = index_find(by_function, key);
	const struct finding *found = NULL;

	for (; name.n && index_has(by_function, entry, key); entry++) {
		const struct escape *other = ((const struct finding *)entry->of)->escape;
		if (other != escape && str_eq(str_of(other->expression), name) &&
			(last->at.line == 0 || other->at.line <= last->at.line) &&
			(!found || other->at.line > found->escape->at.line))
			found = entry->of;
	}
	return found;
}

/* What a closure that escapes now shares with its function, escapes for the same cause. */
static void
take_over(const struct index *by_function, struct finding *finding)
{
	enum cause_kind kind = finding->cause.kind;
	const struct finding *keeper;

	if (kind == CAUSE_CHANGED_LINE || kind == CAUSE_CHANGED_FLOW || finding->lost)
		return;
	keeper = find_keeper(by_function, finding);
	if (!keeper || keeper->cause.kind == CAUSE_UNKNOWN)
		return;
	finding->cause = keeper->cause;
	if (finding->cause.kind == CAUSE_CHANGED_LINE) {
		finding->cause.kind = CAUSE_CHANGED_FLOW;
		finding->cause.text = changed_flow;
	}
}

static void
take_over_all(struct comparison *comparison)
{
	CLEANUP(index_release) struct index by_function = {0};

	for (size_t i = 0; i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		if (finding_is_new(finding))
			index_add(&by_function,
				index_key(finding->escape->package, finding->escape->function),
				finding);
	}
	index_sort(&by_function);
	for (size_t i = 0; i < comparison->finding_count; i++)
		if (finding_is_new(&comparison->findings[i]))
			take_over(&by_function, &comparison->findings[i]);
}

/* ---- what has one cause ---- */

static bool
is_shared(const struct finding *finding)
{
	enum cause_kind kind = finding->cause.kind;

	return finding_counts(finding) && kind != CAUSE_UNKNOWN && kind != CAUSE_CHANGED_LINE &&
	       kind != CAUSE_CHANGED_FUNCTION;
}

static int
compare_causes(const void *one, const void *two)
{
	const struct cause *const *a = one, *const *b = two;
	int order = (int)(*a)->kind - (int)(*b)->kind;

	if (order == 0)
		order = strcmp((*a)->text, (*b)->text);
	return order ? order : position_compare(&(*a)->at, &(*b)->at);
}

static int
compare_groups(const void *one, const void *two)
{
	const struct cause_group *a = one, *b = two;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return compare_causes(
		&(const struct cause *){&a->cause}, &(const struct cause *){&b->cause});
}

void
cause_group(struct comparison *comparison)
{
	size_t capacity = 0, count = 0, group_count = 0;
	CLEANUP(free_ptr)
	const struct cause **causes =
		array_grow(NULL, &capacity, comparison->finding_count + 1, sizeof(void *));

	for (size_t i = 0; i < comparison->finding_count; i++)
		if (is_shared(&comparison->findings[i]))
			causes[count++] = &comparison->findings[i].cause;
	qsort(causes, count, sizeof(void *), compare_causes);
	struct cause_group *groups =
		arena_alloc(&comparison->arena, (count / 2 + 1) * sizeof *groups);
	for (size_t from = 0, to; from < count; from = to) {
		for (to = from + 1; to < count && compare_causes(&causes[from], &causes[to]) == 0;)
			to++;
		if (to - from > 1)
			groups[group_count++] = (struct cause_group){*causes[from], to - from};
	}
	qsort(groups, group_count, sizeof *groups, compare_groups);
	comparison->groups = groups;
	comparison->group_count = group_count;
}

void
cause_assign(struct comparison *comparison, const struct line_map *map,
	const struct other_changes *changes)
{
	CLEANUP(search_release)
	struct search search = {.comparison = comparison, .map = map, .changes = changes};

	search_init(&search);
	for (size_t i = 0; i < comparison->finding_count; i++)
		if (finding_is_new(&comparison->findings[i]))
			comparison->findings[i].cause =
				find_cause(&search, &comparison->findings[i]);
	take_over_all(comparison);
	cause_group(comparison);
}
