#include "parsers/parser.h"

#include "parsers/pattern.h"
#include "parsers/position.h"
#include "parsers/unit.h"

struct parser {
	struct snapshot *snapshot;
	struct pattern_set *messages, *outer;
	struct buf partial; /* the beginning of a line whose end has not come yet */
	struct unit unit;
};

int
parser_new(struct parser **out, struct snapshot *snapshot, const struct parser_options *options,
	struct err *err)
{
	static const struct pattern *const details[] = {detail_patterns, NULL};
	static const struct pattern *const messages[] = {
		inline_patterns, escape_patterns, other_patterns, NULL};
	static const struct pattern *const outer[] = {gocmd_patterns, NULL};
	struct parser *parser = NULL;
	size_t one = 0;

	parser = array_grow(parser, &one, 1, sizeof *parser);
	*parser = (struct parser){.snapshot = snapshot, .unit.options = *options};
	if (pattern_set_new(&parser->unit.details, details, err) != 0 ||
		pattern_set_new(&parser->messages, messages, err) != 0 ||
		pattern_set_new(&parser->outer, outer, err) != 0) {
		parser_free(parser);
		return -1;
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
	pattern_set_free(parser->unit.details);
	pattern_set_free(parser->messages);
	pattern_set_free(parser->outer);
	unit_release(&parser->unit);
	buf_release(&parser->partial);
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

	if (options->on_other)
		options->on_other(line, parser->unit.package, known, options->ctx);
}

static void
outer_line(struct parser *parser, struct str line)
{
	struct unit *unit = &parser->unit;
	struct message message;

	pattern_set_match(parser->outer, line, &message);
	if (message.kind == MESSAGE_UNIT) {
		unit_finish(unit, parser->snapshot);
		unit_begin(unit, message.field[FIELD_FUNCTION], parser->snapshot);
	} else if (message.kind == MESSAGE_NONE || message.kind == MESSAGE_GO) {
		pass_on(parser, line, message.kind == MESSAGE_GO);
	} else {
		unit_message(unit, &message, line, (struct position){0}, ORIGIN_UNKNOWN,
			parser->snapshot);
	}
}

static void
located_line(struct parser *parser, struct str line, const struct located *located)
{
	struct unit *unit = &parser->unit;
	struct message message;
	enum origin origin;

	struct position at = unit_position(
		unit, located->file, located->line, located->column, &origin, parser->snapshot);
	if (located->rest.n && located->rest.p[0] == ' ') {
		if (!unit_detail(unit, located->rest, at))
			pass_on(parser, line, false);
		return;
	}
	pattern_set_match(parser->messages, located->rest, &message);
	if (message.kind == MESSAGE_NONE || message.kind == MESSAGE_GO)
		pass_on(parser, line, message.kind == MESSAGE_GO);
	else
		unit_message(unit, &message, located->rest, at, origin, parser->snapshot);
}

static void
take_line(struct parser *parser, struct str line)
{
	struct located located;

	parser->snapshot->lines.total++;
	if (parser->unit.package && !str_starts(line, STR("# ")) && located_split(&located, line))
		located_line(parser, line, &located);
	else
		outer_line(parser, line);
}

void
parser_feed(struct parser *parser, struct str bytes)
{
	const char *newline;

	while (bytes.n && (newline = memchr(bytes.p, '\n', bytes.n))) {
		struct str line = {bytes.p, (size_t)(newline - bytes.p)};
		bytes = str_from(bytes, line.n + 1);
		if (parser->partial.n) {
			buf_add(&parser->partial, line);
			take_line(parser, buf_str(&parser->partial));
			buf_clear(&parser->partial);
		} else {
			take_line(parser, line);
		}
	}
	buf_add(&parser->partial, bytes);
}

void
parser_finish(struct parser *parser)
{
	if (parser->partial.n)
		take_line(parser, buf_str(&parser->partial));
	buf_clear(&parser->partial);
	unit_finish(&parser->unit, parser->snapshot);
	unit_begin(&parser->unit, STR(""), parser->snapshot);
	snapshot_sort(parser->snapshot);
}
