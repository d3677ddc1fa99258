/* Where the settings of a run come from: the repository's files, the environment, the command line.
 */
#pragma once

#include "src/analysis.h"

/*
 * Read what holds for the revision into analysis->config: its .heapwarden, or the file given with
 * --config, then the environment and the flags. Fails with ERR_USAGE where one of them says
 * something that is no setting.
 */
MUST_CHECK int settings_read(
	struct analysis *analysis, const struct revision *head, struct err *err);

/*
 * Read what the base's file says, where the head's could loosen the gate that it is judged by: into
 * analysis->base_config. After settings_read().
 */
MUST_CHECK int settings_read_base(
	struct analysis *analysis, const struct revision *base, struct err *err);

/* Take what the command line says alone, for commands that have no policy. */
void settings_take_flags(struct analysis *analysis);
