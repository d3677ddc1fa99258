#include <stdlib.h>
#include <string.h>

#include "src/merge_internal.h"

static int
compare_texts(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

void
merge_add_text(const char ***list, size_t *count, size_t *capacity, const char *text)
{
	size_t at = 0;

	while (at < *count && strcmp((*list)[at], text) < 0)
		at++;
	if (at < *count && strcmp((*list)[at], text) == 0)
		return;
	*list = array_grow(*list, capacity, *count + 1, sizeof **list);
	memmove(*list + at + 1, *list + at, (*count - at) * sizeof **list);
	(*list)[at] = text;
	++*count;
}

const char *
merge_join(const char *const *list, size_t count, struct arena *arena)
{
	CLEANUP(buf_release) struct buf text = {0};

	for (size_t i = 0; i < count; i++)
		buf_printf(&text, "%s%s", i ? ", " : "", list[i]);
	return arena_str(arena, buf_str(&text));
}

/* ---- what belongs together ---- */

static const char *
kind_of(const struct revision *revision)
{
	return revision->worktree ? "the working tree" : revision->commit ? "a commit" : "a tree";
}

static size_t
major(const char *version)
{
	return strcspn(version, ".");
}

static int
differ(const struct merge_part *a, const struct merge_part *b, const char *what,
	const char *const values[2], struct err *err)
{
	return err_set(err, ERR_FAILED,
		"'%s' and '%s' do not belong together: %s is %s in the first and %s in the second",
		a->name, b->name, what, values[0] ? values[0] : "not known",
		values[1] ? values[1] : "not known");
}

/* Whether a comparison is that of two versions of Go. */
static bool
is_of_toolchains(const struct comparison *comparison)
{
	return compare_texts(comparison->base_snapshot->go_version,
		       comparison->head_snapshot->go_version) != 0;
}

static int
check_pair(const struct merge_part *a, const struct merge_part *b, struct err *err)
{
	const struct comparison *one = a->comparison, *two = b->comparison;
	const struct revision *was[2] = {&one->base.revision, &two->base.revision};
	const struct revision *is[2] = {&one->head.revision, &two->head.revision};
	const struct {
		const char *what, *values[2];
	} rows[] = {
		{"the kind of the base", {kind_of(was[0]), kind_of(was[1])}},
		{"the base's commit", {was[0]->commit, was[1]->commit}},
		{"the base's tree", {was[0]->tree, was[1]->tree}},
		{"the kind of the head", {kind_of(is[0]), kind_of(is[1])}},
		{"the head's commit", {is[0]->commit, is[1]->commit}},
		{"the head's tree", {is[0]->tree, is[1]->tree}},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (compare_texts(rows[i].values[0], rows[i].values[1]) != 0)
			return differ(a, b, rows[i].what, rows[i].values, err);
	if (major(a->tool) != major(b->tool) || strncmp(a->tool, b->tool, major(a->tool)) != 0)
		return differ(
			a, b, "heapwarden's version", (const char *[]){a->tool, b->tool}, err);
	if (!is_of_toolchains(one) && !is_of_toolchains(two))
		return 0;
	if (compare_texts(one->base_snapshot->go_version, two->base_snapshot->go_version) != 0 ||
		compare_texts(one->head_snapshot->go_version, two->head_snapshot->go_version) != 0)
		return err_set(err, ERR_FAILED,
			"'%s' and '%s' do not belong together: they compare other versions of Go",
			a->name, b->name);
	return 0;
}

static int
check_together(const struct merge_part *parts, size_t count, struct err *err)
{
	for (size_t i = 1; i < count; i++)
		if (check_pair(&parts[0], &parts[i], err) != 0)
			return -1;
	return 0;
}

/* ---- variants ---- */

static bool
same_go(const struct merge_part *parts, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (compare_texts(parts[0].comparison->head_snapshot->go_version,
			    parts[i].comparison->head_snapshot->go_version) != 0)
			return false;
	return true;
}

/* "linux/amd64 CGO_ENABLED=0 -tags=netgo". */
static const char *
variant_name(const struct snapshot *snapshot, struct arena *arena)
{
	CLEANUP(buf_release) struct buf name = {0};

	buf_printf(&name, "%s", snapshot->target ? snapshot->target : "unknown target");
	for (size_t i = 0; i < snapshot->setting_count; i++)
		buf_printf(&name, " %s", snapshot->settings[i]);
	for (size_t i = 0; i < snapshot->flag_count; i++)
		buf_printf(&name, " %s", snapshot->flags[i]);
	return arena_str(arena, buf_str(&name));
}

const char *
merge_variant(const struct part *part, const char *name, struct arena *arena)
{
	if (!part->go || strncmp(name, "go", 2) == 0)
		return name;
	return arena_printf(arena, "%s %s", part->go, name);
}

static void
name_variants(struct part *part, struct arena *arena)
{
	const struct comparison *comparison = part->of->comparison;
	const char *single = variant_name(comparison->head_snapshot, arena);
	const char *const *names = comparison->variant_count ? comparison->variants : &single;
	size_t count = comparison->variant_count ? comparison->variant_count : 1, capacity = 0;
	CLEANUP(free_ptr) const char **list = NULL;

	for (size_t i = 0; i < count; i++)
		merge_add_text(&list, &part->variant_count, &capacity,
			merge_variant(part, names[i], arena));
	part->variants = arena_copy(arena, list, part->variant_count, sizeof *part->variants);
}

static bool
has_variant(const struct part *part, const char *variant)
{
	for (size_t i = 0; i < part->variant_count; i++)
		if (strcmp(part->variants[i], variant) == 0)
			return true;
	return false;
}

/* ---- what is in another one ---- */

static const char *
shared_variant(const struct part *a, const struct part *b)
{
	for (size_t i = 0; i < a->variant_count; i++)
		if (has_variant(b, a->variants[i]))
			return a->variants[i];
	return NULL;
}

static bool
contains(const struct part *outer, const struct part *inner)
{
	for (size_t i = 0; i < inner->variant_count; i++)
		if (!has_variant(outer, inner->variants[i]))
			return false;
	for (size_t i = 0; i < inner->tally.count; i++)
		if (!tally_package(&outer->tally, inner->tally.packages[i].package))
			return false;
	return true;
}

static const char *
shared_package(const struct part *a, const struct part *b)
{
	for (size_t i = 0; i < a->tally.count; i++)
		if (tally_package(&b->tally, a->tally.packages[i].package))
			return a->tally.packages[i].package;
	return NULL;
}

/* Two parts that have something in common must be one in the other. */
static int
find_contained(struct part *a, struct part *b, struct err *err)
{
	const char *variant = shared_variant(a, b), *package = shared_package(a, b);

	if (a->is_contained || b->is_contained)
		return 0;
	if (contains(a, b))
		b->is_contained = true;
	else if (contains(b, a))
		a->is_contained = true;
	else if (variant && package)
		return err_set(err, ERR_FAILED,
			"'%s' and '%s' do not belong together: both have the package %s for %s, "
			"and each has what the other has not",
			a->of->name, b->of->name, package, variant);
	return 0;
}

/* ---- labels ---- */

static bool
same_modules(const struct merge *merge)
{
	for (size_t i = 1; i < merge->count; i++)
		if (compare_texts(merge->parts[0].of->comparison->module,
			    merge->parts[i].of->comparison->module) != 0)
			return false;
	return true;
}

static const char *
module_label(const struct part *part)
{
	const char *module = part->of->comparison->module;

	return !module ? "several modules" : *module ? module : "the root module";
}

/* What tells a part from the others: its module, its variants. */
static void
label_parts(struct merge *merge)
{
	bool one_module = same_modules(merge);

	for (size_t i = 0; i < merge->count; i++) {
		struct part *part = &merge->parts[i];
		const char *words[2];
		size_t count = 0;
		if (!one_module)
			words[count++] = module_label(part);
		if (merge->variant_count > 1)
			words[count++] =
				merge_join(part->variants, part->variant_count, merge->arena);
		part->label = merge_join(words, count, merge->arena);
	}
}

/* Where that is not enough, its first package. They are sorted: those with one label need not be
 * neighbours. */
static void
label_shares(struct merge *merge)
{
	CLEANUP(free_ptr) bool *again = calloc(merge->count, sizeof *again);

	for (size_t i = 0; again && i < merge->count; i++)
		for (size_t k = 0; k < merge->count; k++)
			again[i] |= k != i && !merge->parts[k].is_contained &&
				    strcmp(merge->parts[i].label, merge->parts[k].label) == 0;
	for (size_t i = 0; again && i < merge->count; i++) {
		struct part *part = &merge->parts[i];
		if (!again[i] || part->tally.count == 0)
			continue;
		part->label = arena_printf(merge->arena, "%s%s%s%s", part->label,
			part->label[0] ? ", " : "", part->tally.packages[0].package,
			part->tally.count > 1 ? " and others" : "");
	}
}

/* ---- all of it ---- */

static int
compare_parts(const void *one, const void *two)
{
	const struct part *a = one, *b = two;
	int order = compare_texts(a->of->comparison->module, b->of->comparison->module);

	for (size_t i = 0; order == 0 && i < a->variant_count && i < b->variant_count; i++)
		order = strcmp(a->variants[i], b->variants[i]);
	if (order == 0)
		order = (a->variant_count > b->variant_count) -
			(a->variant_count < b->variant_count);
	for (size_t i = 0; order == 0 && i < a->tally.count && i < b->tally.count; i++)
		order = strcmp(a->tally.packages[i].package, b->tally.packages[i].package);
	/* The one with more packages first: it is the one that contains the other. */
	return order ? order
		     : (a->tally.count < b->tally.count) - (a->tally.count > b->tally.count);
}

int
merge_collect(struct merge *out, const struct merge_part *parts, size_t count, struct err *err)
{
	size_t capacity = 0;
	bool one_go = same_go(parts, count);

	if (check_together(parts, count, err) != 0)
		return -1;
	out->parts = array_grow(NULL, &capacity, count, sizeof *out->parts);
	for (; out->count < count; out->count++) {
		struct part *part = &out->parts[out->count];
		*part = (struct part){.of = &parts[out->count]};
		if (!one_go)
			part->go = part->of->comparison->head_snapshot->go_version;
		tally_init(&part->tally, part->of->comparison);
		name_variants(part, out->arena);
		for (size_t i = 0; i < part->variant_count; i++)
			merge_add_text(&out->variants, &out->variant_count, &out->variant_capacity,
				part->variants[i]);
	}
	qsort(out->parts, count, sizeof *out->parts, compare_parts);
	for (size_t i = 0; i < count; i++)
		for (size_t k = i + 1; k < count; k++)
			if (find_contained(&out->parts[i], &out->parts[k], err) != 0)
				return -1;
	for (size_t i = 0; i < count; i++)
		out->apart += !out->parts[i].is_contained;
	label_parts(out);
	label_shares(out);
	return 0;
}

void
merge_collect_release(struct merge *merge)
{
	for (size_t i = 0; i < merge->count; i++)
		tally_release(&merge->parts[i].tally);
	free(merge->parts);
	free(merge->variants);
}
