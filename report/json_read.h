/* The parts that a comparison's document and a scan's have in common, and the two of them. For
 * json_read*.c and document.c. */
#pragma once

#include "report/document.h"
#include "report/json_members.h"

struct position json_read_position(struct members *members, const struct json_t *object);

/* An array of steps. */
const struct flow_step *json_read_flow(
	struct members *members, const struct json_t *object, size_t *count);

/* What set_escape() of json.c writes, and the members that both documents add to it. */
void json_read_escape(struct escape *out, struct members *members, const struct json_t *object);

void json_read_side(struct side *out, struct members *members, const struct json_t *object);

/* The first lines that were not understood. */
void json_read_samples(struct snapshot *out, struct members *members, const struct json_t *object);

/* Which Go, target and flags. */
void json_read_toolchain(
	struct snapshot *out, struct members *members, const struct json_t *object);

int json_read_leak_kind(struct members *members, const struct json_t *object, const char *key);

/* A whole document: what is wrong is told by `members`. */
void json_read_comparison(struct document *out, struct members *members, const struct json_t *root);
void json_read_scan(struct document *out, struct members *members, const struct json_t *root);
