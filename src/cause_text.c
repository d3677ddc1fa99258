#include "src/cause_internal.h"

#include <string.h>

#include "src/base/file.h"
#include "src/base/utf8.h"
#include "src/tokens.h"

/* A name that is declared on a line that was added or changed, outside of functions: of a type, a
 * constant, a variable, a field, a method of an interface. Or a function that has such a line. */
struct changed_name {
	const char *name;
	struct position at;
};

/* The next identifier of the line. */
static bool
next_word(struct str *word, struct str *line)
{
	while (line->n && !token_is_name(line->p[0]))
		*line = str_from(*line, 1);
	*word = (struct str){line->p, 0};
	while (word->n < line->n && token_is_name(line->p[word->n]))
		word->n++;
	*line = str_from(*line, word->n);
	return word->n > 0;
}

/* Names that begin with an upper case letter can be used in other directories. Functions are at a
 * place that is no directory. */
#define EVERYWHERE "*"
#define FUNCTIONS "()"

static void
add(struct search *search, const char *directory, struct str word, const char *file, int line)
{
	struct changed_name *name = arena_alloc(&search->scratch, sizeof *name);

	*name = (struct changed_name){arena_str(&search->scratch, word), {file, line, 0}};
	index_add(&search->changed_names, index_key(directory, name->name), name);
	if (utf8_starts_upper(word))
		index_add(&search->changed_names, index_key(EVERYWHERE, name->name), name);
}

/* The keyword that opens a declaration is none of the names. */
static bool
is_keyword(struct str word)
{
	return str_eq(word, STR("type")) || str_eq(word, STR("const")) || str_eq(word, STR("var"));
}

/* "a, B int" declares a and B. */
static void
add_names(struct search *search, const char *directory, struct str line, const char *file, int at)
{
	struct str word;

	while (next_word(&word, &line)) {
		if (!is_keyword(word)) {
			add(search, directory, word, file, at);
			if (line.n == 0 || line.p[0] != ',')
				return;
		}
	}
}

/* "Put" of "func (l *Log) Put(e *Entry) {". */
static struct str
function_name(struct str line)
{
	struct str word = STR(""), rest = str_from(line, sizeof "func " - 1);

	if (rest.n && rest.p[0] == '(') {
		const char *close = memchr(rest.p, ')', rest.n);
		rest = close ? str_from(rest, (size_t)(close - rest.p)) : STR("");
	}
	next_word(&word, &rest);
	return word;
}

/* The form of gofmt is relied on: what begins a declaration, and the bracket that ends one, is at
 * the beginning of its line. */
static void
read_changed_names(struct search *search, const char *path)
{
	const struct source_file *file = source_file(search->comparison->source, false, path);
	const char *directory = arena_str(&search->scratch, path_directory(path));
	struct str type = STR(""), function = STR("");

	for (size_t i = 0; i < file->count; i++) {
		struct str line = file->lines[i];
		int at = (int)i + 1;
		bool begins = line.n && token_is_name(line.p[0]);
		if (begins) {
			type = str_starts(line, STR("type ")) ? line : STR("");
			function = str_starts(line, STR("func ")) ? function_name(line) : STR("");
		}
		if (line.n == 0 || !line_map_changed(search->map, path, at))
			continue;
		if (function.n) {
			add(search, FUNCTIONS, function, path, at);
			continue;
		}
		if (!begins && type.n)
			add_names(search, directory, type, path, at);
		add_names(search, directory, line, path, at);
	}
}

static void
collect_changed_names(struct search *search)
{
	const struct line_map *map = search->map;

	for (size_t i = 0; i < map->file_count; i++) {
		const char *path = map->files[i].head_path;
		if (path && str_ends(str_of(path), STR(".go")))
			read_changed_names(search, path);
	}
	index_sort(&search->changed_names);
	search->changed_names_known = true;
}

/* The first one on a changed line. */
static const struct changed_name *
find(struct search *search, const char *directory, struct str word)
{
	uint64_t key = index_key(directory, arena_str(&search->scratch, word));
	const struct index_entry *entry;
	const struct changed_name *first = NULL;

	if (!search->changed_names_known)
		collect_changed_names(search);
	entry = index_find(&search->changed_names, key);
	for (; index_has(&search->changed_names, entry, key); entry++) {
		const struct changed_name *name = entry->of;
		if (!first || position_compare(&name->at, &first->at) < 0)
			first = name;
	}
	return first;
}

/* The map does not live as long as the findings. */
static struct position
lasting(const struct search *search, const struct position *at)
{
	return (struct position){
		arena_strdup(&search->comparison->arena, at->file), at->line, at->column};
}

/* One that the line uses. */
static const struct changed_name *
used_in(struct search *search, const struct position *at)
{
	const struct source_file *file = source_file(search->comparison->source, false, at->file);
	struct str line = source_line(file, at->line), word;
	const char *directory = arena_str(&search->scratch, path_directory(at->file));

	while (next_word(&word, &line)) {
		const struct changed_name *found = find(search, directory, word);
		if (!found)
			found = find(search, EVERYWHERE, word);
		if (found)
			return found;
	}
	return NULL;
}

bool
cause_is_declaration(struct cause *out, struct search *search, const struct escape *escape)
{
	const struct changed_name *found;

	found = used_in(search, &escape->at);
	for (size_t i = 0; i < escape->flow_count && !found; i++)
		found = used_in(search, &escape->flow[i].at);
	if (!found)
		return false;
	*out = (struct cause){
		.kind = CAUSE_CHANGED_DECLARATION,
		.text = arena_printf(&search->comparison->arena,
			"%s, which its line or one of its flow uses, is declared otherwise now",
			found->name),
		.at = lasting(search, &found->at),
	};
	return true;
}

static bool
is_vendored(const char *file)
{
	return strncmp(file, "vendor/", 7) == 0 || strstr(file, "/vendor/");
}

/* One with that name, of which nothing is printed. */
static bool
is_changed(struct cause *out, struct search *search, struct str name)
{
	uint64_t key = cause_word_key(name);
	const struct changed_name *found;

	if (index_has(&search->by_word, index_find(&search->by_word, key), key))
		return false;
	found = find(search, FUNCTIONS, name);
	/* The version in go.mod says more. */
	if (!found || (search->changes->module_count && is_vendored(found->at.file)))
		return false;
	*out = (struct cause){
		.kind = CAUSE_CALLEE_LEAKS,
		.text = arena_printf(&search->comparison->arena,
			"%s, which it is handed to, was changed", found->name),
		.at = lasting(search, &found->at),
		.function = arena_strdup(&search->comparison->arena, found->name),
	};
	return true;
}

bool
cause_is_changed_callee(struct cause *out, struct search *search, const struct escape *escape)
{
	const struct snapshot *head = search->comparison->head_snapshot;

	for (size_t i = 0; i < escape->flow_count; i++) {
		const struct flow_step *step = &escape->flow[i];
		size_t count;
		const struct inlined_call *calls = snapshot_calls_at(head, &step->at, &count);
		if (strcmp(step->via, "call parameter") == 0 &&
			is_changed(out, search, cause_called_name(step->from)))
			return true;
		for (size_t j = 0; step->at.file && j < count; j++)
			if (is_changed(out, search, cause_last_word(calls[j].function)))
				return true;
	}
	return false;
}
