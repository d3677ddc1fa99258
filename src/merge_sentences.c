#include <stdlib.h>
#include <string.h>

#include "src/merge_internal.h"

/* A violation or a warning, and the parts that say it. */
struct sentence {
	const char *text;
	const char **labels;
	size_t count, capacity;
};

struct sentences {
	struct sentence *list;
	size_t count, capacity;
};

static void
sentences_release(struct sentences *sentences)
{
	for (size_t i = 0; i < sentences->count; i++)
		free(sentences->list[i].labels);
	free(sentences->list);
}

static void
add_sentence(struct sentences *out, const char *text, const char *label)
{
	size_t at = 0;

	while (at < out->count && strcmp(out->list[at].text, text) != 0)
		at++;
	if (at == out->count) {
		out->list =
			array_grow(out->list, &out->capacity, out->count + 1, sizeof *out->list);
		out->list[out->count++] = (struct sentence){.text = text};
	}
	struct sentence *sentence = &out->list[at];
	sentence->labels = array_grow(sentence->labels, &sentence->capacity, sentence->count + 1,
		sizeof *sentence->labels);
	sentence->labels[sentence->count++] = label;
}

/* "2 new heap escapes in 1 function (windows/amd64)"; what all say, and means the same for all, is
 * said without. */
static const char *
labelled(const struct sentence *sentence, const struct merge *merge, bool is_common)
{
	CLEANUP(buf_release) struct buf text = {0};

	if (is_common && sentence->count == merge->apart)
		return sentence->text;
	buf_printf(&text, "%s (%s", sentence->text, sentence->count > 1 ? "each of: " : "");
	for (size_t i = 0; i < sentence->count; i++)
		buf_printf(&text, "%s%s", i ? "; " : "", sentence->labels[i]);
	buf_printf(&text, ")");
	return arena_str(merge->arena, buf_str(&text));
}

/* Whether all parts are of the same packages and found the same: then one sentence of theirs is
 * about the same things. */
static bool
is_about_the_same(const struct comparison *out, const struct merge *merge)
{
	for (size_t i = 0; i < out->finding_count; i++)
		if (out->findings[i].state == FINDING_NEW &&
			finding_is_partial(out, &out->findings[i]))
			return false;
	return merge->apart == merge->variant_count;
}

void
merge_warnings(struct comparison *out, const struct merge *merge)
{
	CLEANUP(sentences_release) struct sentences sentences = {0};

	for (size_t i = 0; i < merge->count; i++) {
		const struct part *part = &merge->parts[i];
		for (size_t k = 0; k < part->of->comparison->warning_count && !part->is_contained;
			k++)
			add_sentence(&sentences, part->of->comparison->warnings[k], part->label);
	}
	for (size_t i = 0; i < sentences.count; i++)
		comparison_warn(out, "%s", labelled(&sentences.list[i], merge, true));
}

/* The worst of all. */
static enum verdict_status
merge_status(const struct merge *merge)
{
	enum verdict_status status = VERDICT_PASS;

	for (size_t i = 0; i < merge->count; i++) {
		enum verdict_status one = merge->parts[i].of->comparison->verdict.status;
		if (one == VERDICT_NONE || status == VERDICT_PASS)
			status = one;
	}
	return status;
}

void
merge_verdict(struct comparison *out, const struct merge *merge)
{
	CLEANUP(sentences_release) struct sentences sentences = {0};
	bool is_common = is_about_the_same(out, merge);

	for (size_t i = 0; i < merge->count; i++) {
		const struct part *part = &merge->parts[i];
		const struct verdict *verdict = &part->of->comparison->verdict;
		for (size_t k = 0; k < verdict->violation_count && !part->is_contained; k++)
			add_sentence(&sentences, verdict->violations[k], part->label);
	}
	const char **texts = arena_alloc(merge->arena, (sentences.count + 1) * sizeof *texts);
	for (size_t i = 0; i < sentences.count; i++)
		texts[i] = labelled(&sentences.list[i], merge, is_common);
	out->verdict = (struct verdict){merge_status(merge), texts, sentences.count};
}
