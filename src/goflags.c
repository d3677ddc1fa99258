#include "src/goflags.h"

#include <stdlib.h>
#include <string.h>

enum verdict {
	THROUGH, /* handed on to go */
	IGNORED, /* accepted, but not handed on: what the compiler prints does not depend on it, or
		    it is set anyway */
	REFUSED,
	OWN, /* heapwarden has an option of that name, with another meaning */
};

struct flag {
	const char *name;
	enum verdict verdict;
	bool takes_value;          /* else -name, or -name=true and the like */
	const char *refused_value; /* the one value that is refused though the others are not */
	const char *reason;        /* of refusing */
};

static const char changes_code[] = "it makes the compiler put other code in, which moves escapes";
static const char coverage[] =
	"coverage rewrites the source before the compiler sees it, so the positions move";
static const char prints_more[] = "it would mix go's own text into the compiler's";
static const char keeps_nothing[] = "the build is thrown away, there is nothing to keep";

/* `go help build` of Go 1.19 to 1.26. The build mode and the linker's flags matter to linking
 * alone, and nothing is linked. */
/* clang-format off */
static const struct flag flags[] = {
	{"C", OWN, true, NULL, NULL},
	{"a", REFUSED, false, NULL,
		"the build cache replays what the compiler printed, so nothing has to be built "
		"anew"},
	{"asan", REFUSED, false, NULL, changes_code},
	{"asmflags", THROUGH, true, NULL, NULL},
	{"buildmode", IGNORED, true, NULL, NULL},
	{"buildvcs", IGNORED, false, NULL, NULL},
	{"compiler", IGNORED, true, "gccgo", "only Go's own compiler explains its escapes"},
	{"cover", REFUSED, false, NULL, coverage},
	{"covermode", REFUSED, true, NULL, coverage},
	{"coverpkg", REFUSED, true, NULL, coverage},
	{"gccgoflags", IGNORED, true, NULL, NULL},
	{"gcflags", REFUSED, true, NULL,
		"heapwarden sets the compiler's flags itself, and others change what it prints"},
	{"installsuffix", THROUGH, true, NULL, NULL},
	{"json", REFUSED, false, NULL,
		"the compiler's output is needed as text; for heapwarden's own: --format json"},
	{"ldflags", IGNORED, true, NULL, NULL},
	{"linkshared", IGNORED, false, NULL, NULL},
	{"mod", THROUGH, true, "mod",
		"it lets go rewrite go.mod, and heapwarden leaves the tree as it is; run 'go mod "
		"tidy' first"},
	{"modcacherw", THROUGH, false, NULL, NULL},
	{"modfile", THROUGH, true, NULL, NULL},
	{"msan", REFUSED, false, NULL, changes_code},
	{"n", REFUSED, false, NULL, "it makes go print commands without running them"},
	{"o", REFUSED, true, NULL, keeps_nothing},
	{"overlay", THROUGH, true, NULL, NULL},
	{"p", THROUGH, true, NULL, NULL},
	{"pgo", THROUGH, true, NULL, NULL},
	{"pkgdir", REFUSED, true, NULL, keeps_nothing},
	{"race", REFUSED, false, NULL, changes_code},
	{"tags", THROUGH, true, NULL, NULL},
	{"toolexec", REFUSED, true, NULL, "heapwarden uses it itself, to leave linking out"},
	{"trimpath", IGNORED, false, NULL, NULL},
	{"v", OWN, false, NULL, NULL},
	{"work", REFUSED, false, NULL, keeps_nothing},
	{"x", REFUSED, false, NULL, prints_more},
};
/* clang-format on */

/* A flag as it was written, taken apart. */
struct written {
	const struct flag *flag; /* NULL: not one of go's build flags */
	struct str name;
	const char *value; /* NULL: none */
};

static struct written
take_apart(const char *word)
{
	struct written written = {0};

	if (word[0] != '-' || !word[1])
		return written;
	word += word[1] == '-' ? 2 : 1;
	written.name = (struct str){word, strcspn(word, "=")};
	written.value = word[written.name.n] ? word + written.name.n + 1 : NULL;
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		if (str_eq(str_of(flags[i].name), written.name))
			written.flag = &flags[i];
	}
	return written;
}

