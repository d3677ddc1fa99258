#include "parsers/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "src/base/arena.h"

/* No pattern of ours needs more on any line the compiler prints; a line made to be slow is then not
 * understood. */
#define MATCH_LIMIT 1000000
#define DEPTH_LIMIT 10000

struct compiled {
	const struct pattern *pattern;
	struct str starts, ends;
	pcre2_code *code;
	bool jit;
};

/* The rows that a text with a certain first byte can match, in the order of the tables. */
struct candidates {
	unsigned short *rows;
	size_t count, capacity;
};

struct pattern_set {
	struct compiled *rows;
	size_t count, capacity;
	struct candidates by_first_byte[256];
	pcre2_match_data *match;
	pcre2_match_context *context;
};

static int
compile(struct compiled *row, const struct pattern *pattern, struct err *err)
{
	const uint32_t options = PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_DOTALL |
				 PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF;
	int number;
	PCRE2_SIZE at;

	*row = (struct compiled){
		.pattern = pattern,
		.starts = str_of(pattern->starts),
		.ends = str_of(pattern->ends),
	};
	row->code = pcre2_compile(
		(PCRE2_SPTR)pattern->regex, PCRE2_ZERO_TERMINATED, options, &number, &at, NULL);
	if (!row->code) {
		PCRE2_UCHAR reason[128];
		pcre2_get_error_message(number, reason, sizeof reason);
		return err_set(err, ERR_FAILED, "pattern '%s' is wrong at %zu: %s", pattern->regex,
			at, (const char *)reason);
	}
	/* Where there is no JIT for this machine, matching is slower but the same. */
	row->jit = pcre2_jit_compile(row->code, PCRE2_JIT_COMPLETE) == 0;
	return 0;
}

static void
index_row(struct pattern_set *set, size_t number)
{
	const struct compiled *row = &set->rows[number];

	for (size_t byte = 0; byte < 256; byte++) {
		struct candidates *candidates = &set->by_first_byte[byte];
		if (row->starts.n && (unsigned char)row->starts.p[0] != byte)
			continue;
		candidates->rows = array_grow(candidates->rows, &candidates->capacity,
			candidates->count + 1, sizeof *candidates->rows);
		candidates->rows[candidates->count++] = (unsigned short)number;
	}
}

static bool
is_printed_by(const struct pattern *pattern, int minor)
{
	const struct go_range *go = &pattern->go;

	return minor == GO_UNKNOWN ||
	       ((!go->since || minor >= go->since) && (!go->until || minor <= go->until));
}

int
pattern_set_new(
	struct pattern_set **out, const struct pattern *const *tables, int minor, struct err *err)
{
	struct pattern_set *set = NULL;
	size_t one = 0;

	set = array_grow(set, &one, 1, sizeof *set);
	*set = (struct pattern_set){
		.match = pcre2_match_data_create(PATTERN_GROUPS + 8, NULL),
		.context = pcre2_match_context_create(NULL),
	};
	pcre2_set_match_limit(set->context, MATCH_LIMIT);
	pcre2_set_depth_limit(set->context, DEPTH_LIMIT);
	for (; *tables; tables++) {
		for (const struct pattern *pattern = *tables; pattern->regex; pattern++) {
			if (!is_printed_by(pattern, minor))
				continue;
			set->rows = array_grow(
				set->rows, &set->capacity, set->count + 1, sizeof *set->rows);
			if (compile(&set->rows[set->count++], pattern, err) != 0) {
				pattern_set_free(set);
				return -1;
			}
			index_row(set, set->count - 1);
		}
	}
	*out = set;
	return 0;
}

static void
fill(struct message *message, const struct pattern *pattern, struct str text,
	pcre2_match_data *match, int groups)
{
	const PCRE2_SIZE *ovector = pcre2_get_ovector_pointer(match);

	message->kind = pattern->kind;
	message->pattern = pattern;
	message->group_count = 0;
	for (size_t i = 0; i < PATTERN_GROUPS && i + 1 < (size_t)groups; i++) {
		PCRE2_SIZE from = ovector[2 * (i + 1)], to = ovector[2 * (i + 1) + 1];
		message->group[i] = from == PCRE2_UNSET ? (struct str){"", 0}
							: (struct str){text.p + from, to - from};
		message->group_count = i + 1;
	}
}

struct str
message_field(const struct message *message, enum field field)
{
	for (size_t i = 0; i < message->group_count; i++)
		if (message->pattern->groups[i] == field)
			return message->group[i];
	return (struct str){"", 0};
}

/* The number of groups, or less than 1. */
static int
match_row(const struct pattern_set *set, const struct compiled *row, struct str text)
{
	PCRE2_SPTR subject = (PCRE2_SPTR)text.p;

	/* Without the checks of arguments, which never change. */
	if (row->jit)
		return pcre2_jit_match(row->code, subject, text.n, 0, 0, set->match, set->context);
	return pcre2_match(row->code, subject, text.n, 0, 0, set->match, set->context);
}

void
pattern_set_match(struct pattern_set *set, struct str text, struct message *message)
{
	const struct candidates *candidates =
		&set->by_first_byte[text.n ? (unsigned char)text.p[0] : 0];

	const char last = text.n ? text.p[text.n - 1] : '\0';

	for (size_t i = 0; i < candidates->count; i++) {
		const struct compiled *row = &set->rows[candidates->rows[i]];
		/* The last byte alone rules most of them out. */
		if (row->ends.n && row->ends.p[row->ends.n - 1] != last)
			continue;
		if (!str_starts(text, row->starts) || !str_ends(text, row->ends))
			continue;
		int groups = match_row(set, row, text);
		if (groups > 0) {
			fill(message, row->pattern, text, set->match, groups);
			return;
		}
	}
	message->kind = MESSAGE_NONE;
	message->pattern = NULL;
	message->group_count = 0;
}

void
pattern_set_free(struct pattern_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->count; i++)
		pcre2_code_free(set->rows[i].code);
	for (size_t byte = 0; byte < 256; byte++)
		free(set->by_first_byte[byte].rows);
	pcre2_match_data_free(set->match);
	pcre2_match_context_free(set->context);
	free(set->rows);
	free(set);
}

bool
pattern_library(struct buf *version)
{
	char text[64];
	int number;
	PCRE2_SIZE at;

	pcre2_config(PCRE2_CONFIG_VERSION, text);
	buf_add(version, (struct str){text, strcspn(text, " ")});
	pcre2_code *code =
		pcre2_compile((PCRE2_SPTR) "a", PCRE2_ZERO_TERMINATED, 0, &number, &at, NULL);
	bool compiles = code && pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0;
	pcre2_code_free(code);
	return compiles;
}
