#include "src/repo_config.h"

#include <ctype.h>
#include <git2.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "src/base/arena.h"
#include "src/base/file.h"

/* An entry or a section header as the text has it. libgit2 gives no lines: they are found here. */
struct place {
	const char *section;    /* NULL: before any */
	const char *subsection; /* NULL: none */
	const char *key;        /* NULL: this is the header */
	int line;
	bool taken;
};

struct scan {
	struct arena arena;
	struct str rest;
	int line;
	const char *section, *subsection;
	struct place *places;
	size_t count, capacity;
};

static void
scan_release(struct scan *scan)
{
	free(scan->places);
	arena_release(&scan->arena);
}

static void
add_place(struct scan *scan, const char *key)
{
	scan->places =
		array_grow(scan->places, &scan->capacity, scan->count + 1, sizeof *scan->places);
	scan->places[scan->count++] =
		(struct place){scan->section, scan->subsection, key, scan->line, false};
}

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '.';
}

/* The letters of a name from there on. */
static struct str
word_of(struct str text)
{
	size_t n = 0;

	while (n < text.n && is_word(text.p[n]))
		n++;
	return (struct str){text.p, n};
}

/* "…" with \" and \\ in it; *text is what follows. */
static const char *
quoted(struct scan *scan, struct str *text)
{
	CLEANUP(buf_release) struct buf out = {0};

	for (*text = str_from(*text, 1); text->n && text->p[0] != '"'; *text = str_from(*text, 1)) {
		if (text->p[0] == '\\')
			*text = str_from(*text, 1);
		if (text->n)
			buf_add_char(&out, text->p[0]);
	}
	*text = str_from(*text, 1);
	return arena_str(&scan->arena, buf_str(&out));
}

/* [section], [section "subsection"], and what stands behind it. */
static struct str
scan_header(struct scan *scan, struct str line)
{
	struct str text = str_unindented(str_from(line, 1));
	struct str name = word_of(text);

	scan->section = arena_str(&scan->arena, name);
	scan->subsection = NULL;
	text = str_unindented(str_from(text, name.n));
	if (text.n && text.p[0] == '"')
		scan->subsection = quoted(scan, &text);
	add_place(scan, NULL);
	text = str_unindented(text);
	return text.n && text.p[0] == ']' ? str_unindented(str_from(text, 1)) : text;
}

/* Whether the value goes on in the next line: it ends in a backslash that no other one precedes,
 * and that is in no comment. */
static bool
continues(struct str line)
{
	bool quote = false, escaped = false;

	if (str_ends(line, STR("\r")))
		line.n--;
	for (size_t i = 0; i < line.n; i++) {
		char c = line.p[i];
		if (!escaped && !quote && (c == '#' || c == ';'))
			return false;
		quote ^= !escaped && c == '"';
		escaped = !escaped && c == '\\';
	}
	return escaped;
}

static bool
scan_line(struct scan *scan, struct str *line)
{
	scan->line++;
	return str_next(line, &scan->rest, '\n');
}

static void
scan_text(struct scan *scan, struct str text)
{
	struct str line;

	scan->rest = str_starts(text, STR("\xef\xbb\xbf")) ? str_from(text, 3) : text;
	while (scan_line(scan, &line)) {
		struct str at = str_unindented(line);
		while (at.n && at.p[0] == '[')
			at = scan_header(scan, at);
		struct str key = word_of(at);
		if (!key.n)
			continue;
		add_place(scan, arena_str(&scan->arena, key));
		while (continues(line) && scan_line(scan, &line))
			;
	}
}

