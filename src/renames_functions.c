/* Functions that have another name or place in the head. */
#include "src/renames_internal.h"

#include <ctype.h>
#include <stdlib.h>

#include "src/base/cleanup.h"
#include "src/base/index.h"

static void
pair(struct renames_search *search, struct declaration *base, struct declaration *head)
{
	struct renames *out = search->out;

	base->paired = head->paired = true;
	out->functions = array_grow(out->functions, &out->function_capacity,
		out->function_count + 1, sizeof *out->functions);
	out->functions[out->function_count++] =
		(struct renamed){base->key, head->directory, head->function};
}

/* Those that are on both sides need not be looked for; how many of the head are left. */
static size_t
pair_same(struct renames_search *search)
{
	CLEANUP(index_release) struct index there = {0};
	size_t left = 0;

	for (size_t i = 0; i < search->base.count; i++) {
		struct declaration *base = &search->base.all[i];
		const char *directory = renames_directory(search->out, base->directory);
		uint64_t key = declaration_key(directory, base->function);
		base->paired = base->kept = declarations_have(&search->head, key);
		index_add(&there, key, base);
	}
	index_sort(&there);
	for (size_t i = 0; i < search->head.count; i++) {
		struct declaration *head = &search->head.all[i];
		head->paired = index_has(&there, index_find(&there, head->key), head->key);
		left += !head->paired;
	}
	return left;
}

typedef uint64_t (*text_fn)(const struct function_text *text);

static uint64_t
without_name(const struct function_text *text)
{
	return text->without_name;
}

static uint64_t
without_calls(const struct function_text *text)
{
	return text->without_calls;
}

static uint64_t
shape(const struct function_text *text)
{
	return text->shape;
}

static void
index_texts(
	struct index *out, struct renames_search *search, bool base, text_fn text, bool anywhere)
{
	const struct declarations *of = base ? &search->base : &search->head;

	for (size_t i = 0; i < of->count; i++) {
		const struct declaration *declaration = &of->all[i];
		if (declaration->paired || declaration->lines == 0)
			continue;
		const char *directory =
			base ? renames_directory(search->out, declaration->directory)
			     : declaration->directory;
		uint64_t key = text(&declaration->text);
		if (!anywhere)
			key ^= declaration_key(directory, NULL);
		index_add(out, key, declaration);
	}
	index_sort(out);
}

/* Equal texts, where there are as many of them on either side. */
static void
pair_texts(struct renames_search *search, text_fn text, bool anywhere)
{
	CLEANUP(index_release) struct index base = {0};
	CLEANUP(index_release) struct index head = {0};
	size_t b = 0, h = 0;

	index_texts(&base, search, true, text, anywhere);
	index_texts(&head, search, false, text, anywhere);
	while (b < base.count && h < head.count) {
		const struct index_entry *was = &base.entries[b], *is = &head.entries[h];
		uint64_t key_was = was->key, key_is = is->key;
		size_t of_base = index_run(&base, b), of_head = index_run(&head, h);
		bool clear = key_was == key_is && of_base == of_head && (of_base == 1 || !anywhere);
		for (size_t i = 0; clear && i < of_base; i++)
			pair(search, was[i].of, is[i].of);
		b += key_was <= key_is ? of_base : 0;
		h += key_is <= key_was ? of_head : 0;
	}
}

/* The functions of the head that the lines of one of the base have gone to. */
struct votes {
	struct declaration *candidate[8];
	int count[8];
	int mapped; /* lines */
};

static void
vote(struct votes *votes, struct declaration *candidate)
{
	for (size_t i = 0; i < sizeof votes->count / sizeof *votes->count; i++) {
		if (votes->candidate[i] && votes->candidate[i] != candidate)
			continue;
		votes->candidate[i] = candidate;
		votes->count[i]++;
		return;
	}
}

/* Closing brackets and empty lines are everywhere; comments do nothing. */
static bool
says_something(struct str line)
{
	size_t letters = 0, indent = 0;

	while (indent < line.n && isspace((unsigned char)line.p[indent]))
		indent++;
	if (str_starts(str_from(line, indent), STR("//")))
		return false;

	for (size_t i = 0; i < line.n; i++)
		letters += isalnum((unsigned char)line.p[i]) != 0;
	return letters > 2;
}

static void
count_votes(struct votes *votes, const struct renames_search *search,
	const struct declaration *base, const struct source_file *source)
{
	const struct position *at = &base->inlining->at;

	for (int i = 0; i < base->lines; i++) {
		const char *file;
		int line;
		if (!says_something(source_line(source, at->line + i)) ||
			!line_map_to_head(search->map, at->file, at->line + i, &file, &line))
			continue;
		struct declaration *there = declarations_at(&search->head, file, line);
		if (!there)
			continue;
		votes->mapped++;
		vote(votes, there);
	}
}

