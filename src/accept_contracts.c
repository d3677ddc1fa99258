#include "src/accept_internal.h"

#include <stdlib.h>

#include "src/functions.h"
#include "src/leaks.h"
#include "src/tokens.h"

/* What the contracts of a comparison are held against. */
struct keeping {
	struct accepting *accepting;
	const struct snapshot *base, *head;
	struct functions base_functions;
	struct arena arena;
	struct intern base_leaks;
};

static void
keeping_release(struct keeping *keeping)
{
	functions_release(&keeping->base_functions);
	intern_release(&keeping->base_leaks);
	arena_release(&keeping->arena);
}

/* The first thing that breaks a contract, a new one before an old one. */
struct breach {
	const struct position *at; /* NULL: it is kept */
	const char *text;
	bool is_new;
};

static void
note(struct breach *breach, const struct position *at, const char *text, bool is_new)
{
	if (!breach->at || (is_new && !breach->is_new))
		*breach = (struct breach){at, text, is_new};
}

/* ---- noescape ---- */

/* Whether the escape is of the finding: at its own place, or as a copy of it. */
static bool
is_of(const struct escape *escape, const struct finding *finding)
{
	if (position_compare(&finding->escape->at, &escape->at) == 0 &&
		strcmp(finding->escape->expression, escape->expression) == 0)
		return true;
	for (size_t i = 0; i < finding->copy_count; i++)
		if (position_compare(&finding->copies[i].at, &escape->at) == 0)
			return true;
	return false;
}

/* The finding that the escape belongs to. The copies of an inlined function are all at the place of
 * its call: one of them that is not accepted goes before those that are. */
static const struct finding *
finding_at(const struct comparison *comparison, const struct escape *escape)
{
	const struct finding *found = NULL;

	for (size_t i = 0; i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		if (!finding_is_new(finding) || finding->lost || !is_of(escape, finding))
			continue;
		if (!found || found->state == FINDING_ACCEPTED)
			found = finding;
	}
	return found;
}

/* What gVisor's comment takes out of the function. */
static bool
is_exempt(const struct commented *file, const struct position *at)
{
	for (size_t i = 0; i < file->directives.count; i++)
		if (file->directives.all[i].kind == DIRECTIVE_EXEMPT &&
			directive_covers(&file->directives.all[i], file, at))
			return true;
	return false;
}

static void
check_escapes(struct breach *breach, const struct keeping *keeping, const struct commented *file,
	const struct directive *directive)
{
	bool checkescape = str_starts(directive->name, STR("+"));

	for (size_t i = 0; i < keeping->head->escape_count; i++) {
		const struct escape *escape = &keeping->head->escapes[i];
		if (escape->allocates == ALLOCATES_NO ||
			!directive_covers(directive, file, &escape->at) ||
			(checkescape && is_exempt(file, &escape->at)))
			continue;
		const struct finding *finding = finding_at(keeping->accepting->comparison, escape);
		/* Whoever accepts it has spoken. */
		if (!finding || finding->state != FINDING_ACCEPTED)
			note(breach, &escape->at, escape->message, finding != NULL);
	}
}

/* gcassert's noescape above a function is about its parameters. */
static void
check_leaks(struct breach *breach, const struct keeping *keeping, const struct commented *file,
	const struct directive *directive)
{
	for (size_t i = 0; i < keeping->head->leak_count; i++) {
		const struct leak *leak = &keeping->head->leaks[i];
		bool known;
		if ((leak->kind != LEAK_HEAP && leak->kind != LEAK_RESULT) ||
			!directive_covers(directive, file, &leak->at))
			continue;
		bool worse = leaks_is_worse(&keeping->base_leaks, keeping->head, leak, &known);
		note(breach, &leak->at, leak->message, worse || !known);
	}
}

/* ---- inline ---- */

static bool
was_inlinable(const struct keeping *keeping, const struct inlining *function)
{
	const struct inlining *was = functions_find(
		&keeping->base_functions, function->package, function->function, function->name);

	return was && was->can;
}

