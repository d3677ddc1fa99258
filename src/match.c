#include "src/match.h"

#include <string.h>

#include "src/base/cleanup.h"

/* How many bytes of the pattern stand for any text, '/' included; 0: none. */
static size_t
any_length(struct str pattern)
{
	if (str_starts(pattern, STR("...")))
		return 3;
	return str_starts(pattern, STR("**")) ? 2 : 0;
}

/* The pattern is taken back to the last star, and the star given one byte more, where a byte does
 * not fit: no nesting, so that no pattern takes long. */
bool
match_glob(struct str pattern, struct str text)
{
	struct str star_pattern = {0}, star_text = {0}, wide_pattern = {0}, wide_text = {0};

	for (;;) {
		size_t any = any_length(pattern);
		if (any) {
			wide_pattern = pattern = str_from(pattern, any);
			wide_text = text;
			star_pattern.p = NULL;
		} else if (pattern.n && pattern.p[0] == '*') {
			star_pattern = pattern = str_from(pattern, 1);
			star_text = text;
		} else if (!pattern.n && !text.n) {
			return true;
		} else if (pattern.n && text.n &&
			   (pattern.p[0] == text.p[0] ||
				   (pattern.p[0] == '?' && text.p[0] != '/'))) {
			pattern = str_from(pattern, 1);
			text = str_from(text, 1);
		} else if (star_pattern.p && star_text.n && star_text.p[0] != '/') {
			pattern = star_pattern;
			text = star_text = str_from(star_text, 1);
		} else if (wide_pattern.p && wide_text.n) {
			star_pattern.p = NULL;
			pattern = wide_pattern;
			text = wide_text = str_from(wide_text, 1);
		} else {
			return false;
		}
	}
}

/* "x/..." is x as well. */
static bool
match_tree(struct str pattern, struct str name)
{
	if (match_glob(pattern, name))
		return true;
	if (!str_ends(pattern, STR("/...")))
		return false;
	pattern.n -= 4;
	return match_glob(pattern, name);
}

bool
match_package(const char *pattern, const char *import_path, const char *directory)
{
	struct str whole = str_of(pattern);
	bool local = str_starts(whole, STR("./"));

	if (strcmp(pattern, ".") == 0)
		return directory && !directory[0];
	if (local)
		whole = str_from(whole, 2);
	while (str_ends(whole, STR("/")))
		whole.n--;
	if (directory && match_tree(whole, str_of(directory)))
		return true;
	return !local && match_tree(whole, str_of(import_path));
}

bool
match_path(const char *pattern, const char *path)
{
	struct str whole = str_of(pattern), text = str_of(path);

	if (!path)
		return false;
	if (str_starts(whole, STR("./")))
		whole = str_from(whole, 2);
	if (!memchr(whole.p, '/', whole.n)) {
		const char *slash = strrchr(path, '/');
		if (match_glob(whole, str_of(slash ? slash + 1 : path)))
			return true;
	}
	if (str_ends(whole, STR("/")))
		whole.n--;
	if (match_glob(whole, text))
		return true;
	for (size_t n = 1; n < text.n; n++)
		if (text.p[n] == '/' && match_glob(whole, (struct str){text.p, n}))
			return true;
	return false;
}

/* "(*Store).Get" is "Store.Get". */
static struct str
without_receiver(struct str pattern, struct buf *out)
{
	for (size_t i = 0; i < pattern.n; i++) {
		bool star = pattern.p[i] == '*' && i > 0 && pattern.p[i - 1] == '(';
		if (!star && pattern.p[i] != '(' && pattern.p[i] != ')')
			buf_add_char(out, pattern.p[i]);
	}
	return buf_str(out);
}

/* A method's name alone is meant as well: "Encode*" is "Encoder.Encode". */
static bool
match_name(struct str pattern, const char *function)
{
	const char *dot = strchr(function, '.');

	if (match_glob(pattern, str_of(function)))
		return true;
	return dot && !memchr(pattern.p, '.', pattern.n) && match_glob(pattern, str_of(dot + 1));
}

bool
match_function(
	const char *pattern, const char *import_path, const char *directory, const char *function)
{
	CLEANUP(buf_release) struct buf name = {0};
	const char *colon = strchr(pattern, ':');

	if (colon && colon > pattern) {
		CLEANUP(buf_release) struct buf package = {0};
		buf_add(&package, (struct str){pattern, (size_t)(colon - pattern)});
		if (!match_package(package.p, import_path, directory))
			return false;
	}
	struct str wanted = without_receiver(str_of(colon ? colon + 1 : pattern), &name);
	return (colon && !wanted.n) || match_name(wanted, function);
}
