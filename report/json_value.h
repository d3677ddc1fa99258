/* Values that documents of both kinds have. What is given out is the caller's; what is set is taken
 * over. */
#pragma once

#include "src/comparison.h"

struct json_t;

/* An array of texts. */
struct json_t *json_value_texts(const char *const *list, size_t count);

struct json_t *json_value_number(size_t value);

void json_value_set(struct json_t *object, const char *key, struct json_t *value);

/* Text in which single bytes count, because columns do or because it names a file. Where the gate
 * changes it, its bytes stand beside it as "KEY_bytes", in hexadecimal. */
void json_value_set_exact(struct json_t *object, const char *key, const char *bytes);

/* "file", "line", "column": in an object that has more, or alone. */
void json_value_set_position(struct json_t *object, const struct position *at);
struct json_t *json_value_position(const struct position *at);

struct json_t *json_value_flow(const struct flow_step *steps, size_t count);

/* What an escape is, in a finding and in a snapshot alike. */
void json_value_set_escape(struct json_t *object, const struct escape *escape);

/* A revision, and why it was taken. */
struct json_t *json_value_side(const struct side *of);

/* Some of the lines that were not understood. */
struct json_t *json_value_not_understood(const struct snapshot *snapshot);

/* Who writes the document; with which Go it was made. */
struct json_t *json_value_tool(void);
struct json_t *json_value_toolchain(const struct snapshot *snapshot);