/* As strconv.ParseBool, which go reads them with: 1, 0, or -1 for neither. */
static int
parse_bool(const char *value)
{
	static const char *const words[] = {
		"0", "1", "f", "t", "F", "T", "false", "true", "FALSE", "TRUE", "False", "True"};

	for (int i = 0; i < (int)(sizeof words / sizeof *words); i++) {
		if (strcmp(value, words[i]) == 0)
			return i % 2;
	}
	return -1;
}

/* What to do with the flag when it has this value. */
static int
judge(enum verdict *verdict, const struct written *written, struct err *err)
{
	const struct flag *flag = written->flag;
	const char *value = written->value;

	*verdict = flag->verdict;
	if (flag->takes_value && !value)
		return err_set(err, ERR_USAGE, "go's flag -%s needs a value", flag->name);
	if (flag->refused_value && strcmp(value, flag->refused_value) == 0)
		*verdict = REFUSED;
	if (flag->takes_value || !value || *verdict == IGNORED)
		return 0;
	int on = parse_bool(value);
	if (on < 0)
		return err_set(err, ERR_USAGE, "go's flag -%s is true or false, not '%s'",
			flag->name, value);
	if (!on && *verdict == REFUSED)
		*verdict = IGNORED;
	return 0;
}

static void
add(struct goflags *out, const char *word)
{
	out->words = array_grow(out->words, &out->capacity, out->count + 1, sizeof *out->words);
	out->words[out->count++] = word;
}

static void
add_written(struct goflags *out, const struct written *written, struct arena *arena)
{
	const char *name = written->flag->name;

	if (written->value)
		add(out, arena_printf(arena, "-%s=%s", name, written->value));
	else
		add(out, arena_printf(arena, "-%s", name));
}

static int
take_one(struct goflags *out, const struct written *written, struct arena *arena, struct err *err)
{
	const struct flag *flag = written->flag;
	enum verdict verdict;

	if (judge(&verdict, written, err) != 0)
		return -1;
	if (verdict == REFUSED)
		return err_set(err, ERR_USAGE, "go's flag -%s%s%s cannot be used here: %s",
			flag->name, flag->refused_value ? "=" : "",
			flag->refused_value ? written->value : "", flag->reason);
	if (verdict == THROUGH)
		add_written(out, written, arena);
	return 0;
}

