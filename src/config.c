#include "src/config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void
config_release(struct config *config)
{
	free(config->values);
	free(config->sections);
	arena_release(&config->arena);
	*config = (struct config){0};
}

/* --- what is a value of which type */

static struct str
trimmed(struct str text)
{
	text = str_unindented(text);
	while (text.n && (text.p[text.n - 1] == ' ' || text.p[text.n - 1] == '\t'))
		text.n--;
	return text;
}

/* The next word of a list; empty ones are passed over. */
static bool
next_word(struct str *word, struct str *rest)
{
	while (str_next(word, rest, ',')) {
		*word = trimmed(*word);
		if (word->n)
			return true;
	}
	return false;
}

/* 1 and 0; -1: neither. */
static int
switch_of(const char *text)
{
	static const char *const words[2][5] = {
		{"false", "no", "off", "0"},
		{"true", "yes", "on", "1", ""},
	};

	for (int value = 0; value < 2; value++)
		for (size_t i = 0; i < 5 && words[value][i]; i++)
			if (strcasecmp(text, words[value][i]) == 0)
				return value;
	return -1;
}

/* "2.5%" and "2.5" are 2500; -1: neither. */
static int
share_of(const char *text)
{
	struct str whole = str_of(text), part = {0};
	int thousandths = 0;

	if (str_ends(whole, STR("%")))
		whole.n--;
	const char *point = memchr(whole.p, '.', whole.n);
	if (point) {
		part = str_from(whole, (size_t)(point - whole.p) + 1);
		whole.n = (size_t)(point - whole.p);
		if (part.n == 0 || part.n > 3)
			return -1;
	}
	int number = str_int(whole);
	if (number < 0 || number > 100)
		return -1;
	for (size_t i = 0; i < 3; i++) {
		char digit = i < part.n ? part.p[i] : '0';
		if (digit < '0' || digit > '9')
			return -1;
		thousandths = thousandths * 10 + (digit - '0');
	}
	number = number * 1000 + thousandths;
	return number <= 100000 ? number : -1;
}

/* "too large" is "too-large" as well. */
static bool
same_choice(struct str a, struct str b)
{
	size_t i = 0;

	while (a.n == b.n && i < a.n && (a.p[i] == b.p[i] || (a.p[i] == ' ' && b.p[i] == '-')))
		i++;
	return a.n == b.n && i == a.n;
}

/* Its index; -1: none of them. */
static int
choice_of(const struct setting *row, struct str text)
{
	for (int i = 0; row->choices[i]; i++)
		if (same_choice(text, str_of(row->choices[i])))
			return i;
	return -1;
}

static bool
is_value(const struct setting *row, const char *text, struct str *wrong)
{
	struct str rest = str_of(text);

	*wrong = rest;
	switch (row->type) {
	case SETTING_IS_CHOICE:
		return choice_of(row, rest) >= 0;
	case SETTING_IS_NUMBER:
		return str_int(rest) >= 0;
	case SETTING_IS_SWITCH:
		return switch_of(text) >= 0;
	case SETTING_IS_SHARE:
		return share_of(text) >= 0;
	case SETTING_IS_LIST:
		while (row->choices && next_word(wrong, &rest))
			if (choice_of(row, *wrong) < 0)
				return false;
		return true;
	case SETTING_IS_TEXT:
		return true;
	}
	return false;
}

/* "one of new, none", for messages. */
static void
tell_values(struct buf *out, const struct setting *row)
{
	static const char *const wanted[] = {
		[SETTING_IS_CHOICE] = "one of ",
		[SETTING_IS_LIST] = "a list, with commas, of ",
		[SETTING_IS_NUMBER] = "a number from 0 on",
		[SETTING_IS_SWITCH] = "true or false",
		[SETTING_IS_SHARE] = "a share from 0% to 100%, such as 2.5%",
		[SETTING_IS_TEXT] = "a text",
	};

	buf_printf(out, "%s", wanted[row->type]);
	for (size_t i = 0; row->choices && row->choices[i]; i++)
		buf_printf(out, "%s%s", i ? ", " : "", row->choices[i]);
}

int
config_check(enum setting_id id, const char *text, const char *origin, struct err *err)
{
	const struct setting *row = setting(id);
	CLEANUP(buf_release) struct buf values = {0};
	struct str wrong;

	if (is_value(row, text, &wrong))
		return 0;
	tell_values(&values, row);
	/* A flag and a variable are the setting's name themselves. */
	if (strcmp(origin, row->name) == 0 || origin[0] == '-' || !strchr(origin, ':'))
		return err_set(
			err, ERR_USAGE, "%s is %s, not '%.*s'", origin, values.p, STR_ARG(wrong));
	return err_set(err, ERR_USAGE, "%s: %s is %s, not '%.*s'", origin, row->name, values.p,
		STR_ARG(wrong));
}

