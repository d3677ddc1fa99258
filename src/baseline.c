#include "src/baseline.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define FORMAT "heapwarden-baseline"
#define FORMAT_VERSION "1"

/* What a new file says of itself. */
static const char new_header[] =
	"# Findings of heapwarden that are accepted: heapwarden baseline --help.\n"
	"# To have git merge it line by line, put into .gitattributes: .heapwarden-baseline "
	"merge=union\n"
	"\n";

/* ---- days ---- */

bool
baseline_is_day(const char *text)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	struct str day = str_of(text);

	if (day.n != 10 || text[4] != '-' || text[7] != '-')
		return false;
	int year = str_int((struct str){text, 4}), month = str_int((struct str){text + 5, 2}),
	    of_month = str_int((struct str){text + 8, 2});
	return year >= 0 && month >= 1 && month <= 12 && of_month >= 1 &&
	       of_month <= days[month - 1];
}

void
baseline_day(char out[11], int64_t seconds)
{
	time_t time = (time_t)seconds;
	struct tm parts;

	out[0] = '\0';
	if (gmtime_r(&time, &parts))
		strftime(out, 11, "%Y-%m-%d", &parts);
}

bool
baseline_is_expired(const struct baseline_entry *entry, const char *day)
{
	return entry->expires && strcmp(day, entry->expires) > 0;
}

/* ---- reading ---- */

struct reading {
	struct baseline *out;
	const char *fingerprints;
	int line;
	bool format_seen;
	struct buf comment; /* comments and empty lines that belong to nothing yet */
	struct err *err;
};

static int
wrong(const struct reading *reading, const char *what)
{
	return err_set(reading->err, ERR_USAGE, "%s, line %d: %s", reading->out->path,
		reading->line, what);
}

static char
unescaped(char c)
{
	return c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
}

/* What is in quotes at the front of the text, which begins with one. */
static int
take_quoted(struct buf *word, const struct reading *reading, struct str *rest)
{
	size_t i = 1;

	for (; i < rest->n && rest->p[i] != '"'; i++) {
		bool escape = rest->p[i] == '\\' && i + 1 < rest->n;
		i += escape;
		buf_add_char(word, escape ? unescaped(rest->p[i]) : rest->p[i]);
	}
	if (i >= rest->n)
		return wrong(reading, "a quote is not closed");
	*rest = str_from(*rest, i + 1);
	if (rest->n && rest->p[0] != ' ' && rest->p[0] != '\t')
		return wrong(reading, "there is no blank behind a quoted text");
	return 0;
}

/* Take the next word off the line: up to a blank, or, from a quote on, up to the one that closes
 * it. Its text is in the arena; NULL at the end of the line. */
static int
take_word(const char **out, const struct reading *reading, struct str *rest)
{
	CLEANUP(buf_release) struct buf word = {0};

	*rest = str_unindented(*rest);
	*out = NULL;
	if (rest->n == 0)
		return 0;
	while (rest->n && !memchr(" \t\"", rest->p[0], 3)) {
		buf_add_char(&word, rest->p[0]);
		*rest = str_from(*rest, 1);
	}
	if (rest->n && rest->p[0] == '"' && take_quoted(&word, reading, rest) != 0)
		return -1;
	*out = arena_str(&reading->out->arena, buf_str(&word));
	return 0;
}

static int
read_format(struct reading *reading, struct str line)
{
	const char *words[5] = {0};
	struct baseline *out = reading->out;

	for (size_t i = 0; i < 5; i++)
		if (take_word(&words[i], reading, &line) != 0)
			return -1;
	if (!words[1] || !words[2] || !words[3] || words[4] || strcmp(words[2], "fingerprint") != 0)
		return wrong(reading, "this is not '" FORMAT " " FORMAT_VERSION " fingerprint N'");
	if (strcmp(words[1], FORMAT_VERSION) != 0)
		return wrong(reading, "a newer heapwarden has written this file");
	/* Merged files may have it twice. */
	out->other_fingerprints =
		out->other_fingerprints || strcmp(words[3], reading->fingerprints) != 0;
	if (!reading->format_seen) {
		out->header = arena_str(&out->arena, buf_str(&reading->comment));
		buf_clear(&reading->comment);
	}
	reading->format_seen = true;
	return 0;
}

