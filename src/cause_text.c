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

/* The next name of the line; none of those in strings and comments. */
static bool
next_name(struct str *name, struct str *line)
{
	struct token token;

	while (token_next(&token, line)) {
		if (token.kind != TOKEN_NAME)
			continue;
		*name = token.text;
		return true;
	}
	return false;
}

/* Names that begin with an upper case letter can be used in other directories. Functions are at a
 * place that is no directory. */
#define EVERYWHERE "*"
#define FUNCTIONS "()"

static void
add(struct search *search, const char *place, struct str text, const char *file, int line)
{
	struct changed_name *name = arena_alloc(&search->scratch, sizeof *name);

	*name = (struct changed_name){arena_str(&search->scratch, text), {file, line, 0}};
	index_add(&search->changed_names, index_key(place, name->name), name);
}

/* "a, B int" declares a and B, "*pkg.T" the field T. */
static void
add_names(struct search *search, const char *directory, struct str line, const char *file, int at)
{
	struct str name;

	while (next_name(&name, &line)) {
		if (str_starts(line, STR(".")))
			continue;
		add(search, directory, name, file, at);
		if (utf8_starts_upper(name))
			add(search, EVERYWHERE, name, file, at);
		if (!str_starts(line, STR(",")))
			return;
	}
}

/* "Put" of "func (l *Log) Put(e *Entry) {". */
static struct str
function_name(struct str line)
{
	struct str name = STR(""), rest = str_from(line, sizeof "func " - 1);

	if (rest.n && rest.p[0] == '(') {
		const char *close = memchr(rest.p, ')', rest.n);
		rest = close ? str_from(rest, (size_t)(close - rest.p)) : STR("");
	}
	next_name(&name, &rest);
	return name;
}

/* Whether there is more on it than a comment. */
bool
cause_has_code(struct str line)
{
	struct token token;

	return token_next(&token, &line);
}

/* The form of gofmt is relied on: what begins a declaration is at the beginning of its line. */
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
		if (!line_map_changed(search->map, path, at) || !cause_has_code(line) ||
			str_starts(line, STR("package ")))
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
find(struct search *search, const char *place, struct str text)
{
	uint64_t key = index_key(place, arena_str(&search->scratch, text));
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
	struct str line = source_line(file, at->line), name;
	const char *directory = arena_str(&search->scratch, path_directory(at->file));

	while (next_name(&name, &line)) {
		const struct changed_name *found = find(search, directory, name);
		if (!found)
			found = find(search, EVERYWHERE, name);
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
is_changed_function(struct cause *out, struct search *search, struct str name)
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
			is_changed_function(out, search, cause_called_name(step->from)))
			return true;
		for (size_t j = 0; step->at.file && j < count; j++)
			if (is_changed_function(out, search, cause_last_word(calls[j].function)))
				return true;
	}
	return false;
}
