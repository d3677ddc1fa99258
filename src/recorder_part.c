/* Only what differs from another revision is built: what the compiler says of a package is known
 * when neither its sources nor those of what it imports were changed. */
#include <stdlib.h>
#include <string.h>

#include "parsers/parser.h"
#include "src/affected.h"
#include "src/buildkey.h"
#include "src/recorder_internal.h"

/* Linux takes 2 MiB of arguments, the environment included. */
#define LONGEST_COMMAND ((size_t)1024 * 1024)

/* What has to be built. */
struct part {
	struct arena arena;
	struct intern affected; /* import paths, of packages outside of the list as well */
	const char **only;
	size_t count, capacity;
};

static void
part_release(struct part *part)
{
	free(part->only);
	intern_release(&part->affected);
	arena_release(&part->arena);
}

const char *
recorder_imports(struct recording *recording, struct store *store)
{
	CLEANUP(buf_release) struct buf text = {0};
	struct err ignored;

	if (!recording->list.imports && *recording->imports.hex && store &&
		store_imports(&text, store, &recording->imports, &ignored) == 0)
		recording->list.imports = arena_str(&recording->arena, buf_str(&text));
	return recording->list.imports;
}

/* Whether every unit is of a package that was asked for. Patterns of -gcflags also match packages
 * of other modules, in directories below. */
static bool
is_of_list(const struct recording *recording)
{
	for (size_t i = 0; i < recording->count; i++)
		if (!gobuild_package(&recording->list, str_of(recording->units[i].package)))
			return false;
	return true;
}

/* Whether all is known of the recording, and may be said of another one of the same packages. */
static bool
is_sound(const struct recording *recording)
{
	return recording->is_counted && recording->not_understood == 0 &&
	       recording_is_whole(recording) && is_of_list(recording);
}

static bool
fits_command_line(const struct package_list *list)
{
	size_t length = 0;

	for (size_t i = 0; i < list->count; i++)
		length += strlen(list->packages[i].import_path) + 1;
	return length < LONGEST_COMMAND;
}

/* Whether a flag names a file: what it is to one tree, it need not be to the other. */
static bool
names_files(const struct analysis *analysis)
{
	static const char *const flags[] = {"-overlay=", "-modfile=", "-pgo="};

	for (size_t i = 0; i < analysis->flags.count; i++)
		for (size_t j = 0; j < sizeof flags / sizeof *flags; j++)
			if (str_starts(str_of(analysis->flags.words[i]), str_of(flags[j])))
				return true;
	return false;
}

static bool
is_same_build(const char *one, const char *two, const struct analysis *analysis)
{
	if (one && two)
		return buildkey_differs_in_sources(one, two);
	return one == two && !names_files(analysis);
}

/* The packages that a difference of the sources concerns. False where that cannot be told. */
static bool
find_affected(struct part *part, struct making *making)
{
	CLEANUP(intern_release) struct intern directories = {.arena = &part->arena};
	struct inputs *was = &making->others, *is = &making->inputs;
	struct analysis *analysis = making->analysis;
	const char *before = recorder_imports(making->like->recording, analysis->store);
	const char *after = making->out->list.imports;
	struct err ignored;

	if (!before || !after || inputs_read(was, analysis->repo, &ignored) != 0 ||
		inputs_read(is, analysis->repo, &ignored) != 0 || !was->known || !is->known ||
		!affected_directories(&directories, buf_str(&was->files), buf_str(&is->files)))
		return false;
	part->affected.arena = &part->arena;
	affected_packages(&part->affected, before, after, &directories);
	return true;
}

