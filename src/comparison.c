#include "src/comparison.h"

#include <stdlib.h>

bool
finding_counts(const struct finding *finding)
{
	return finding->state == FINDING_NEW && finding->escape->allocates != ALLOCATES_NO;
}

void
comparison_release(struct comparison *comparison)
{
	arena_release(&comparison->arena);
	free(comparison->findings);
	free(comparison->not_analysed);
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