/* A function that can be inlined, and is at all calls where it was. */
static void
check_function(struct breach *breach, const struct keeping *keeping, const struct commented *file,
	const struct directive *directive)
{
	const struct comparison *comparison = keeping->accepting->comparison;

	for (size_t i = 0; i < keeping->head->inlining_count; i++) {
		const struct inlining *function = &keeping->head->inlinings[i];
		if (!function->declaration || function->can ||
			function->at.line != directive->first ||
			!directive_covers(directive, file, &function->at))
			continue;
		note(breach, &function->at,
			arena_printf(&keeping->accepting->comparison->arena,
				"%s cannot be inlined: %s", function->function, function->why_not),
			was_inlinable(keeping, function));
	}
	for (size_t i = 0; i < comparison->not_inlined_count; i++) {
		const struct not_inlined *call = &comparison->not_inlined[i];
		if (call->callee->at.line == directive->first &&
			directive_covers(directive, file, &call->callee->at))
			note(breach, &call->at, "a call is not inlined any more", true);
	}
}

static bool
has_call(struct str line)
{
	struct token token;
	bool name = false;

	while (token_next(&token, &line)) {
		if (name && token.kind == TOKEN_SIGN && token.text.p[0] == '(')
			return true;
		name = token.kind == TOKEN_NAME;
	}
	return false;
}

static void
check_call(struct breach *breach, const struct keeping *keeping, const struct commented *file,
	const struct directive *directive)
{
	struct comparison *comparison = keeping->accepting->comparison;
	const struct line_map *map = keeping->accepting->map;
	const struct source_file *text = source_file(comparison->source, false, file->path);
	struct position *at = arena_alloc(&comparison->arena, sizeof *at);

	*at = (struct position){file->path, directive->first, 0};
	for (size_t i = 0; i < comparison->not_inlined_count; i++)
		if (directive_covers(directive, file, &comparison->not_inlined[i].at))
			note(breach, at, "the call is not inlined any more", true);
	for (size_t i = 0; i < keeping->head->call_count; i++)
		if (directive_covers(directive, file, &keeping->head->calls[i].at))
			return;
	if (has_call(source_line(text, directive->first)))
		note(breach, at, "the call is not inlined",
			line_map_changed(map, file->path, directive->first));
}

/* ---- all of them ---- */

static void
check(struct breach *breach, const struct keeping *keeping, const struct commented *file,
	const struct directive *directive)
{
	if (directive->kind == DIRECTIVE_NOESCAPE) {
		check_escapes(breach, keeping, file, directive);
		if (directive->signature && directive->declaration)
			check_leaks(breach, keeping, file, directive);
	} else if (directive->declaration) {
		check_function(breach, keeping, file, directive);
	} else {
		check_call(breach, keeping, file, directive);
	}
}

static void
add_broken(struct keeping *keeping, const struct commented *file, const struct directive *directive,
	const struct breach *breach)
{
	struct comparison *comparison = keeping->accepting->comparison;
	struct arena *arena = &comparison->arena;
	const struct line_map *map = keeping->accepting->map;
	struct broken_contract broken = {
		.contract = arena_str(arena, directive->name),
		.at = {arena_strdup(arena, file->path), directive->line, 0},
		.breaker = *breach->at,
		.text = arena_strdup(arena, breach->text),
		.is_new = breach->is_new || line_map_changed(map, file->path, directive->line),
	};

	broken.breaker.file = arena_strdup(arena, breach->at->file);
	comparison->broken = array_grow(comparison->broken, &comparison->broken_capacity,
		comparison->broken_count + 1, sizeof broken);
	comparison->broken[comparison->broken_count++] = broken;
	if (!broken.is_new)
		comparison_warn(comparison,
			"the contract '%s' is broken, as it was in the base: %s (%s:%d, contract "
			"%s:%d)",
			broken.contract, broken.text, broken.breaker.file, broken.breaker.line,
			broken.at.file, broken.at.line);
}

void
accept_contracts(struct accepting *accepting)
{
	CLEANUP(keeping_release)
	struct keeping keeping = {
		.accepting = accepting,
		.base = accepting->comparison->base_snapshot,
		.head = accepting->comparison->head_snapshot,
	};
	bool ready = false;

	for (size_t i = 0; i < accepting->count; i++) {
		const struct commented *file = accepting->files[i];
		for (size_t j = 0; file->compiled && j < file->directives.count; j++) {
			const struct directive *directive = &file->directives.all[j];
			struct breach breach = {0};
			if (directive->kind != DIRECTIVE_NOESCAPE &&
				directive->kind != DIRECTIVE_INLINE)
				continue;
			if (!ready) {
				keeping.base_leaks.arena = &keeping.arena;
				functions_init(&keeping.base_functions, keeping.base);
				leaks_index(&keeping.base_leaks, keeping.base);
				ready = true;
			}
			check(&breach, &keeping, file, directive);
			if (breach.at)
				add_broken(&keeping, file, directive, &breach);
		}
	}
}
