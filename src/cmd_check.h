/* What the commands that look at new findings share with check. */
#pragma once

#include "src/comparing.h"

/* The two sides that --base and --head name, or the defaults, and the settings that hold for them.
 */
MUST_CHECK int check_prepare(struct comparing *what, struct analysis *analysis, struct err *err);
