#include "parsers/parser.h"

#include <limits.h>

#include "parsers/record.h"
#include "parsers/unit.h"

struct parser_patterns {
	struct pattern_set *details, *messages, *outer;
};

struct parser {
	struct snapshot *snapshot;
	struct parser_patterns *patterns, *own_patterns;
	struct record_reader records;
	struct unit unit;
	struct buf
		position; /* of the last record, as printed: most records share their neighbour's */
	struct place place; /* what it was resolved to */
	size_t counts[MESSAGE_KIND_COUNT];
};

/* A record, classified. Made for each line: nothing is cleared that is not read. */
struct reading {
	struct message message;
	struct str text; /* behind the position */
	bool located;
	bool same_place;   /* as the record before */
	struct located at; /* where it is located, and not at the same place */
};

/* A development version is newer than all. */
static int
minor_version(const char *go_version)
{
	int minor = go_minor_version(go_version);

	return go_version && minor == 0 ? INT_MAX : minor;
}

static enum raw_strings
raw_strings_of(int minor)
{
	if (minor == GO_UNKNOWN)
		return RAW_STRINGS_UNKNOWN;
	return minor < 22 ? RAW_STRINGS_PRINTED : RAW_STRINGS_QUOTED;
}

int
parser_patterns_new(struct parser_patterns **out, const char *go_version, struct err *err)
{
	static const struct pattern *const details[] = {detail_patterns, NULL};
	static const struct pattern *const messages[] = {
		inline_patterns, escape_patterns, other_patterns, NULL};
	static const struct pattern *const outer[] = {gocmd_patterns, NULL};
	struct parser_patterns *patterns = NULL;
	size_t one = 0;
	int minor = minor_version(go_version);

	patterns = array_grow(patterns, &one, 1, sizeof *patterns);
	*patterns = (struct parser_patterns){0};
	if (pattern_set_new(&patterns->details, details, minor, err) != 0 ||
		pattern_set_new(&patterns->messages, messages, minor, err) != 0 ||
		pattern_set_new(&patterns->outer, outer, minor, err) != 0) {
		parser_patterns_free(patterns);
		return -1;
	}
	*out = patterns;
	return 0;
}

void
parser_patterns_free(struct parser_patterns *patterns)
{
	if (!patterns)
		return;
	pattern_set_free(patterns->details);
	pattern_set_free(patterns->messages);
	pattern_set_free(patterns->outer);
	free(patterns);
}

static void take_record(struct str record, size_t lines, bool whole, void *ctx);
static bool is_understood(struct str record, void *ctx);

int
parser_new(struct parser **out, struct snapshot *snapshot, const struct parser_options *options,
	struct err *err)
{
	struct parser *parser = NULL;
	size_t one = 0;
	int minor = minor_version(options->go_version);

	parser = array_grow(parser, &one, 1, sizeof *parser);
	*parser = (struct parser){.snapshot = snapshot};
	parser->records.rules = (struct record_rules){
		.raw_strings = raw_strings_of(minor),
		.odd = {options->odd_names, options->odd_name_count},
		.take = take_record,
		.is_understood = is_understood,
		.ctx = parser,
	};
	unit_init(&parser->unit, options, snapshot);
	parser->unit.minor = minor;
	parser->patterns = options->patterns;
	if (!parser->patterns) {
		if (parser_patterns_new(&parser->own_patterns, options->go_version, err) != 0) {
			parser_free(parser);
			return -1;
		}
		parser->patterns = parser->own_patterns;
	}
	snapshot->go_version = arena_strdup(&snapshot->arena, options->go_version);
	*out = parser;
	return 0;
}

void
parser_free(struct parser *parser)
{
	if (!parser)
		return;
	parser_patterns_free(parser->own_patterns);
	record_release(&parser->records);
	unit_release(&parser->unit);
	buf_release(&parser->position);
	free(parser);
}

void
parser_cleanup(struct parser **parser)
{
	parser_free(*parser);
}

static void
pass_on(struct parser *parser, struct str line, bool known)
{
	const struct parser_options *options = &parser->unit.options;
	const char *package = parser->unit.package;

	if (options->on_other)
		options->on_other(line, *package ? package : NULL, known, options->ctx);
}

/* Split off the position. */
static void
locate(const struct parser *parser, struct str record, struct reading *reading)
{
	struct str position = buf_str(&parser->position);

	if (position.n && str_starts(record, position)) {
		reading->located = reading->same_place = true;
		reading->text = str_from(record, position.n);
	} else if (located_split(&reading->at, record, &parser->records.rules.odd)) {
		reading->located = true;
		reading->text = reading->at.rest;
	}
}

