#include "src/matrix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/document.h"
#include "src/base/file.h"
#include "src/documents.h"
#include "src/merge.h"
#include "src/modules.h"
#include "src/variant.h"

/* One comparison of several. */
struct cell {
	const struct variant *variant;
	const struct module_place *module;
	const char *name; /* for messages */
};

/* What is kept of each until all are there: its JSON document, which has all that a report needs.
 */
struct kept {
	struct document *documents;
	const char **names;
	size_t count, most;
};

/* All that they share. */
struct run {
	const struct matrix *matrix;
	struct modules modules;
	struct kept kept;
	struct merged merged;
};

static void
run_release(struct run *run)
{
	merge_release(&run->merged);
	for (size_t i = 0; i < run->kept.count; i++)
		document_release(&run->kept.documents[i]);
	free(run->kept.documents);
	free(run->kept.names);
	modules_release(&run->modules);
}

/* ---- one of them ---- */

/* go's environment for it, and what it was before. */
struct entered {
	struct variant_saved saved;
	char *workspace;
	bool without_workspace;
};

static void
enter(struct entered *out, const struct cell *cell)
{
	*out = (struct entered){.without_workspace = cell->module->without_workspace};
	variant_enter(&out->saved, cell->variant);
	if (!out->without_workspace)
		return;
	out->workspace = getenv("GOWORK") ? strdup(getenv("GOWORK")) : NULL;
	setenv("GOWORK", "off", 1);
}

static void
leave(struct entered *entered)
{
	variant_leave(&entered->saved);
	if (!entered->without_workspace)
		return;
	if (entered->workspace)
		setenv("GOWORK", entered->workspace, 1);
	else
		unsetenv("GOWORK");
	free(entered->workspace);
}

static void
add_flags(struct goflags *out, const struct goflags *from)
{
	for (size_t i = 0; i < from->count; i++) {
		out->words =
			array_grow(out->words, &out->capacity, out->count + 1, sizeof *out->words);
		out->words[out->count++] = from->words[i];
	}
}

/* The options of the command line, as they are for this one. */
static void
cell_options(struct options *out, const struct options *from, const struct cell *cell)
{
	CLEANUP(free_ptr) char *directory = path_join(from->directory, cell->module->directory);

	*out = *from;
	out->arena = (struct arena){0};
	out->directory = arena_strdup(&out->arena, directory);
	out->goflags = (struct goflags){0};
	add_flags(&out->goflags, &from->goflags);
	add_flags(&out->goflags, &cell->variant->flags);
}

static void
cell_options_release(struct options *options)
{
	goflags_release(&options->goflags);
	arena_release(&options->arena);
}

/* An analysis of it, and the two states. */
static int
open_cell(struct analysis *analysis, struct comparing *what, const struct matrix *matrix,
	const struct options *options, struct err *err)
{
	if (analysis_open(analysis, options, matrix->packages, matrix->package_count, err) != 0)
		return -1;
	return matrix->choose(what, analysis, matrix->ctx, err);
}

static int
run_cell(const struct run *run, const struct cell *cell, comparing_use_fn use, void *ctx,
	struct err *err)
{
	const struct matrix *matrix = run->matrix;
	CLEANUP(cell_options_release) struct options options = {0};
	CLEANUP(leave) struct entered entered;
	CLEANUP(analysis_close) struct analysis analysis = {0};
	struct comparing what = {0};

	enter(&entered, cell);
	cell_options(&options, matrix->options, cell);
	analysis_note(&options, 1, "now %s", cell->name);
	if (open_cell(&analysis, &what, matrix, &options, err) != 0 ||
		comparing_with(&analysis, &what, use, ctx, err) != 0)
		return err_wrap(err, "%s", cell->name);
	return 0;
}

/* ---- the only one ---- */

struct only {
	const struct options *options;
	enum verdict_status *status;
};

static int
write_only(const struct comparison *comparison, void *ctx, struct err *err)
{
	const struct only *only = ctx;

	*only->status = comparison->verdict.status;
	return comparing_write(only->options, comparison, err);
}

/* ---- several ---- */

/* What keep() is given. */
struct keeping {
	struct kept *kept;
	const struct options *options;
	const char *name;
};

static void
close_stream(FILE **stream)
{
	if (*stream)
		fclose(*stream);
}

static int
keep(const struct comparison *comparison, void *ctx, struct err *err)
{
	const struct keeping *keeping = ctx;
	struct kept *kept = keeping->kept;
	const struct report_options how = {.all = documents_want_unchanged(keeping->options)};
	CLEANUP(free_ptr) char *json = NULL;
	size_t length = 0;

	{
		CLEANUP(close_stream) FILE *stream = open_memstream(&json, &length);
		if (!stream)
			return err_errno(err, "cannot keep a comparison");
		if (report_writer("json")->comparison(comparison, &how, stream, err) != 0)
			return -1;
	}
	kept->names[kept->count] = keeping->name;
	return document_read(&kept->documents[kept->count++], (struct str){json, length}, err);
}

