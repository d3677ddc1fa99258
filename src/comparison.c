#include "src/comparison.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"

const char *
not_analysed_other_side(const struct not_analysed *entry)
{
	return strcmp(entry->side, "base") == 0 ? "head" : "base";
}

struct finding *
comparison_add(struct comparison *comparison)
{
	comparison->findings = array_grow(comparison->findings, &comparison->finding_capacity,
		comparison->finding_count + 1, sizeof *comparison->findings);
	return &comparison->findings[comparison->finding_count++];
}

void
comparison_warn(struct comparison *comparison, const char *format, ...)
{
	CLEANUP(free_ptr) char *text = NULL;
	va_list args;

	va_start(args, format);
	int n = vasprintf(&text, format, args);
	va_end(args);
	if (n < 0)
		return;
	comparison->warnings = array_grow(comparison->warnings, &comparison->warning_capacity,
		comparison->warning_count + 1, sizeof *comparison->warnings);
	comparison->warnings[comparison->warning_count++] = arena_strdup(&comparison->arena, text);
}

static int
compare_package(const void *import_path, const void *entry)
{
	return strcmp(import_path, ((const struct not_analysed *)entry)->package);
}

bool
comparison_judges(const struct comparison *comparison, const char *package)
{
	return comparison->not_analysed_count == 0 ||
	       !bsearch(package, comparison->not_analysed, comparison->not_analysed_count,
		       sizeof *comparison->not_analysed, compare_package);
}

bool
comparison_leaves_out(const struct comparison *comparison, const char *package)
{
	return comparison->equal && intern_find(comparison->equal, str_of(package));
}

bool
finding_is_partial(const struct comparison *comparison, const struct finding *finding)
{
	return finding->hold_count > 0 && finding->hold_count < comparison->variant_count;
}

bool
finding_counts(const struct finding *finding)
{
	return finding->state == FINDING_NEW && finding->escape->allocates != ALLOCATES_NO &&
	       !finding->not_counted;
}

struct share_text
share_text(int thousandths)
{
	struct share_text out;
	int n = snprintf(
		out.text, sizeof out.text, "%d.%03d", thousandths / 1000, thousandths % 1000);

	while (out.text[n - 1] == '0')
		n--;
	n -= out.text[n - 1] == '.';
	out.text[n++] = '%';
	out.text[n] = '\0';
	return out;
}

int
finding_compare(const void *one, const void *two)
{
	const struct finding *a = one, *b = two;
	int order = (int)a->state - (int)b->state;

	if (order == 0)
		order = (int)finding_counts(b) - (int)finding_counts(a);
	if (order == 0)
		order = b->share.thousandths - a->share.thousandths;
	if (order == 0)
		order = position_compare(&a->escape->at, &b->escape->at);
	if (order == 0)
		order = strcmp(a->escape->expression, b->escape->expression);
	if (order == 0)
		order = strcmp(a->id, b->id);
	if (order == 0)
		order = strcmp(a->escape->package, b->escape->package);
	return order ? order : strcmp(a->escape->function, b->escape->function);
}

static void
count_new(struct summary *summary, const struct finding *finding)
{
	bool counts = finding_counts(finding);

	summary->lost_inlining += counts && finding->lost;
	summary->new += counts && !finding->lost;
	if (finding->escape->allocates == ALLOCATES_NO)
		summary->new_without_allocation++;
	else
		summary->new_not_counted += !counts;
}

void
comparison_recount(struct comparison *comparison)
{
	struct summary *summary = &comparison->summary;
	size_t states[FINDING_STATE_COUNT] = {0};

	if (comparison->finding_count)
		qsort(comparison->findings, comparison->finding_count, sizeof *comparison->findings,
			finding_compare);
	summary->new = summary->new_without_allocation = summary->new_not_counted = 0;
	summary->lost_inlining = 0;
	for (size_t i = 0; i < comparison->finding_count; i++) {
		states[comparison->findings[i].state]++;
		if (comparison->findings[i].state == FINDING_NEW)
			count_new(summary, &comparison->findings[i]);
	}
	summary->fixed = states[FINDING_FIXED];
	summary->moved = states[FINDING_MOVED];
	summary->unchanged = states[FINDING_UNCHANGED] + comparison->equal_sites;
	summary->accepted = states[FINDING_ACCEPTED];
}

bool
finding_is_new(const struct finding *finding)
{
	return finding->state == FINDING_NEW || finding->state == FINDING_ACCEPTED;
}

void
comparison_release(struct comparison *comparison)
{
	arena_release(&comparison->arena);
	free(comparison->findings);
	free(comparison->not_analysed);
	free(comparison->not_inlined);
	free(comparison->warnings);
	free(comparison->contracts);
	free(comparison->broken);
	*comparison = (struct comparison){0};
}

const char *
finding_state_name(enum finding_state state)
{
	static const char *const names[] = {
		[FINDING_NEW] = "new",
		[FINDING_FIXED] = "fixed",
		[FINDING_MOVED] = "moved",
		[FINDING_UNCHANGED] = "unchanged",
		[FINDING_ACCEPTED] = "accepted",
		[FINDING_STATE_COUNT] = NULL,
	};

	return names[state];
}

const char *
cause_kind_name(enum cause_kind kind)
{
	static const char *const names[] = {
		[CAUSE_UNKNOWN] = "unknown",
		[CAUSE_CHANGED_LINE] = "changed-line",
		[CAUSE_CHANGED_FLOW] = "changed-flow",
		[CAUSE_CHANGED_FUNCTION] = "changed-function",
		[CAUSE_CHANGED_DECLARATION] = "changed-declaration",
		[CAUSE_CALLEE_LEAKS] = "callee-leaks",
		[CAUSE_INLINING] = "inlining",
		[CAUSE_NEWLY_COMPILED] = "newly-compiled",
		[CAUSE_DEPENDENCY] = "dependency",
		[CAUSE_TOOLCHAIN] = "toolchain",
	};

	return names[kind];
}

const char *
verdict_status_name(enum verdict_status status)
{
	static const char *const names[] = {
		[VERDICT_PASS] = "pass",
		[VERDICT_FAIL] = "fail",
		[VERDICT_NONE] = "none",
	};

	return names[status];
}
