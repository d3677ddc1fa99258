#include "src/captured.h"

#include <ctype.h>
#include <string.h>

#include "src/base/file.h"
#include "src/gocommand.h"
#include "src/gorecord.h"

/* A directory, and what -trimpath puts in its place. */
struct trimmed {
	struct str directory;
	const char *name;
	bool is_main;    /* of a main module: what is vendored there has names of its own */
	bool is_escaped; /* of the module cache: a capital letter is a small one behind a mark */
};

struct naming {
	struct arena arena;
	struct trimmed *all;
	size_t count, capacity;
	const char *unit; /* the directory of the package whose text it is, absolute */
};

static void
naming_release(struct naming *naming)
{
	free(naming->all);
	arena_release(&naming->arena);
}

static void
add(struct naming *naming, struct trimmed trimmed)
{
	if (trimmed.directory.n == 0)
		return;
	naming->all =
		array_grow(naming->all, &naming->capacity, naming->count + 1, sizeof *naming->all);
	naming->all[naming->count++] = trimmed;
}

static int
learn_names(struct naming *naming, const struct analysis *analysis, const struct gobuild *build,
	const struct package_list *list, struct err *err)
{
	CLEANUP(gocommand_release) struct gocommand command = {0};
	CLEANUP(buf_release) struct buf cache = {0};

	gocommand_add_all(&command, (const char *const[]){"env", "GOMODCACHE"}, 2);
	if (gocommand_output(&cache, &command, build, err) != 0)
		return -1;
	for (size_t i = 0; i < list->module_count; i++)
		add(naming, (struct trimmed){.directory = str_of(list->modules[i].directory),
				    .name = list->modules[i].path,
				    .is_main = true});
	for (size_t i = 0; i < list->replaced_count; i++)
		add(naming, (struct trimmed){.directory = str_of(list->replaced[i].directory),
				    .name = list->replaced[i].path});
	const char *library = arena_printf(&naming->arena, "%s/src", analysis->toolchain.goroot);
	add(naming, (struct trimmed){.directory = str_of(library), .name = ""});
	struct str directory = {cache.p, strcspn(cache.p ? cache.p : "", "\n")};
	add(naming, (struct trimmed){.directory = str_of(arena_str(&naming->arena, directory)),
			    .name = "",
			    .is_escaped = true});
	return 0;
}

/* The innermost directory that the path is below; NULL where there is none. */
static const struct trimmed *
trimmed_of(const struct naming *naming, struct str path)
{
	const struct trimmed *best = NULL;

	for (size_t i = 0; i < naming->count; i++) {
		const struct trimmed *one = &naming->all[i];
		bool is_below = path.n > one->directory.n && str_starts(path, one->directory) &&
				path.p[one->directory.n] == '/';
		if (is_below && (!best || best->directory.n < one->directory.n))
			best = one;
	}
	return best;
}

/* Whether -trimpath would put the name in place of that directory: the compiler does it for the
 * directory of the package that it compiles. A Go file is of such a package; what else a directive
 * names may be anywhere. */
static bool
is_trimmed(const struct naming *naming, const struct trimmed *trimmed, struct str path)
{
	struct str unit = str_of(naming->unit);

	if (trimmed->is_main && memmem(path.p, path.n, "/vendor/", 8))
		return false;
	return str_ends(path, STR(".go")) ||
	       (str_starts(path, unit) && path.n > unit.n && path.p[unit.n] == '/');
}

/* Take the path off the front. */
static bool
add_path(struct buf *out, struct str *rest, const struct naming *naming)
{
	const char *colon = memchr(rest->p, ':', rest->n);
	struct str path = {rest->p, colon ? (size_t)(colon - rest->p) : rest->n};
	const struct trimmed *trimmed = trimmed_of(naming, path);

	if (!trimmed || !is_trimmed(naming, trimmed, path))
		return false;
	struct str below = str_from(path, trimmed->directory.n + 1);
	if (*trimmed->name)
		buf_printf(out, "%s/", trimmed->name);
	for (size_t i = 0; i < below.n; i++) {
		bool is_mark = trimmed->is_escaped && below.p[i] == '!' && i + 1 < below.n;
		buf_add_char(
			out, is_mark ? (char)toupper((unsigned char)below.p[++i]) : below.p[i]);
	}
	*rest = str_from(*rest, path.n);
	return true;
}

/* Where the last word of an explanation's line begins: "from x (spill) at FILE:3:4". */
static const char *
last_at(struct str line)
{
	static const struct str at = {" at /", 5};
	const char *last = NULL;
	struct str rest = line;

	for (const char *p; (p = memmem(rest.p, rest.n, at.p, at.n));) {
		last = p + at.n - 1;
		rest = str_from(line, (size_t)(last - line.p));
	}
	return last;
}