static const char *
cell_name(const struct run *run, const struct module_place *module, const struct variant *variant)
{
	const struct options *options = run->matrix->options;
	CLEANUP(buf_release) struct buf name = {0};

	if (options->all_modules)
		buf_printf(&name, "module in '%s'", module->directory[0] ? module->directory : ".");
	if (options->variant_count > 1)
		buf_printf(&name, "%svariant '", name.n ? ", " : "");
	for (size_t i = 0; options->variant_count > 1 && i < variant->setting_count; i++)
		buf_printf(&name, "%s%s", i ? " " : "", variant->settings[i]);
	for (size_t i = 0; options->variant_count > 1 && i < variant->flags.count; i++)
		buf_printf(&name, "%s%s", i || variant->setting_count ? " " : "",
			variant->flags.words[i]);
	if (options->variant_count > 1)
		buf_add_char(&name, '\'');
	return arena_str(&run->matrix->options->arena, buf_str(&name));
}

/* A module without packages has nothing to say, unless none has any. */
static int
run_kept(struct run *run, const struct cell *cell, struct err *err)
{
	const struct options *options = run->matrix->options;
	struct keeping keeping = {&run->kept, options, cell->name};

	if (run_cell(run, cell, keep, &keeping, err) == 0)
		return 0;
	if (err->code != ERR_EMPTY || !options->all_modules)
		return -1;
	analysis_note(options, 1, "%s", err->msg);
	return 0;
}

static int
merge_kept(struct run *run, struct err *err)
{
	CLEANUP(free_ptr)
	struct merge_part *parts = calloc(run->kept.count, sizeof *parts);

	if (!parts)
		abort();
	for (size_t i = 0; i < run->kept.count; i++)
		parts[i] = (struct merge_part){
			&run->kept.documents[i].comparison, run->kept.names[i], HEAPWARDEN_VERSION};
	return merge_comparisons(&run->merged, parts, run->kept.count, err);
}

static int
run_several(enum verdict_status *status, struct run *run, const struct variant *variants,
	size_t variant_count, struct err *err)
{
	struct kept *kept = &run->kept;

	kept->most = run->modules.count * variant_count;
	kept->documents = calloc(kept->most, sizeof *kept->documents);
	kept->names = calloc(kept->most, sizeof *kept->names);
	if (!kept->documents || !kept->names)
		abort();
	for (size_t i = 0; i < kept->most; i++) {
		struct cell cell = {.module = &run->modules.places[i / variant_count],
			.variant = &variants[i % variant_count]};
		cell.name = cell_name(run, cell.module, cell.variant);
		if (run_kept(run, &cell, err) != 0)
			return -1;
	}
	if (kept->count == 0)
		return -1; /* the last one has said so */
	if (merge_kept(run, err) != 0)
		return -1;
	*status = run->merged.result->verdict.status;
	return comparing_write(run->matrix->options, run->merged.result, err);
}

/* ---- which there are ---- */

/* What the settings say, where the command line says nothing of it. */
static int
take_settings(struct options *options, struct config *config, struct err *err)
{
	size_t count;
	const char *const *names = config_sections(&count, config, "variant");
	bool asked = options->variant_count > 0;

	options->all_modules |= config_switch(config, SETTING_ALL_MODULES);
	for (size_t i = 0; i < count && !asked; i++) {
		struct config_value said = config_get(config, SETTING_VARIANT_BUILD, names[i]);
		if (options_add_variant(options, said.text, err) != 0)
			return err_wrap(err, "%s", said.origin);
	}
	return 0;
}

/* Of the head, below the directory that we are in. */
static int
find_modules(struct modules *out, struct analysis *analysis, const struct revision *head,
	struct err *err)
{
	static const struct module_place here = {.directory = ""};
	const char *prefix = repo_prefix(analysis->repo);

	if (!analysis->options->all_modules) {
		modules_add(out, here);
		return 0;
	}
	if (modules_find(out, analysis->repo, head, err) != 0)
		return -1;
	if (out->count == 0)
		return err_set(err, ERR_FAILED,
			"there is no go.mod in '%s' of %s, nor below: --all-modules compares the "
			"modules that there are",
			*prefix ? prefix : ".", head->name);
	return 0;
}

static bool
is_single(const struct options *options)
{
	return !options->all_modules && options->variant_count < 2;
}

/* Compare at once where there is one build of one module, else find out the modules. */
static int
run_first(enum verdict_status *status, struct run *run, struct err *err)
{
	static const struct variant none = {0};
	static const struct module_place here = {.directory = ""};
	struct options *options = run->matrix->options;
	CLEANUP(cell_options_release) struct options alone = {0};
	CLEANUP(leave) struct entered entered;
	CLEANUP(analysis_close) struct analysis analysis = {0};
	struct comparing what = {0};
	struct only only = {options, status};
	const struct cell cell = {options->variant_count ? options->variants : &none, &here, ""};

	enter(&entered, &cell);
	cell_options(&alone, options, &cell);
	if (open_cell(&analysis, &what, run->matrix, &alone, err) != 0 ||
		take_settings(options, &analysis.config, err) != 0)
		return -1;
	if (is_single(options) && options->variant_count == alone.variant_count)
		return comparing_with(&analysis, &what, write_only, &only, err);
	analysis.options = options;
	return find_modules(&run->modules, &analysis, &what.head.revision, err);
}

int
matrix_run(enum verdict_status *status, const struct matrix *matrix, struct err *err)
{
	static const struct variant none = {0};
	struct options *options = matrix->options;
	CLEANUP(run_release) struct run run = {.matrix = matrix};

	if (run_first(status, &run, err) != 0)
		return -1;
	if (run.modules.count == 0)
		return 0;
	return run_several(status, &run, options->variant_count ? options->variants : &none,
		options->variant_count ? options->variant_count : 1, err);
}
