#include "src/accept_internal.h"

#include <stdlib.h>

#include "src/tokens.h"

/* ---- the files ---- */

static void
look_into(struct accepting *accepting, const char *path)
{
	struct directives found;
	size_t n = path ? strlen(path) : 0;

	if (n < 3 || strcmp(path + n - 3, ".go") != 0)
		return;
	accepting->paths.arena = &accepting->arena;
	if (intern_find(&accepting->paths, str_of(path)))
		return;
	const void **value = intern_value(&accepting->paths, str_of(path));
	directives_find(&found, source_file(accepting->comparison->source, false, path)->text);
	if (found.count == 0)
		return;
	struct commented *file = arena_alloc(&accepting->arena, sizeof *file);
	*file = (struct commented){.path = path, .directives = found};
	*value = file;
	accepting->files = array_grow(accepting->files, &accepting->capacity, accepting->count + 1,
		sizeof(struct commented *));
	accepting->files[accepting->count++] = file;
}

static int
compare_files(const void *one, const void *two)
{
	const struct commented *const *a = one, *const *b = two;

	return strcmp((*a)->path, (*b)->path);
}

/* Positions come sorted: *last is the file of the one before. */
static void
note_compiled(struct accepting *accepting, const struct position *at, const char **last)
{
	if (!at->file || (*last && strcmp(*last, at->file) == 0))
		return;
	*last = at->file;
	for (size_t i = 0; i < accepting->count; i++)
		if (strcmp(accepting->files[i]->path, at->file) == 0)
			accepting->files[i]->compiled = true;
}

static void
find_files(struct accepting *accepting)
{
	const struct comparison *comparison = accepting->comparison;
	const struct snapshot *head = comparison->head_snapshot;
	const char *last = NULL;

	for (size_t i = 0; i < accepting->map->file_count; i++)
		look_into(accepting, accepting->map->files[i].head_path);
	for (size_t i = 0; i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		if (!finding_counts(finding))
			continue;
		look_into(accepting, finding->escape->at.file);
		for (size_t j = 0; j < finding->copy_count; j++)
			look_into(accepting, finding->copies[j].at.file);
	}
	for (size_t i = 0; i < comparison->not_inlined_count; i++)
		look_into(accepting, comparison->not_inlined[i].at.file);
	if (accepting->count == 0)
		return;
	qsort(accepting->files, accepting->count, sizeof *accepting->files, compare_files);
	for (size_t i = 0; i < head->inlining_count; i++)
		note_compiled(accepting, &head->inlinings[i].at, &last);
	for (size_t i = 0; i < head->escape_count; i++)
		note_compiled(accepting, &head->escapes[i].at, &last);
}

static void
accepting_release(struct accepting *accepting)
{
	for (size_t i = 0; i < accepting->count; i++)
		directives_release(&accepting->files[i]->directives);
	free(accepting->files);
	intern_release(&accepting->paths);
	arena_release(&accepting->arena);
}

bool
directive_covers(
	const struct directive *directive, const struct commented *file, const struct position *at)
{
	return directive->first && at->file && directive->first <= at->line &&
	       at->line <= directive->last && strcmp(file->path, at->file) == 0;
}

/* ---- exceptions in comments ---- */

/* One in a comment, and the file that it is in. */
struct exception {
	struct directive *directive;
	const struct commented *file;
};

/* The exception for that place; the one for its line goes before that for its declaration. */
static struct exception
find_exception(const struct accepting *accepting, const struct position *at)
{
	const struct commented *file =
		at->file ? intern_value_find(&accepting->paths, str_of(at->file)) : NULL;
	struct exception found = {0};

	for (size_t i = 0; file && i < file->directives.count; i++) {
		struct directive *directive = &file->directives.all[i];
		bool better = !found.directive || !directive->declaration;
		if (directive->kind == DIRECTIVE_ALLOW && directive->reason.n && better &&
			directive_covers(directive, file, at))
			found = (struct exception){directive, file};
	}
	if (found.directive)
		found.directive->used = true;
	return found;
}

/* That of a function which is not inlined any more: at the function, or at each of its calls. */
static struct exception
find_exception_of_lost(const struct accepting *accepting, const struct finding *finding)
{
	struct exception found = {0};
	bool everywhere = finding->copy_count > 0;

	if (!finding->lost->big)
		found = find_exception(accepting, &finding->escape->at);
	if (found.directive)
		return found;
	for (size_t i = 0; i < finding->copy_count; i++) {
		struct exception at_call = find_exception(accepting, &finding->copies[i].at);
		everywhere = everywhere && at_call.directive;
		if (!found.directive)
			found = at_call;
	}
	return everywhere ? found : (struct exception){0};
}

void
accept_finding(
	struct comparison *comparison, struct finding *finding, const struct acceptance *acceptance)
{
	finding->accepted = arena_copy(&comparison->arena, acceptance, 1, sizeof *acceptance);
	finding->state = FINDING_ACCEPTED;
}

