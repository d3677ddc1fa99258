/* A comparison made by hand that has some of everything: what the writers are tested with. */
#pragma once

#include "report/report.h"

struct sample {
	struct snapshot base, head;
	struct comparison comparison;
	struct scan scan; /* of the head */
};

/* Several packages with new, fixed, moved, accepted and unchanged findings, copies, packages not
 * analysed, and text that tries to break out of any format. */
void sample_init(struct sample *sample);

/* Two states without any package. */
void sample_init_empty(struct sample *sample);

/* `count` new findings in one package. */
void sample_init_many(struct sample *sample, size_t count);

void sample_release(struct sample *sample);
