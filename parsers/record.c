#include "parsers/record.h"

#include "parsers/quotes.h"
#include "src/base/cleanup.h"

/* What is kept of a line that is too long: enough to show it. */
#define BEGINNING 256

static void
take(struct record_reader *reader, struct str record, size_t lines)
{
	reader->rules.take(record, lines, true, reader->rules.ctx);
}

static bool
is_understood(const struct record_reader *reader, struct str record)
{
	return reader->rules.is_understood(record, reader->rules.ctx);
}

/* Whether a line that nothing was held before is only the beginning of a record. */
static bool
begins_record(struct record_reader *reader, struct str line)
{
	const struct record_rules *rules = &reader->rules;

	if (rules->odd.count && located_is_broken(line, &rules->odd))
		return true;
	if (rules->raw_strings == RAW_STRINGS_QUOTED || !memchr(line.p, '`', line.n))
		return false;
	reader->in_raw_string = quotes_scan(false, line, &rules->odd);
	if (reader->in_raw_string && rules->raw_strings == RAW_STRINGS_UNKNOWN)
		reader->in_raw_string = !is_understood(reader, line);
	return reader->in_raw_string;
}

static void
hold(struct record_reader *reader, struct str line)
{
	if (reader->held_lines++)
		buf_add_char(&reader->held, '\n');
	buf_add(&reader->held, line);
}

static void take_line(struct record_reader *reader, struct str line);

/* What is held makes no record: the first line is taken alone. The others may begin another one,
 * but not where the held lines went on to a limit: then none of them is held again. */
static void
give_up(struct record_reader *reader, bool at_limit)
{
	CLEANUP(buf_release) struct buf held = reader->held;
	struct str rest = buf_str(&held);
	size_t lines = reader->held_lines;

	reader->held = (struct buf){0};
	reader->held_lines = 0;
	reader->in_raw_string = false;
	for (size_t i = 0; i < lines; i++) {
		struct str line = {"", 0};
		str_next(&line, &rest, '\n');
		if (i == 0 || at_limit)
			take(reader, line, 1);
		else
			take_line(reader, line);
	}
}

static void
complete(struct record_reader *reader)
{
	struct str record = buf_str(&reader->held);

	if (!is_understood(reader, record)) {
		give_up(reader, false);
		return;
	}
	take(reader, record, reader->held_lines);
	buf_clear(&reader->held);
	reader->held_lines = 0;
}

static void
continue_record(struct record_reader *reader, struct str line)
{
	const struct record_rules *rules = &reader->rules;

	hold(reader, line);
	if (rules->raw_strings != RAW_STRINGS_QUOTED)
		reader->in_raw_string = quotes_scan(reader->in_raw_string, line, &rules->odd);
	if (reader->held.n > RECORD_LIMIT)
		give_up(reader, true);
	else if (!reader->in_raw_string && !located_is_broken(buf_str(&reader->held), &rules->odd))
		complete(reader);
}

static void
take_line(struct record_reader *reader, struct str line)
{
	if (reader->held_lines)
		continue_record(reader, line);
	else if (begins_record(reader, line))
		hold(reader, line);
	else
		take(reader, line, 1);
}

/* The line is longer than any message: tell its beginning and pass over the rest. */
static void
refuse_line(struct record_reader *reader, struct str beginning)
{
	if (reader->held_lines)
		give_up(reader, true);
	if (beginning.n > BEGINNING)
		beginning.n = BEGINNING;
	reader->rules.take(beginning, 1, false, reader->rules.ctx);
}

static struct str
without_return(struct record_reader *reader, struct str line)
{
	bool has_return = str_ends(line, STR("\r"));

	if (reader->line_ends == LINE_ENDS_UNKNOWN)
		reader->line_ends = has_return ? LINE_ENDS_RETURN : LINE_ENDS_NEWLINE;
	if (reader->line_ends == LINE_ENDS_RETURN && has_return)
		line.n--;
	return line;
}

static void
take_any_line(struct record_reader *reader, struct str line)
{
	line = without_return(reader, line);
	if (line.n > RECORD_LIMIT)
		refuse_line(reader, line);
	else
		take_line(reader, line);
}

/* A line's end: what was kept of it and the last piece are put together. */
static void
end_line(struct record_reader *reader, struct str piece)
{
	if (reader->skipping) {
		reader->skipping = false;
	} else if (reader->partial.n == 0) {
		take_any_line(reader, piece);
	} else {
		buf_add(&reader->partial, piece);
		take_any_line(reader, buf_str(&reader->partial));
		buf_clear(&reader->partial);
	}
}

void
record_feed(struct record_reader *reader, struct str bytes)
{
	const char *newline;

	while (bytes.n && (newline = memchr(bytes.p, '\n', bytes.n))) {
		struct str piece = {bytes.p, (size_t)(newline - bytes.p)};
		bytes = str_from(bytes, piece.n + 1);
		end_line(reader, piece);
	}
	if (reader->skipping)
		return;
	buf_add(&reader->partial, bytes);
	if (reader->partial.n > RECORD_LIMIT) {
		refuse_line(reader, buf_str(&reader->partial));
		buf_release(&reader->partial);
		reader->skipping = true;
	}
}

void
record_finish(struct record_reader *reader)
{
	if (reader->partial.n)
		end_line(reader, (struct str){"", 0});
	reader->skipping = false;
	if (reader->held_lines)
		give_up(reader, true);
}

void
record_release(struct record_reader *reader)
{
	buf_release(&reader->partial);
	buf_release(&reader->held);
	*reader = (struct record_reader){0};
}