static void
accept_by_comments(const struct accepting *accepting)
{
	struct comparison *comparison = accepting->comparison;

	for (size_t i = 0; accepting->count && i < comparison->finding_count; i++) {
		struct finding *finding = &comparison->findings[i];
		if (!finding_counts(finding))
			continue;
		struct exception found = finding->lost
						 ? find_exception_of_lost(accepting, finding)
						 : find_exception(accepting, &finding->escape->at);
		if (!found.directive)
			continue;
		accept_finding(comparison, finding,
			&(struct acceptance){
				.how = "comment",
				.reason = arena_str(&comparison->arena, found.directive->reason),
				.file = arena_strdup(&comparison->arena, found.file->path),
				.line = found.directive->line,
			});
	}
}

/* ---- exceptions that except nothing ---- */

static bool
has_site(const struct accepting *accepting, const struct commented *file,
	const struct directive *directive)
{
	const struct snapshot *head = accepting->comparison->head_snapshot;

	for (size_t i = 0; i < head->escape_count; i++)
		if (directive_covers(directive, file, &head->escapes[i].at))
			return true;
	return false;
}

static bool
allocates(const struct snapshot *head, const struct inlining *function)
{
	for (size_t i = 0; i < head->escape_count; i++)
		if (strcmp(head->escapes[i].function, function->function) == 0 &&
			strcmp(head->escapes[i].package, function->package) == 0)
			return true;
	return false;
}

/* Whether a function with that last word in its name cannot be inlined, and allocates. */
static bool
may_allocate(const struct snapshot *head, struct str name)
{
	for (size_t i = 0; i < head->inlining_count; i++) {
		const struct inlining *inlining = &head->inlinings[i];
		const char *dot = strrchr(inlining->function, '.');
		if (inlining->declaration && !inlining->can &&
			str_eq(name, str_of(dot ? dot + 1 : inlining->function)) &&
			allocates(head, inlining))
			return true;
	}
	return false;
}

static bool
calls_what_allocates(const struct snapshot *head, struct str line)
{
	struct token token;
	struct str name = STR("");

	while (token_next(&token, &line)) {
		bool call = token.kind == TOKEN_SIGN && token.text.p[0] == '(' && name.n;
		if (call && may_allocate(head, name))
			return true;
		name = token.kind == TOKEN_NAME ? token.text : STR("");
	}
	return false;
}

/* A call there may allocate in a function that is not inlined any more: the compiler prints nothing
 * of that. */
static bool
has_call(const struct accepting *accepting, const struct commented *file,
	const struct directive *directive)
{
	const struct source_file *text =
		source_file(accepting->comparison->source, false, file->path);

	for (int line = directive->first; line && line <= directive->last; line++)
		if (calls_what_allocates(
			    accepting->comparison->head_snapshot, source_line(text, line)))
			return true;
	return false;
}

static void
warn_of(const struct accepting *accepting, const struct commented *file,
	const struct directive *directive)
{
	struct comparison *comparison = accepting->comparison;
	int n = (int)directive->name.n;
	const char *name = directive->name.p;

	if (directive->kind == DIRECTIVE_SPACED)
		comparison_warn(comparison,
			"the comment '// %.*s' says nothing to heapwarden: there must be no blank "
			"behind the slashes (%s:%d)",
			n, name, file->path, directive->line);
	if (directive->kind == DIRECTIVE_UNKNOWN)
		comparison_warn(comparison,
			"'//%.*s' is not known: there are heapwarden:allow, heapwarden:noescape "
			"and heapwarden:inline (%s:%d)",
			n, name, file->path, directive->line);
	if (directive->kind != DIRECTIVE_ALLOW)
		return;
	if (directive->reason.n == 0)
		comparison_warn(comparison,
			"'//%.*s' says no reason, and excepts nothing without one (%s:%d)", n, name,
			file->path, directive->line);
	else if (!directive->used && file->compiled && !has_site(accepting, file, directive) &&
		 !has_call(accepting, file, directive))
		comparison_warn(comparison,
			"'//%.*s' excepts nothing: nothing is allocated there (%s:%d)", n, name,
			file->path, directive->line);
}

static void
warn_of_comments(const struct accepting *accepting)
{
	for (size_t i = 0; i < accepting->count; i++) {
		const struct commented *file = accepting->files[i];
		for (size_t j = 0; j < file->directives.count; j++)
			warn_of(accepting, file, &file->directives.all[j]);
	}
}

void
accept_apply(struct comparison *comparison, const struct line_map *map, struct baseline *baseline,
	const char *day)
{
	CLEANUP(accepting_release)
	struct accepting accepting = {.comparison = comparison, .map = map};

	find_files(&accepting);
	accept_by_comments(&accepting);
	if (baseline)
		accept_baseline(comparison, baseline, day);
	warn_of_comments(&accepting);
	accept_contracts(&accepting);
	comparison_recount(comparison);
}