static bool
is_fingerprint(const char *text)
{
	return strlen(text) == 10 && strspn(text, "0123456789abcdef") == 10;
}

/* "reason=…", "author=…", "expires=…" */
static int
read_field(struct baseline_entry *entry, const struct reading *reading, const char *word)
{
	const char *value = strchr(word, '=');
	const struct {
		const char *name;
		const char **field;
	} fields[] = {
		{"reason", &entry->reason},
		{"author", &entry->author},
		{"expires", &entry->expires},
	};

	for (size_t i = 0; value && i < sizeof fields / sizeof *fields; i++) {
		struct str name = {word, (size_t)(value - word)};
		if (!str_eq(name, str_of(fields[i].name)))
			continue;
		if (*fields[i].field)
			return wrong(reading, "something is said twice");
		*fields[i].field = value + 1;
		return 0;
	}
	return wrong(
		reading, "behind the expression only reason=, author= and expires= may follow");
}

static int
read_fields(struct baseline_entry *entry, const struct reading *reading, struct str line)
{
	const char **fixed[] = {
		&entry->id, &entry->kind, &entry->package, &entry->function, &entry->expression};
	const char *word;

	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
		if (take_word(fixed[i], reading, &line) != 0)
			return -1;
		if (!*fixed[i])
			return wrong(reading,
				"an entry is: fingerprint kind package function expression "
				"reason=\"…\"");
	}
	for (;;) {
		if (take_word(&word, reading, &line) != 0)
			return -1;
		if (!word)
			return 0;
		if (read_field(entry, reading, word) != 0)
			return -1;
	}
}

static int
read_entry(struct reading *reading, struct str line)
{
	struct baseline_entry entry = {.line = reading->line};

	if (!reading->format_seen)
		return wrong(reading, "this is no baseline: '" FORMAT " " FORMAT_VERSION
				      " fingerprint N' must stand before the first entry");
	if (read_fields(&entry, reading, line) != 0)
		return -1;
	if (!is_fingerprint(entry.id))
		return wrong(reading, "a fingerprint has 10 hexadecimal digits, in lower case");
	if (!entry.reason || !entry.reason[0])
		return wrong(reading, "there is no reason=: say why this is accepted");
	if (entry.expires && !baseline_is_day(entry.expires))
		return wrong(reading, "expires= is a day, such as 2027-01-31");
	entry.comment = arena_str(&reading->out->arena, buf_str(&reading->comment));
	buf_clear(&reading->comment);
	*baseline_add(reading->out) = entry;
	return 0;
}

static int
read_line(struct reading *reading, struct str line)
{
	struct str text = str_unindented(line);

	if (text.n == 0 || text.p[0] == '#') {
		buf_add(&reading->comment, line);
		buf_add_char(&reading->comment, '\n');
		return 0;
	}
	struct str rest = text, word;
	if (str_next(&word, &rest, ' ') && str_eq(word, STR(FORMAT)))
		return read_format(reading, text);
	return read_entry(reading, text);
}

static void
reading_release(struct reading *reading)
{
	buf_release(&reading->comment);
}

int
baseline_read(struct baseline *out, struct str text, const char *path, const char *fingerprints,
	struct err *err)
{
	CLEANUP(reading_release)
	struct reading reading = {.out = out, .fingerprints = fingerprints, .err = err};
	struct str line;