static void
pair_elected(struct renames_search *search, struct declaration *base, const struct votes *votes)
{
	for (size_t i = 0; i < sizeof votes->count / sizeof *votes->count; i++) {
		struct declaration *there = votes->candidate[i];
		if (there && !there->paired && !base->paired && 2 * votes->count[i] > votes->mapped)
			pair(search, base, there);
	}
}

/* A function is where more than half of its lines are, that are still there. */
static void
pair_by_lines(struct renames_search *search)
{
	for (size_t i = 0; i < search->base.count; i++) {
		struct declaration *base = &search->base.all[i];
		struct votes votes = {0};
		if (base->paired || base->lines == 0)
			continue;
		count_votes(&votes, search, base,
			source_file(search->source, true, base->inlining->at.file));
		pair_elected(search, base, &votes);
	}
}

static void
add_emptied(struct renames_search *search, const struct declaration *base, struct declaration *head)
{
	struct renames *out = search->out;
	const char *directory = renames_directory(out, base->directory);

	head->paired = true;
	out->emptied = array_grow(
		out->emptied, &out->emptied_capacity, out->emptied_count + 1, sizeof *out->emptied);
	out->emptied[out->emptied_count++] = (struct renamed){
		declaration_key(directory, base->function), head->directory, head->function};
}

static bool
is_kept(const struct declaration *declaration)
{
	return declaration->kept;
}

/* Functions that are still there, as wrappers of new ones. */
static void
find_emptied(struct renames_search *search)
{
	renames_read_texts(search, &search->base, is_kept);
	for (size_t i = 0; i < search->base.count; i++) {
		const struct declaration *base = &search->base.all[i];
		struct votes votes = {0};
		if (!base->kept || base->lines == 0)
			continue;
		count_votes(&votes, search, base,
			source_file(search->source, true, base->inlining->at.file));
		for (size_t k = 0; k < sizeof votes.count / sizeof *votes.count; k++)
			if (votes.candidate[k] && !votes.candidate[k]->paired &&
				2 * votes.count[k] > votes.mapped)
				add_emptied(search, base, votes.candidate[k]);
	}
}

/* The lines of functions of the head, by directory and text. */
static void
index_lines(struct index *out, const struct renames_search *search)
{
	for (size_t i = 0; i < search->head.count; i++) {
		const struct declaration *head = &search->head.all[i];
		const struct position *at = &head->inlining->at;
		if (head->paired || head->lines == 0)
			continue;
		const struct source_file *file = source_file(search->source, false, at->file);
		uint64_t directory = declaration_key(head->directory, NULL);
		for (int k = 0; k < head->lines; k++) {
			struct str line = source_line(file, at->line + k);
			if (says_something(line))
				index_add(out, tokens_squeezed(line) ^ directory, head);
		}
	}
	index_sort(out);
}

/* A vote for each function that has the line, if those are few. */
static void
vote_for_line(struct votes *votes, const struct index *lines, uint64_t key)
{
	const struct index_entry *entry = index_find(lines, key);
	const struct declaration *last = NULL;

	for (int i = 0; i < 64 && index_has(lines, entry, key); i++, entry++) {
		if (entry->of != last)
			vote(votes, entry->of);
		last = entry->of;
	}
}

/* Where git sees no renamed file: a function is the one that has more than half of its lines. */
static void
pair_by_same_lines(struct renames_search *search)
{
	CLEANUP(index_release) struct index lines = {0};

	index_lines(&lines, search);
	for (size_t i = 0; lines.count && i < search->base.count; i++) {
		struct declaration *base = &search->base.all[i];
		const struct position *at = &base->inlining->at;
		if (base->paired || base->lines == 0)
			continue;
		const struct source_file *file = source_file(search->source, true, at->file);
		uint64_t directory =
			declaration_key(renames_directory(search->out, base->directory), NULL);
		struct votes votes = {0};
		for (int k = 0; k < base->lines; k++) {
			struct str line = source_line(file, at->line + k);
			if (!says_something(line))
				continue;
			votes.mapped++;
			vote_for_line(&votes, &lines, tokens_squeezed(line) ^ directory);
		}
		pair_elected(search, base, &votes);
	}
}

static bool
is_unpaired(const struct declaration *declaration)
{
	return !declaration->paired;
}

void
renames_find_functions(struct renames_search *search)
{
	static const text_fn texts[] = {without_name, without_calls, shape};

	if (!search->source || pair_same(search) == 0)
		return;
	renames_read_texts(search, &search->base, is_unpaired);
	renames_read_texts(search, &search->head, is_unpaired);
	pair_texts(search, without_name, false);
	pair_texts(search, without_name, true);
	pair_by_lines(search);
	for (size_t i = 1; i < sizeof texts / sizeof *texts; i++)
		pair_texts(search, texts[i], false);
	pair_by_same_lines(search);
	find_emptied(search);
	if (search->out->emptied_count > 1)
		qsort(search->out->emptied, search->out->emptied_count,
			sizeof *search->out->emptied, renames_compare);
	if (search->out->function_count > 1)
		qsort(search->out->functions, search->out->function_count,
			sizeof *search->out->functions, renames_compare);
}
