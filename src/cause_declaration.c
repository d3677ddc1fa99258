#include "src/cause_internal.h"

#include <ctype.h>
#include <string.h>

/* A name that is declared on a line that was added or changed, outside of functions: of a type, a
 * constant, a variable, a field, a method of an interface. */
struct declaration {
	const char *name;
	struct position at;
};

static bool
is_letter(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* The next identifier of the line. */
static bool
next_word(struct str *word, struct str *line)
{
	while (line->n && !is_letter(line->p[0]))
		*line = str_from(*line, 1);
	*word = (struct str){line->p, 0};
	while (word->n < line->n && is_letter(line->p[word->n]))
		word->n++;
	*line = str_from(*line, word->n);
	return word->n > 0;
}

static const char *
directory_of(const char *file, struct arena *arena)
{
	const char *slash = strrchr(file, '/');

	return arena_str(arena, (struct str){file, slash ? (size_t)(slash - file) : 0});
}

/* Names that begin with a capital letter can be used in other directories. */
static void
add(struct search *search, const char *directory, struct str word, const char *file, int line)
{
	struct declaration *declaration = arena_alloc(&search->scratch, sizeof *declaration);

	*declaration = (struct declaration){arena_str(&search->scratch, word), {file, line, 0}};
	index_add(&search->declarations, index_key(directory, declaration->name), declaration);
	if (isupper((unsigned char)word.p[0]))
		index_add(&search->declarations, index_key("*", declaration->name), declaration);
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

/* The form of gofmt is relied on: what begins a declaration, and the bracket that ends one, is at
 * the beginning of its line. */
static void
read_declarations(struct search *search, const char *path)
{
	const struct source_file *file = source_file(search->comparison->source, false, path);
	const char *directory = directory_of(path, &search->scratch);
	struct str header = STR("");
	bool in_function = false;

	for (size_t i = 0; i < file->count; i++) {
		struct str line = file->lines[i];
		int at = (int)i + 1;
		bool begins = line.n && is_letter(line.p[0]);
		if (begins) {
			in_function = str_starts(line, STR("func "));
			header = str_starts(line, STR("type ")) ? line : STR("");
		}
		if (in_function || line.n == 0 || !line_map_changed(search->map, path, at))
			continue;
		if (!begins && header.n)
			add_names(search, directory, header, path, at);
		add_names(search, directory, line, path, at);
	}
}

static void
collect_declarations(struct search *search)
{
	const struct line_map *map = search->map;

	for (size_t i = 0; i < map->file_count; i++) {
		const char *path = map->files[i].head_path;
		if (path && str_ends(str_of(path), STR(".go")))
			read_declarations(search, path);
	}
	index_sort(&search->declarations);
	search->declarations_known = true;
}

static const struct declaration *
find_declaration(struct search *search, const char *directory, struct str word)
{
	const char *name = arena_str(&search->scratch, word);
	uint64_t key = index_key(directory, name);
	const struct index_entry *entry = index_find(&search->declarations, key);

	if (!index_has(&search->declarations, entry, key)) {
		key = index_key("*", name);
		entry = index_find(&search->declarations, key);
	}
	return index_has(&search->declarations, entry, key) ? entry->of : NULL;
}

/* One that the line uses. */
static const struct declaration *
used_in(struct search *search, const struct position *at)
{
	const struct source_file *file = source_file(search->comparison->source, false, at->file);
	struct str line = source_line(file, at->line), word;
	const char *directory = at->file ? directory_of(at->file, &search->scratch) : "";

	while (next_word(&word, &line)) {
		const struct declaration *found = find_declaration(search, directory, word);
		if (found)
			return found;
	}
	return NULL;
}

bool
cause_is_declaration(struct cause *out, struct search *search, const struct escape *escape)
{
	const struct declaration *found;

	if (!search->declarations_known)
		collect_declarations(search);
	if (search->declarations.count == 0)
		return false;
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
		.at = found->at,
	};
	/* The map does not live as long as the findings. */
	out->at.file = arena_strdup(&search->comparison->arena, found->at.file);
	return true;
}
