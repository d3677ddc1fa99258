#include "src/toolchains.h"

#include "src/cause.h"
#include "src/compare.h"
#include "src/policy.h"
#include "src/recorder.h"

static int
build_with(struct snapshot *out, struct recording *recording, struct analysis *analysis,
	const struct revision *revision, const char *version, struct err *err)
{
	analysis->wanted_go = version;
	if (analysis_choose_go(analysis, revision, err) != 0 ||
		recorder_record(recording, out, NULL, analysis, revision, err) != 0 ||
		recorder_read(out, recording, analysis, revision, err) != 0)
		return err_wrap(err, "%s", version);
	return 0;
}

int
toolchains_compare(struct toolchains *out, struct analysis *analysis, const struct side *side,
	const char *one, const char *two, struct err *err)
{
	CLEANUP(line_map_release) struct line_map same = {0};
	struct comparison *comparison = &out->comparison;
	CLEANUP(config_release) struct config policy = {0};
	struct other_changes changes = {0};

	if (build_with(&out->base, &out->base_recording, analysis, &side->revision, one, err) !=
			0 ||
		build_with(&out->head, &out->head_recording, analysis, &side->revision, two, err) !=
			0)
		return -1;
	comparison->base_snapshot = &out->base;
	comparison->head_snapshot = &out->head;
	comparison->base = comparison->head = *side;
	line_map_finish(&same);
	compare_snapshots(comparison, &same);
	changes.toolchain = arena_printf(&comparison->arena, "%s \u2192 %s", one, two);
	cause_assign(comparison, &same, &changes);
	policy_judge(comparison, &policy);
	return 0;
}

void
toolchains_release(struct toolchains *toolchains)
{
	comparison_release(&toolchains->comparison);
	snapshot_release(&toolchains->base);
	snapshot_release(&toolchains->head);
	recording_release(&toolchains->base_recording);
	recording_release(&toolchains->head_recording);
}