/* The compiler prints names of files at the beginning of a line and at the end of an explanation,
 * and in brackets behind a position that a directive has made. */
static bool
add_line(struct buf *out, struct str line, const struct naming *naming)
{
	const char *begin = line.p, *at = last_at(line);

	while (line.n) {
		const char *p = line.p;
		bool bracket = p - begin >= 2 && p[-1] == '[' && p[-2] >= '0' && p[-2] <= '9';
		if (*p == '/' && (p == begin || p == at || bracket)) {
			if (!add_path(out, &line, naming))
				return false;
			continue;
		}
		buf_add_char(out, *p);
		line = str_from(line, 1);
	}
	buf_add_char(out, '\n');
	return true;
}

static bool
add_package(struct buf *out, const struct package *package, struct str text,
	const struct naming *naming)
{
	/* As go, which has no header for a package of which nothing is said. */
	if (text.n)
		buf_printf(out, "# %s\n", package->import_path);
	for (struct str line; str_next(&line, &text, '\n');)
		if (!add_line(out, line, naming))
			return false;
	return true;
}

/* What the compiler said in that build. False where it did not run, or its files' names cannot be
 * told. */
static bool
take_file(struct captured *out, const struct package *package, struct naming *naming,
	const struct capture *capture, const char *tree)
{
	CLEANUP(buf_release) struct buf text = {0};
	struct err ignored;

	if (!capture->directory ||
		file_read(&text,
			gorecord_file(capture->directory, package->import_path, &naming->arena),
			&ignored) != 0)
		return false;
	naming->unit = arena_printf(
		&naming->arena, "%s%s%s", tree, *package->directory ? "/" : "", package->directory);
	size_t before = out->text.n;
	if (add_package(&out->text, package, buf_str(&text), naming))
		return true;
	out->text.n = before;
	return false;
}

/* What it said in an earlier one. */
static bool
take_stored(struct captured *out, const struct package *package, const struct analysis *analysis)
{
	const struct compiled compiled = {
		.build = builtids_find(&analysis->capture->ids, package->import_path),
		.package = package->import_path,
	};
	struct err ignored;
	bool found;

	return compiled.build && analysis->store &&
	       store_compiled(&out->text, &found, analysis->store, &compiled, &ignored) == 0 &&
	       found;
}

static bool
take_package(struct captured *out, const struct package *package, struct naming *naming,
	const struct analysis *analysis, const char *tree)
{
	return !package->error && package->directory &&
	       (take_file(out, package, naming, analysis->capture, tree) ||
		       take_stored(out, package, analysis));
}

/* By a profile packages are compiled more than once, for some of the programs that they are part
 * of, and what is said of one depends on the others. */
static bool
has_profile(const struct analysis *analysis, const struct package_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *directory = list->packages[i].directory;
		CLEANUP(buf_release) struct buf file = {0};
		buf_printf(&file, "%s/%s/default.pgo", repo_root(analysis->repo),
			directory ? directory : "");
		if (path_exists(file.p))
			return true;
	}
	return false;
}

int
captured_read(struct captured *out, struct analysis *analysis, const struct gobuild *build,
	const struct package_list *list, struct err *err)
{
	CLEANUP(naming_release) struct naming naming = {0};

	if (has_profile(analysis, list))
		return 0;
	if (learn_names(&naming, analysis, build, list, err) != 0)
		return -1;
	for (size_t i = 0; i < list->count; i++) {
		if (take_package(out, &list->packages[i], &naming, analysis, build->tree))
			continue;
		analysis_note(analysis->options, 1,
			"%s was compiled before, and what was said is not known",
			list->packages[i].import_path);
		return 0;
	}
	out->is_whole = list->count > 0;
	return 0;
}

int
captured_keep(struct analysis *analysis, const struct recording *recording, struct err *err)
{
	CLEANUP(arena_release) struct arena arena = {0};
	const struct builtids *ids = &analysis->capture->ids;
	struct compiled *all = arena_alloc(&arena, (ids->count + 1) * sizeof *all);
	struct content_id key = hash_content(str_of(recording->decided));

	if (has_profile(analysis, &recording->list))
		return 0;
	for (size_t i = 0; i < ids->count; i++) {
		const char *package = ids->all[i].package;
		const struct recorded_unit *unit = recording_unit(recording, package);
		all[i] = (struct compiled){ids->all[i].id, package, unit ? unit->id.hex : ""};
	}
	return store_keep_compiled(analysis->store, key.hex, all, ids->count, err);
}

void
captured_release(struct captured *captured)
{
	buf_release(&captured->text);
	*captured = (struct captured){0};
}