/* Classify, and change nothing. */
static void
read_record(struct parser *parser, struct str record, struct reading *reading)
{
	reading->text = record;
	reading->located = reading->same_place = false;
	/* A header, or source that the C compiler quotes; but a //line directive may say anything.
	 */
	if (str_starts(record, STR("# ")) || str_starts(record, STR(" "))) {
		pattern_set_match(parser->patterns->outer, record, &reading->message);
		if (reading->message.kind != MESSAGE_NONE)
			return;
	}
	locate(parser, record, reading);
	struct pattern_set *set = parser->patterns->messages;
	if (!reading->located)
		set = parser->patterns->outer;
	else if (reading->text.n && reading->text.p[0] == ' ')
		set = parser->patterns->details;
	pattern_set_match(set, reading->text, &reading->message);
}

static bool
is_understood(struct str record, void *ctx)
{
	struct reading reading;

	read_record(ctx, record, &reading);
	return reading.message.kind != MESSAGE_NONE;
}

/* Resolve the position, and remember how it was printed. */
static const struct place *
place_of(struct parser *parser, const struct reading *reading, struct str record)
{
	/* As the explanation of such a message has it. */
	static const struct place nowhere = {
		.at.file = "<unknown line number>", .origin = ORIGIN_UNKNOWN};

	if (!reading->located)
		return &nowhere;
	if (!reading->same_place) {
		parser->place = unit_place(&parser->unit, &reading->at);
		buf_clear(&parser->position);
		buf_add(&parser->position, (struct str){record.p, record.n - reading->text.n});
	}
	return &parser->place;
}

static void
begin_unit(struct parser *parser, struct str package, struct str program)
{
	unit_finish(&parser->unit);
	unit_begin(&parser->unit, package, program);
	buf_clear(&parser->position);
}

/* What only newer versions print tells which one it was, where nobody said. */
static void
learn_version(struct parser *parser, const struct pattern *pattern)
{
	int since = pattern ? pattern->go.since : 0;

	if (parser->unit.options.go_version || since <= parser->unit.minor)
		return;
	parser->unit.minor = since;
	if (since >= 22)
		parser->records.rules.raw_strings = RAW_STRINGS_QUOTED;
}

/* False where nothing can be made of the message. */
static bool
make_fact(struct parser *parser, const struct reading *reading, const struct place *place)
{
	struct unit *unit = &parser->unit;

	if (unit_is_full(unit))
		return false;
	if (reading->text.p[0] == ' ')
		return unit_detail(unit, &reading->message, &place->at);
	unit_message(unit, &reading->message, reading->text, place);
	return true;
}

static void
take_reading(struct parser *parser, const struct reading *reading, struct str record)
{
	const struct parser_options *options = &parser->unit.options;
	enum message_kind kind = reading->message.kind;
	const struct place *place = place_of(parser, reading, record);

	learn_version(parser, reading->message.pattern);
	parser->counts[kind]++;
	if (options->on_message)
		options->on_message(message_kind_name(kind),
			reading->located ? &place->at : &(struct position){0}, reading->text,
			options->ctx);
	if (kind == MESSAGE_UNIT)
		begin_unit(parser, message_field(&reading->message, FIELD_FUNCTION),
			message_field(&reading->message, FIELD_WHY));
	if (options->on_record && kind != MESSAGE_GO)
		options->on_record(record, parser->unit.package, options->ctx);
	if (kind == MESSAGE_UNIT)
		return;
	if (kind == MESSAGE_NONE || kind == MESSAGE_GO || !make_fact(parser, reading, place))
		pass_on(parser, record, kind == MESSAGE_GO);
}

static void
take_record(struct str record, size_t lines, bool whole, void *ctx)
{
	struct parser *parser = ctx;
	struct reading reading;

	parser->snapshot->lines.total += lines;
	if (whole)
		read_record(parser, record, &reading);
	else
		reading = (struct reading){.text = record};
	take_reading(parser, &reading, record);
}

void
parser_feed(struct parser *parser, struct str bytes)
{
	record_feed(&parser->records, bytes);
}

/* Of what was read into the snapshot before. */
static size_t
counted_before(const struct line_counts *lines, const char *name)
{
	for (size_t i = 0; i < lines->kind_count; i++)
		if (strcmp(lines->kinds[i].name, name) == 0)
			return lines->kinds[i].count;
	return 0;
}

static void
count_kinds(struct parser *parser)
{
	struct line_counts *lines = &parser->snapshot->lines;
	struct line_kind *kinds =
		arena_alloc(&parser->snapshot->arena, MESSAGE_KIND_COUNT * sizeof *kinds);
	size_t kept = 0;

	for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++) {
		const char *name = message_kind_name((enum message_kind)kind);
		size_t count = parser->counts[kind] + counted_before(lines, name);
		if (!count)
			continue;
		kinds[kept++] = (struct line_kind){name, count};
		if (message_is_not_needed((enum message_kind)kind))
			lines->not_needed += parser->counts[kind];
	}
	lines->kinds = kinds;
	lines->kind_count = kept;
}

void
parser_finish(struct parser *parser)
{
	record_finish(&parser->records);
	begin_unit(parser, STR(""), STR(""));
	count_kinds(parser);
	snapshot_sort(parser->snapshot);
}
