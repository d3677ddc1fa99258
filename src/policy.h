/* What makes a comparison fail. */
#pragma once

#include "src/comparison.h"
#include "src/config.h"

/*
 * Give the verdict by the settings (docs/policy.md): none when something could not be analysed or
 * read, fail when there is more that is new than may be, else pass; with one plain sentence for
 * each reason that it is not a pass. An empty config is the default policy.
 */
void policy_judge(struct comparison *comparison, struct config *config);

/* Warn of the contracts that are newly broken, where the settings let nothing fail for them. To be
 * called once, with the settings that the verdict is of. */
void policy_tell_contracts(struct comparison *comparison, struct config *config);

/* Warn of the patterns of hot functions, budgets and packages that name nothing in either side: a
 * mistyped one would pass for good. Only where all packages were asked for. Patterns of functions
 * are silent where not all functions are known: packages that are equal are not read. To be called
 * once. */
void policy_tell_unmatched(struct comparison *comparison, struct config *config);

/* Whether the settings are about all allocations, so that a comparison may leave out none. */
bool policy_needs_all(struct config *config);

/* The exit status that the verdict stands for: 0 pass, 1 fail, 2 none. */
int policy_exit_status(enum verdict_status status);
