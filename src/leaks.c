#include "src/leaks.h"

#include "src/base/cleanup.h"

static struct str
key_of(const struct leak *leak, struct buf *scratch)
{
	buf_clear(scratch);
	buf_printf(scratch, "%s\n%s\n%s", leak->package, leak->function, leak->parameter);
	return buf_str(scratch);
}

void
leaks_index(struct intern *index, const struct snapshot *snapshot)
{
	CLEANUP(buf_release) struct buf key = {0};

	for (size_t i = 0; i < snapshot->leak_count; i++) {
		const struct leak *leak = &snapshot->leaks[i];
		const void **strongest = intern_value(index, key_of(leak, &key));
		if (!*strongest || ((const struct leak *)*strongest)->kind < leak->kind)
			*strongest = leak;
	}
}

const struct leak *
leaks_find(const struct intern *index, const struct leak *like)
{
	CLEANUP(buf_release) struct buf key = {0};

	return intern_value_find(index, key_of(like, &key));
}