int
goflags_take(struct goflags *out, int *argc, char **argv, struct arena *arena, struct err *err)
{
	int kept = *argc > 0 ? 1 : 0;
	int i = kept;

	while (i < *argc && strcmp(argv[i], "--") != 0) {
		struct written written = take_apart(argv[i]);
		if (!written.flag || written.flag->verdict == OWN) {
			argv[kept++] = argv[i++];
			continue;
		}
		i++;
		if (written.flag->takes_value && !written.value && i < *argc)
			written.value = argv[i++];
		if (take_one(out, &written, arena, err) != 0)
			return -1;
	}
	while (i < *argc)
		argv[kept++] = argv[i++];
	argv[kept] = NULL;
	*argc = kept;
	return 0;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Take one word off the front, in quotes or not; nothing is special within quotes, and a quote
 * within a word is none. *found is false at the end. */
static int
next_word(bool *found, struct str *word, struct str *rest, struct err *err)
{
	size_t spaces = 0;

	while (spaces < rest->n && is_space(rest->p[spaces]))
		spaces++;
	*rest = str_from(*rest, spaces);
	*found = rest->n > 0;
	if (!*found)
		return 0;
	char quote = rest->p[0];
	if (quote == '"' || quote == '\'') {
		const char *end = memchr(rest->p + 1, quote, rest->n - 1);
		if (!end)
			return err_set(err, ERR_USAGE, "GOFLAGS has an unterminated %c", quote);
		*word = (struct str){rest->p + 1, (size_t)(end - rest->p) - 1};
		*rest = str_from(*rest, word->n + 2);
		return 0;
	}
	size_t n = 0;
	while (n < rest->n && !is_space(rest->p[n]))
		n++;
	*word = (struct str){rest->p, n};
	*rest = str_from(*rest, n);
	return 0;
}

static int
split_one(struct goflags *out, const char *word, struct goflags *dropped, struct arena *arena,
	struct err *err)
{
	struct written written = take_apart(word);
	enum verdict verdict = REFUSED;

	if (written.name.n == 0)
		return err_set(err, ERR_USAGE, "GOFLAGS has '%s', which is no flag", word);
	if (written.flag && judge(&verdict, &written, err) != 0)
		return err_wrap(err, "GOFLAGS");
	if (verdict == THROUGH)
		add_written(out, &written, arena);
	else if (verdict == REFUSED && dropped)
		add(dropped, word);
	return 0;
}

int
goflags_split(struct goflags *out, const char *value, struct goflags *dropped, struct arena *arena,
	struct err *err)
{
	struct str rest = str_of(value);
	struct str word = {0};
	bool found = false;

	for (;;) {
		if (next_word(&found, &word, &rest, err) != 0)
			return -1;
		if (!found)
			return 0;
		if (split_one(out, arena_str(arena, word), dropped, arena, err) != 0)
			return -1;
	}
}

/* What is otherwise with the flags of a build of the user's than of one of ours. */
enum in_build {
	DECIDES, /* as the table of flags says */
	NO_MATTER,
	APART,
	DIRECTORY,
	NEVER,
};

static const struct {
	const char *name;
	enum in_build is;
} in_builds[] = {
	{"C", DIRECTORY},
	{"a", NO_MATTER},
	{"buildmode", APART},
	{"json", NO_MATTER},
	{"linkshared", APART},
	{"modcacherw", NO_MATTER},
	{"n", NEVER},
	{"o", NO_MATTER},
	{"p", NO_MATTER},
	{"v", NO_MATTER},
	{"work", NO_MATTER},
	{"x", APART},
};

static enum in_build
in_build(const struct flag *flag)
{
	for (size_t i = 0; i < sizeof in_builds / sizeof *in_builds; i++)
		if (strcmp(in_builds[i].name, flag->name) == 0)
			return in_builds[i].is;
	return DECIDES;
}

static void
take_in_build(struct goflags_build *out, const struct written *written, struct arena *arena)
{
	const struct flag *flag = written->flag;
	enum verdict verdict;
	struct err err;

	if (judge(&verdict, written, &err) != 0) {
		out->reason = arena_strdup(arena, err.msg);
		return;
	}
	switch (in_build(flag)) {
	case DIRECTORY:
		out->directory = written->value;
		return;
	case APART:
		out->apart = flag->name;
		return;
	case NO_MATTER:
		return;
	case NEVER:
		if (verdict == REFUSED)
			out->reason = "nothing is built with -n";
		return;
	case DECIDES:
		if (verdict == THROUGH)
			add_written(&out->flags, written, arena);
		else if (verdict == REFUSED)
			out->reason = arena_printf(arena, "of the flag -%s", flag->name);
		add_written(&out->all, written, arena);
		return;
	}
}

void
goflags_read_build(
	struct goflags_build *out, int argc, const char *const *argv, struct arena *arena)
{
	int i = 0;

	*out = (struct goflags_build){0};
	while (i < argc && argv[i][0] == '-' && argv[i][1] && strcmp(argv[i], "--") != 0) {
		struct written written = take_apart(argv[i++]);
		if (!written.flag) {
			out->reason = arena_printf(arena, "of the flag %s", argv[i - 1]);
			break;
		}
		if (written.flag->takes_value && !written.value && i < argc)
			written.value = argv[i++];
		take_in_build(out, &written, arena);
		if (out->directory && out->first_flag == 0)
			out->first_flag = i;
	}
	if (i < argc && strcmp(argv[i], "--") == 0)
		i++;
	out->first_package = i;
}

void
goflags_release(struct goflags *list)
{
	free(list->words);
	*list = (struct goflags){0};
}