/* False where everything has to be built. */
static bool
find_part(struct part *part, struct making *making)
{
	const struct recorded *like = making->like;
	const struct package_list *list = &making->out->list;
	const struct gobuild build = analysis_build(making->analysis, "");

	if (!like || build.tests || !gobuild_can_build_part(&build) || !is_sound(like->recording) ||
		!recording_is_whole(making->out) ||
		!is_same_build(like->recording->decided, making->decided, making->analysis) ||
		!recorder_has_embedded(
			making->out, making->analysis->repo, making->inputs.revision) ||
		!fits_command_line(list) || !find_affected(part, making))
		return false;
	for (size_t i = 0; i < list->count; i++) {
		const char *package = list->packages[i].import_path;
		bool known = gobuild_package(&like->recording->list, str_of(package));
		if (known && !intern_find(&part->affected, str_of(package)))
			continue;
		part->only = array_grow(
			part->only, &part->capacity, part->count + 1, sizeof *part->only);
		part->only[part->count++] = package;
	}
	return part->count < list->count;
}

/* Names that were found while the other revision's units were read, which are this one's too. */
static void
take_names(struct recording *out, const struct package_list *from)
{
	struct package_list *list = &out->list;
	const char **names = arena_alloc(
		&out->arena, (list->odd_name_count + from->odd_name_count + 1) * sizeof *names);
	struct module *replaced = arena_alloc(
		&out->arena, (list->replaced_count + from->replaced_count + 1) * sizeof *replaced);

	for (size_t i = 0; i < list->odd_name_count; i++)
		names[i] = list->odd_names[i];
	for (size_t i = 0; i < list->replaced_count; i++)
		replaced[i] = list->replaced[i];
	for (size_t i = 0; i < from->odd_name_count; i++) {
		size_t at = 0;
		while (at < list->odd_name_count && strcmp(names[at], from->odd_names[i]) != 0)
			at++;
		names[at] = from->odd_names[i];
		list->odd_name_count += at == list->odd_name_count;
	}
	for (size_t i = 0; i < from->replaced_count; i++) {
		size_t at = 0;
		while (at < list->replaced_count &&
			strcmp(replaced[at].path, from->replaced[i].path) != 0)
			at++;
		replaced[at] = from->replaced[i];
		list->replaced_count += at == list->replaced_count;
	}
	list->odd_names = names;
	list->replaced = replaced;
}

/* What go has not said now. */
static void
take_units(struct recording *out, const struct recording *from, const struct part *part)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct recorded_unit *unit = &from->units[i];
		if (gobuild_package(&out->list, str_of(unit->package)) &&
			!intern_find(&part->affected, str_of(unit->package)))
			recording_adopt(out, unit);
	}
}

static void
pass(struct str bytes, void *ctx)
{
	const struct reader *reader = ctx;

	parser_feed(reader->parser, bytes);
}

static int
run_part(bool *found, struct making *making, struct reader *reader, const struct part *part,
	struct err *err)
{
	CLEANUP(sieve_release)
	struct sieve sieve = {
		.known = making->like->recording,
		.affected = &part->affected,
		.pass = pass,
		.ctx = reader,
	};
	struct gobuild build = analysis_build(making->analysis, reader->tree);
	struct process_end end;

	build.only = part->only;
	build.only_count = part->count;
	reader->sieve = &sieve;
	int result = recorder_run(&end, making->facts, reader, &build, err);
	reader->sieve = NULL;
	if (result != 0)
		return -1;
	*found = end.status == 0 && reader->others.count == 0 && !sieve.differs &&
		 is_of_list(making->out);
	if (*found)
		return 0;
	/* What is wrong is found out, and told, when everything is built. */
	others_release(&reader->others);
	recording_forget_units(making->out);
	snapshot_forget(making->facts);
	return 0;
}

int
recorder_build_part(bool *found, struct making *making, struct reader *reader, struct err *err)
{
	CLEANUP(part_release) struct part part = {0};

	*found = false;
	if (!find_part(&part, making))
		return 0;
	if (part.count)
		analysis_phase(making->analysis->options, "building %zu of %zu packages of %s%s",
			part.count, making->out->list.count,
			making->inputs.revision->worktree ? "the " : "",
			making->inputs.revision->name);
	take_names(making->out, &making->like->recording->list);
	if (run_part(found, making, reader, &part, err) != 0)
		return -1;
	if (*found)
		take_units(making->out, making->like->recording, &part);
	return 0;
}
