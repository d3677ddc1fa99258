#include "src/store_internal.h"

#include <string.h>

#include "src/base/cleanup.h"

/* A field of what a digest is made of: NULL is not "". */
static void
add_field(struct buf *out, const char *text)
{
	buf_add_char(out, text ? 't' : 'n');
	if (text)
		buf_add(out, (struct str){text, strlen(text) + 1});
}

struct content_id
store_unit_digest(const struct recorded_unit *unit, const char *reader)
{
	CLEANUP(buf_release) struct buf fields = {0};

	add_field(&fields, unit->id.hex);
	add_field(&fields, reader);
	add_field(&fields, unit->mentions);
	buf_printf(&fields, "%zu %zu", unit->escapes, unit->summary_lines);
	return hash_content(buf_str(&fields));
}

static void
add_modules(struct buf *out, const struct module *modules, size_t count)
{
	buf_printf(out, "%zu", count);
	for (size_t i = 0; i < count; i++) {
		add_field(out, modules[i].path);
		add_field(out, modules[i].relative);
	}
}

static void
add_names(struct buf *out, const char *const *names, size_t count)
{
	buf_printf(out, "%zu", count);
	for (size_t i = 0; i < count; i++)
		add_field(out, names[i]);
}

static void
add_list(struct buf *out, const struct package_list *list)
{
	buf_printf(out, "%zu", list->count);
	for (size_t i = 0; i < list->count; i++) {
		const struct package *package = &list->packages[i];
		add_field(out, package->import_path);
		add_field(out, package->directory);
		add_field(out, package->name);
		add_field(out, package->error);
		buf_add_char(out, package->absent ? 'a' : 'p');
	}
	add_modules(out, list->modules, list->module_count);
	add_modules(out, list->replaced, list->replaced_count);
	buf_printf(out, "%zu", list->file_count);
	for (size_t i = 0; i < list->file_count; i++) {
		add_field(out, list->files[i].package);
		add_field(out, list->files[i].name);
	}
	add_names(out, list->odd_names, list->odd_name_count);
	add_names(out, list->embedded, list->embedded_count);
}

struct content_id
store_snapshot_digest(const struct transfer *transfer, const char *key)
{
	CLEANUP(buf_release) struct buf fields = {0};
	const struct recording *recording = transfer->recording;

	add_field(&fields, key);
	add_field(&fields, recording->go_version);
	add_field(&fields, recording->target);
	add_field(&fields, transfer->reader);
	buf_printf(&fields, "%zu %zu %zu", recording->sites, recording->not_understood,
		recording->count);
	for (size_t i = 0; i < recording->count; i++) {
		add_field(&fields, recording->units[i].package);
		add_field(&fields, recording->units[i].id.hex);
	}
	add_list(&fields, &recording->list);
	if (*recording->imports.hex)
		add_field(&fields, recording->imports.hex);
	return hash_content(buf_str(&fields));
}
