#include "src/inputs.h"

int
inputs_read(struct inputs *inputs, struct repo *repo, struct err *err)
{
	if (inputs->is_read)
		return 0;
	if (repo_relevant(&inputs->files, &inputs->known, repo, inputs->revision, err) != 0)
		return -1;
	inputs->is_read = true;
	return 0;
}

void
inputs_release(struct inputs *inputs)
{
	buf_release(&inputs->files);
	*inputs = (struct inputs){.revision = inputs->revision};
}
