/* Members of a JSON object that somebody else wrote, each checked for what it must be. For
 * json_read*.c. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/arena.h"
#include "src/base/err.h"

struct json_t;

/*
 * What all functions below share. The first member that is wrong fills *err, and `failed` stays
 * true: whoever asks looks once, at the end. What is given out then and after is harmless: "" for
 * text that must be there, 0, nothing in a list.
 */
struct members {
	struct arena *arena; /* where texts are copied to */
	struct err *err;
	const char *list; /* which list the objects are of, for messages; NULL: none */
	size_t index;
	bool failed;
};

/* Say what is wrong, with the place in front. */
void members_fail(struct members *members, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A text, or NULL where the member is null or not there; members_need_text() demands it.
 * members_exact() prefers the bytes that stand beside it as "KEY_bytes". */
const char *members_text(struct members *members, const struct json_t *object, const char *key);
const char *members_need_text(
	struct members *members, const struct json_t *object, const char *key);
const char *members_exact(struct members *members, const struct json_t *object, const char *key);

/* Numbers: 0 where they are not there. */
size_t members_count(struct members *members, const struct json_t *object, const char *key);
int members_int(struct members *members, const struct json_t *object, const char *key);
int64_t members_int64(struct members *members, const struct json_t *object, const char *key);
/* A share of 1, in hundred thousandths. */
int members_share(struct members *members, const struct json_t *object, const char *key);
bool members_bool(struct members *members, const struct json_t *object, const char *key);

/* Whether the member is there and not null. */
bool members_has(const struct json_t *object, const char *key);

/* Which of the words the text is; `word` gives them, from 0 to count - 1, and 0 where the member
 * must not be there. What is none of them is taken for a word of a newer version. */
int members_choice(struct members *members, const struct json_t *object, const char *key,
	const char *(*word)(int), int count);

/* An object or an array; NULL where it is not there. */
const struct json_t *members_object(
	struct members *members, const struct json_t *object, const char *key);
const struct json_t *members_array(
	struct members *members, const struct json_t *object, const char *key);

/* An array of texts, none of them NULL; NULL where there are none. */
const char **members_texts(
	struct members *members, const struct json_t *object, const char *key, size_t *count);

/* How many elements the array has, 0 for NULL; and one of them: asking it for members is harmless
 * whatever it is. members_at() makes it the place that messages name, and fails where it is no
 * object. */
size_t members_length(const struct json_t *array);
const struct json_t *members_element(const struct json_t *array, size_t index);
const struct json_t *members_at(
	struct members *members, const struct json_t *array, const char *list, size_t index);