	*out = (struct baseline){0};
	out->path = arena_strdup(&out->arena, path);
	while (str_next(&line, &text, '\n')) {
		if (str_ends(line, STR("\r")))
			line.n--;
		reading.line++;
		if (read_line(&reading, line) != 0)
			return -1;
	}
	const char *rest = arena_str(&out->arena, buf_str(&reading.comment));
	*(reading.format_seen ? &out->footer : &out->header) = rest;
	return 0;
}

static bool
lasts_longer(const struct baseline_entry *one, const struct baseline_entry *other)
{
	if (!one->expires || !other->expires)
		return !one->expires && other->expires;
	return strcmp(one->expires, other->expires) > 0;
}

struct baseline_entry *
baseline_find(const struct baseline *baseline, const char *id)
{
	struct baseline_entry *found = NULL;

	for (size_t i = 0; i < baseline->count; i++) {
		struct baseline_entry *entry = &baseline->entries[i];
		if (entry->dropped || strcmp(entry->id, id) != 0)
			continue;
		if (!found || lasts_longer(entry, found))
			found = entry;
	}
	return found;
}

struct baseline_entry *
baseline_add(struct baseline *baseline)
{
	baseline->entries = array_grow(baseline->entries, &baseline->capacity, baseline->count + 1,
		sizeof *baseline->entries);
	baseline->entries[baseline->count] = (struct baseline_entry){.comment = ""};
	return &baseline->entries[baseline->count++];
}

/* ---- writing ---- */

static void
add_quoted(struct buf *out, const char *text)
{
	buf_add_char(out, '"');
	for (; *text; text++) {
		const char *special = strchr("\nn\tt\rr", *text);
		if (*text == '"' || *text == '\\')
			buf_add_char(out, '\\');
		if (special && (unsigned char)*text < ' ')
			buf_printf(out, "\\%c", special[1]);
		else
			buf_add_char(out, *text);
	}
	buf_add_char(out, '"');
}

static void
add_word(struct buf *out, const char *word)
{
	if (word[0] && !strpbrk(word, " \t\r\n\"\\"))
		buf_add(out, str_of(word));
	else
		add_quoted(out, word);
}

static void
format_entry(struct buf *out, const struct baseline_entry *entry)
{
	const char *words[] = {entry->kind, entry->package, entry->function};

	buf_add(out, str_of(entry->comment));
	buf_add(out, str_of(entry->id));
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		buf_add_char(out, ' ');
		add_word(out, words[i]);
	}
	buf_add_char(out, ' ');
	add_quoted(out, entry->expression);
	buf_add(out, STR(" reason="));
	add_quoted(out, entry->reason);
	if (entry->author) {
		buf_add(out, STR(" author="));
		add_quoted(out, entry->author);
	}
	if (entry->expires)
		buf_printf(out, " expires=%s", entry->expires);
	buf_add_char(out, '\n');
}

static int
compare_entries(const void *one, const void *two)
{
	const struct baseline_entry *a = one, *b = two;
	int order = strcmp(a->package, b->package);

	if (order == 0)
		order = strcmp(a->function, b->function);
	if (order == 0)
		order = strcmp(a->expression, b->expression);
	if (order == 0)
		order = strcmp(a->id, b->id);
	return order ? order : a->line - b->line;
}

void
baseline_format(struct buf *out, struct baseline *baseline, const char *fingerprints)
{
	if (baseline->count)
		qsort(baseline->entries, baseline->count, sizeof *baseline->entries,
			compare_entries);
	buf_add(out, str_of(baseline->header ? baseline->header : new_header));
	buf_printf(out, FORMAT " " FORMAT_VERSION " fingerprint %s\n", fingerprints);
	for (size_t i = 0; i < baseline->count; i++)
		if (!baseline->entries[i].dropped)
			format_entry(out, &baseline->entries[i]);
	if (baseline->footer)
		buf_add(out, str_of(baseline->footer));
}

void
baseline_release(struct baseline *baseline)
{
	free(baseline->entries);
	arena_release(&baseline->arena);
	*baseline = (struct baseline){0};
}