/* --- what is said */

static void
add(struct config *config, const struct config_value *value)
{
	config->values = array_grow(
		config->values, &config->capacity, config->count + 1, sizeof *config->values);
	config->values[config->count++] = *value;
}

/* Every word of a list is a value of its own. An empty list is said with an empty text. */
static void
add_words(struct config *config, const struct config_value *value, const char *text)
{
	struct config_value part = *value;
	struct str rest = str_of(text), word;
	bool list = setting(value->id)->type == SETTING_IS_LIST, any = false;

	part.origin = arena_strdup(&config->arena, value->origin);
	part.section = arena_strdup(&config->arena, value->section);
	for (; list && next_word(&word, &rest); any = true) {
		part.text = arena_str(&config->arena, word);
		add(config, &part);
	}
	if (any)
		return;
	part.text = list ? "" : arena_strdup(&config->arena, text);
	add(config, &part);
}

void
config_add_flag(struct config *config, enum setting_id id, const char *text)
{
	CLEANUP(buf_release) struct buf origin = {0};

	buf_printf(&origin, "--%s", setting(id)->flag);
	add_words(config, &(struct config_value){id, CONFIG_FLAG, NULL, NULL, origin.p}, text);
}

int
config_add_environment(struct config *config, struct err *err)
{
	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		const char *name = setting(id)->environment;
		const char *text = name ? getenv(name) : NULL;
		if (!text)
			continue;
		if (config_check(id, text, name, err) != 0)
			return -1;
		add_words(config, &(struct config_value){id, CONFIG_ENVIRONMENT, NULL, NULL, name},
			text);
	}
	return 0;
}

/* The parts of a setting's name, or of an entry's. */
struct name {
	struct str section, pattern, key; /* pattern.p is NULL where there is none */
};

/* "a.b" and "a.PATTERN.b"; patterns may have dots in them. */
static struct name
split(const char *text)
{
	const char *first = strchr(text, '.'), *last = strrchr(text, '.');
	struct name name = {0};

	if (!first)
		return (struct name){.section = str_of(text)};
	name.section = (struct str){text, (size_t)(first - text)};
	name.key = str_of(last + 1);
	if (last > first)
		name.pattern = (struct str){first + 1, (size_t)(last - first) - 1};
	return name;
}

static bool
same_name(struct str a, struct str b)
{
	return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

/* Whether the row is in that section; *keys are what is in it, for a message. */
static void
list_keys(struct buf *keys, struct str section, bool pattern)
{
	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		struct name name = split(setting(id)->name);
		if (same_name(name.section, section) && (name.pattern.p != NULL) == pattern)
			buf_printf(keys, "%s%s", keys->n ? ", " : "", name.key.p);
	}
}

static void
list_sections(struct buf *sections)
{
	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		struct name name = split(setting(id)->name);
		CLEANUP(buf_release) struct buf one = {0};
		buf_printf(&one, name.pattern.p ? "[%.*s \"PATTERN\"]" : "[%.*s]",
			STR_ARG(name.section));
		if (!sections->n || !strstr(sections->p, one.p))
			buf_printf(sections, "%s%s", sections->n ? ", " : "", one.p);
	}
}

static int
fail_unknown(const struct name *name, const char *origin, struct err *err)
{
	CLEANUP(buf_release) struct buf known = {0};

	list_keys(&known, name->section, name->pattern.p != NULL);
	if (known.n && name->key.n)
		return err_set(err, ERR_USAGE,
			"%s: there is no setting '%.*s' in [%.*s%s]: the settings there are %s",
			origin, STR_ARG(name->key), STR_ARG(name->section),
			name->pattern.p ? " \"…\"" : "", known.p);
	buf_clear(&known);
	list_sections(&known);
	return err_set(err, ERR_USAGE, "%s: there is no section [%.*s%s]: the sections are %s",
		origin, STR_ARG(name->section), name->pattern.p ? " \"…\"" : "", known.p);
}

static int
find_setting(enum setting_id *id, const struct name *name)
{
	for (*id = 0; *id < SETTING_COUNT; ++*id) {
		struct name row = split(setting(*id)->name);
		if (same_name(row.section, name->section) && same_name(row.key, name->key) &&
			(row.pattern.p != NULL) == (name->pattern.p != NULL))
			return 0;
	}
	return -1;
}

static void
note_section(struct config *config, struct str section, struct str pattern)
{
	char *name = arena_printf(&config->arena, "%.*s.%.*s", STR_ARG(section), STR_ARG(pattern));

	for (size_t i = 0; i < section.n; i++)
		name[i] = (char)tolower((unsigned char)name[i]);
	for (size_t i = 0; i < config->section_count; i++)
		if (strcmp(config->sections[i], name) == 0)
			return;
	config->sections = array_grow(config->sections, &config->section_capacity,
		config->section_count + 1, sizeof *config->sections);
	config->sections[config->section_count++] = name;
}