/* Any header that begins so, wherever it stands: rather one too many than a file that is read. */
static int
refuse_includes(struct str text, const char *name, struct err *err)
{
	int line = 1;

	for (size_t i = 0; i < text.n; i++) {
		line += text.p[i] == '\n';
		if (text.p[i] != '[')
			continue;
		struct str word = word_of(str_unindented(str_from(text, i + 1)));
		if (word.n >= 7 && strncasecmp(word.p, "include", 7) == 0)
			return err_set(err, ERR_USAGE,
				"%s:%d: [%.*s] is not possible here: what a repository asks for "
				"must stand in this file itself, no other file is read",
				name, line, STR_ARG(word));
	}
	return 0;
}

static bool
is_place_of(const struct place *place, const char *name)
{
	CLEANUP(buf_release) struct buf full = {0};

	if (!place->key || !place->section || place->taken)
		return false;
	buf_printf(&full, "%s%s%s.%s", place->section, place->subsection ? "." : "",
		place->subsection ? place->subsection : "", place->key);
	return strcasecmp(full.p, name) == 0;
}

/* Names that are equal come in the order of the text. */
static int
line_of(struct scan *scan, const char *name)
{
	for (size_t i = 0; i < scan->count; i++) {
		if (is_place_of(&scan->places[i], name)) {
			scan->places[i].taken = true;
			return scan->places[i].line;
		}
	}
	return 0;
}

static void
free_config(git_config **config)
{
	git_config_free(*config);
}

static void
free_iterator(git_config_iterator **iterator)
{
	git_config_iterator_free(*iterator);
}

/* libgit2 names the file that it was given. */
static int
fail_syntax(const char *path, const char *name, struct err *err)
{
	const git_error *last = git_error_last();
	const char *text = last && last->message ? last->message : "it is not understood";
	const char *at = strstr(text, path);

	if (!at)
		return err_set(err, ERR_USAGE, "%s: %s", name, text);
	return err_set(err, ERR_USAGE, "%.*s%s%s", (int)(at - text), text, name, at + strlen(path));
}

static int
read_entries(const struct config_reader *reader, struct scan *scan, const char *path,
	const char *name, struct err *err)
{
	CLEANUP(free_config) git_config *config = NULL;
	CLEANUP(free_iterator) git_config_iterator *iterator = NULL;
	git_config_entry *entry;

	if (git_config_open_ondisk(&config, path) != 0 ||
		git_config_iterator_new(&iterator, config) != 0)
		return fail_syntax(path, name, err);
	for (size_t i = 0; i < scan->count; i++) {
		const struct place *place = &scan->places[i];
		if (!place->section)
			return err_set(err, ERR_USAGE, "%s:%d: '%s' stands before any [section]",
				name, place->line, place->key);
		if (!place->key && reader->section(place->section, place->subsection, place->line,
					   reader->ctx, err) != 0)
			return -1;
	}
	while (git_config_next(&entry, iterator) == 0)
		if (reader->entry(entry->name, entry->value ? entry->value : "",
			    line_of(scan, entry->name), reader->ctx, err) != 0)
			return -1;
	return 0;
}

static int
write_text(const char *path, struct str text, struct err *err)
{
	CLEANUP(file_out_release) struct file_out out = {0};

	if (file_out_open(&out, path, err) != 0)
		return -1;
	fwrite(text.p, 1, text.n, out.fp);
	return file_out_commit(&out, err);
}

int
repo_config_read(const struct config_reader *reader, struct str text, const char *name,
	const char *directory, struct err *err)
{
	CLEANUP(scan_release) struct scan scan = {0};
	CLEANUP(free_ptr) char *path = path_join(directory, "config");

	/* libgit2 would take it for the end of the file, and what follows would not hold. */
	if (memchr(text.p ? text.p : "", '\0', text.n))
		return err_set(err, ERR_USAGE,
			"%s: there is a NUL byte in it: write it as UTF-8 text", name);
	if (refuse_includes(text, name, err) != 0 || write_text(path, text, err) != 0)
		return -1;
	scan_text(&scan, text);
	git_libgit2_init();
	int result = read_entries(reader, &scan, path, name, err);
	git_libgit2_shutdown();
	unlink(path);
	return result;
}
