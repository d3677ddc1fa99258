#include "report/json_members.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>

#include "src/base/str.h"

void
members_fail(struct members *members, const char *format, ...)
{
	CLEANUP(free_ptr) char *text = NULL;
	va_list args;

	if (members->failed)
		return;
	members->failed = true;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	if (members->list)
		err_set(members->err, ERR_FAILED, "\"%s\", number %zu: %s", members->list,
			members->index + 1, text);
	else
		err_set(members->err, ERR_FAILED, "%s", text);
}

static const json_t *
member(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return value && !json_is_null(value) ? value : NULL;
}

bool
members_has(const json_t *object, const char *key)
{
	return member(object, key) != NULL;
}

const char *
members_text(struct members *members, const json_t *object, const char *key)
{
	const json_t *value = member(object, key);

	if (!value)
		return NULL;
	if (!json_is_string(value)) {
		members_fail(members, "\"%s\" is not a string", key);
		return NULL;
	}
	return arena_strdup(members->arena, json_string_value(value));
}

const char *
members_need_text(struct members *members, const json_t *object, const char *key)
{
	const char *text = members_text(members, object, key);

	if (!text)
		members_fail(members, "\"%s\" is missing", key);
	return text ? text : "";
}

static int
digit(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* The bytes that the hexadecimal digits write: at least one, and none of them a NUL. */
static const char *
read_bytes(struct members *members, const char *digits, const char *key)
{
	size_t n = strlen(digits) / 2;
	char *bytes = arena_alloc(members->arena, n + 1);

	for (size_t i = 0; i < n; i++) {
		int high = digit(digits[2 * i]), low = digit(digits[2 * i + 1]);
		if (high < 0 || low < 0)
			break;
		bytes[i] = (char)(high << 4 | low);
	}
	if (n == 0 || strlen(bytes) != n || digits[2 * n])
		members_fail(members, "\"%s\" is not bytes in hexadecimal", key);
	return bytes;
}

const char *
members_exact(struct members *members, const json_t *object, const char *key)
{
	char name[64];

	snprintf(name, sizeof name, "%s_bytes", key);
	const char *digits = members_text(members, object, name);
	return digits ? read_bytes(members, digits, name) : members_text(members, object, key);
}

static int64_t
number(struct members *members, const json_t *object, const char *key, int64_t least, int64_t most)
{
	const json_t *value = member(object, key);

	if (!value)
		return 0;
	int64_t n = json_integer_value(value);
	if (json_is_integer(value) && n >= least && n <= most)
		return n;
	members_fail(members, "\"%s\" is not a whole number from %lld to %lld", key,
		(long long)least, (long long)most);
	return 0;
}

/* So many that sums of them stay numbers. */
size_t
members_count(struct members *members, const json_t *object, const char *key)
{
	return (size_t)number(members, object, key, 0, UINT32_MAX);
}

int
members_int(struct members *members, const json_t *object, const char *key)
{
	return (int)number(members, object, key, -1, INT_MAX - 1);
}

int64_t
members_int64(struct members *members, const json_t *object, const char *key)
{
	return number(members, object, key, INT64_MIN, INT64_MAX);
}

int
members_share(struct members *members, const json_t *object, const char *key)
{
	const json_t *value = member(object, key);
	double share = value ? json_number_value(value) : 0;

	if (value && (!json_is_number(value) || !(share >= 0 && share <= 1))) {
		members_fail(members, "\"%s\" is no number from 0 to 1", key);
		return 0;
	}
	return (int)(share * 100000 + 0.5);
}

bool
members_bool(struct members *members, const json_t *object, const char *key)
{
	const json_t *value = member(object, key);

	if (value && !json_is_boolean(value))
		members_fail(members, "\"%s\" is neither true nor false", key);
	return json_is_true(value);
}

int
members_choice(struct members *members, const json_t *object, const char *key,
	const char *(*word)(int), int count)
{
	const char *text = members_need_text(members, object, key);

	for (int i = 0; i < count && !members->failed; i++)
		if (strcmp(word(i), text) == 0)
			return i;
	members_fail(members,
		"\"%s\" is \"%s\", which this version of heapwarden does not know: a newer one may "
		"have written it",
		key, text);
	return 0;
}

const json_t *
members_object(struct members *members, const json_t *object, const char *key)
{
	const json_t *value = member(object, key);

	if (!value || json_is_object(value))
		return value;
	members_fail(members, "\"%s\" is not an object", key);
	return NULL;
}

const json_t *
members_array(struct members *members, const json_t *object, const char *key)
{
	const json_t *value = member(object, key);

	if (!value || json_is_array(value))
		return value;
	members_fail(members, "\"%s\" is not an array", key);
	return NULL;
}

const char **
members_texts(struct members *members, const json_t *object, const char *key, size_t *count)
{
	const json_t *array = members_array(members, object, key);
	size_t length = json_array_size(array);
	const char **texts = NULL;

	*count = 0;
	if (length)
		texts = arena_alloc(members->arena, length * sizeof *texts);
	for (size_t i = 0; i < length; i++) {
		const char *text = json_string_value(json_array_get(array, i));
		if (text)
			texts[(*count)++] = arena_strdup(members->arena, text);
		else
			members_fail(members, "\"%s\" has an element that is not a string", key);
	}
	return texts;
}

size_t
members_length(const json_t *array)
{
	return json_array_size(array);
}

const json_t *
members_element(const json_t *array, size_t index)
{
	return json_array_get(array, index);
}

const json_t *
members_at(struct members *members, const json_t *array, const char *list, size_t index)
{
	const json_t *object = json_array_get(array, index);

	members->list = list;
	members->index = index;
	if (json_is_object(object))
		return object;
	members_fail(members, "is not an object");
	return NULL;
}