int
config_add_entry(struct config *config, const char *name, const char *text, const char *origin,
	struct err *err)
{
	struct name parts = split(name);
	enum setting_id id;

	if (find_setting(&id, &parts) != 0)
		return fail_unknown(&parts, origin, err);
	if (config_check(id, text, origin, err) != 0)
		return -1;
	struct config_value value = {id, CONFIG_FILE_LINE, NULL, NULL, origin};
	if (parts.pattern.p) {
		value.section = arena_str(&config->arena, parts.pattern);
		note_section(config, split(setting(id)->name).section, parts.pattern);
	}
	add_words(config, &value, text);
	return 0;
}

int
config_add_section(struct config *config, const char *section, const char *pattern,
	const char *origin, struct err *err)
{
	struct name name = {.section = str_of(section), .pattern = str_of(pattern)};
	CLEANUP(buf_release) struct buf keys = {0};

	list_keys(&keys, name.section, pattern != NULL);
	if (!keys.n)
		return fail_unknown(&name, origin, err);
	if (pattern)
		note_section(config, name.section, name.pattern);
	return 0;
}

/* --- what holds */

static bool
same_section(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

struct config_value
config_get(const struct config *config, enum setting_id id, const char *section)
{
	struct config_value best = {id, CONFIG_DEFAULT, section, setting(id)->fallback, "default"};

	for (size_t i = 0; i < config->count; i++) {
		const struct config_value *value = &config->values[i];
		if (value->id == id && value->source >= best.source &&
			same_section(value->section, section))
			best = *value;
	}
	return best;
}

const char *
config_text(const struct config *config, enum setting_id id)
{
	return config_get(config, id, NULL).text;
}

size_t
config_number(const struct config *config, enum setting_id id)
{
	return (size_t)str_int(str_of(config_text(config, id)));
}

bool
config_switch(const struct config *config, enum setting_id id)
{
	return switch_of(config_text(config, id)) == 1;
}

size_t
config_choice(const struct config *config, enum setting_id id)
{
	return (size_t)choice_of(setting(id), str_of(config_text(config, id)));
}

size_t
config_word_choice(const struct config_value *word)
{
	return (size_t)choice_of(setting(word->id), str_of(word->text));
}

size_t
config_share(const struct config *config, enum setting_id id)
{
	return (size_t)share_of(config_text(config, id));
}

/* The words of the default, as values. */
static const struct config_value *
default_list(size_t *count, struct config *config, enum setting_id id)
{
	struct config_value *words = NULL;
	struct str rest = str_of(setting(id)->fallback), word;
	size_t capacity = 0;

	*count = 0;
	while (next_word(&word, &rest)) {
		words = array_grow(words, &capacity, *count + 1, sizeof *words);
		words[(*count)++] = (struct config_value){
			id, CONFIG_DEFAULT, NULL, arena_str(&config->arena, word), "default"};
	}
	const struct config_value *kept = arena_copy(&config->arena, words, *count, sizeof *words);
	free(words);
	return kept;
}

const struct config_value *
config_list(size_t *count, struct config *config, enum setting_id id)
{
	enum config_source source = config_get(config, id, NULL).source;

	if (source == CONFIG_DEFAULT)
		return default_list(count, config, id);
	struct config_value *words = arena_alloc(&config->arena, config->count * sizeof *words);
	*count = 0;
	for (size_t i = 0; i < config->count; i++) {
		const struct config_value *value = &config->values[i];
		if (value->id == id && value->source == source && value->text[0])
			words[(*count)++] = *value;
	}
	return words;
}

bool
config_section_number(
	size_t *number, const struct config *config, enum setting_id id, const char *section)
{
	struct config_value value = config_get(config, id, section);

	if (value.source == CONFIG_DEFAULT)
		return false;
	*number = (size_t)str_int(str_of(value.text));
	return true;
}

bool
config_section_switch(const struct config *config, enum setting_id id, const char *section)
{
	struct config_value value = config_get(config, id, section);

	return value.source != CONFIG_DEFAULT && switch_of(value.text) == 1;
}

const char *const *
config_sections(size_t *count, struct config *config, const char *section)
{
	const char **patterns =
		arena_alloc(&config->arena, (config->section_count + 1) * sizeof *patterns);
	size_t n = strlen(section);

	*count = 0;
	for (size_t i = 0; i < config->section_count; i++)
		if (strncmp(config->sections[i], section, n) == 0 && config->sections[i][n] == '.')
			patterns[(*count)++] = config->sections[i] + n + 1;
	return patterns;
}
