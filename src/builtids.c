#include "src/builtids.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/hash.h"
#include "src/gocommand.h"

/* "import/path ACTION/CONTENT": what was compiled, and what came of it. */
static void
add_line(struct builtids *out, struct str line, const char *explain)
{
	CLEANUP(buf_release) struct buf name = {0};
	struct str package, action;

	if (!str_next(&package, &line, ' ') || !str_next(&action, &line, '/') || action.n == 0)
		return;
	buf_printf(&name, "%.*s\n%s", STR_ARG(action), explain);
	struct content_id id = hash_content(buf_str(&name));
	out->all = array_grow(out->all, &out->capacity, out->count + 1, sizeof *out->all);
	out->all[out->count++] = (struct builtid){
		.package = arena_str(&out->arena, package),
		.id = arena_strdup(&out->arena, id.hex),
	};
}

void
builtids_read(struct builtids *out, const struct built_by *by)
{
	CLEANUP(gocommand_release) struct gocommand line = {0};
	CLEANUP(buf_release) struct buf text = {0};
	struct process_end end;
	struct err ignored;

	gocommand_add(&line, by->program);
	gocommand_add_all(&line,
		(const char *const[]){"list", "-export", "-f", "{{.ImportPath}} {{.BuildID}}"}, 4);
	gocommand_add_all(&line, by->flags, by->flag_count);
	gocommand_add(&line, "--");
	gocommand_add_all(&line, by->packages, by->package_count);
	const struct process process = {
		.argv = line.words,
		.dir = by->directory,
		.on_stdout = buf_take,
		.on_stderr = process_ignore,
		.ctx = &text,
	};
	if (process_run(&end, &process, &ignored) != 0 || end.status != 0)
		return;
	struct str rest = buf_str(&text);
	for (struct str one; str_next(&one, &rest, '\n');)
		add_line(out, one, by->explain);
}

const char *
builtids_find(const struct builtids *ids, const char *package)
{
	for (size_t i = 0; i < ids->count; i++)
		if (strcmp(ids->all[i].package, package) == 0)
			return ids->all[i].id;
	return NULL;
}

void
builtids_release(struct builtids *ids)
{
	free(ids->all);
	arena_release(&ids->arena);
	*ids = (struct builtids){0};
}
