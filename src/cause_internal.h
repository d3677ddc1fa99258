/* What the files of cause share. */
#pragma once

#include "src/cause.h"
#include "src/functions.h"

/* Leaks, and what is inlined into what, are followed from function to function no further than
 * this: they can go in circles. */
#define CAUSE_MOST_STEPS 16

struct search {
	struct comparison *comparison;
	const struct line_map *map;
	const struct other_changes *changes;
	struct arena scratch;
	struct functions base, head;
	struct index worse;   /* struct leak of the head that was less, by the last word of the
				 function */
	struct index by_word; /* struct inlining of the head, by the last word */
	struct index changed_names; /* struct changed_name, by directory and name */
	bool changed_names_known;
};

/* The first step on a line of the head that was added or changed, or NULL. */
const struct flow_step *cause_changed_step(
	const struct search *search, const struct flow_step *flow, size_t count);

/* The first line of a function of the head that was added or changed, comments aside; of one that a
 * directive above it forbids to inline, that. */
bool cause_change_of(
	struct position *out, const struct search *search, const struct inlining *function);

/* "Get" of "Store.Get". */
struct str cause_last_word(const char *function);
uint64_t cause_word_key(struct str word);

/* The name of what an expression calls: "Get" of "s.pool.Get(x)", "Map" of "gen.Map[int](v)"; empty
 * where it has none, as in "s.pool.Get(x)(y)". */
struct str cause_called_name(const char *call);

/* Whether there is more on the line than a comment. */
bool cause_has_code(struct str line);

/* ---- a function that lets its parameter get to the heap now ---- */

void cause_collect_leaks(struct search *search);
bool cause_is_leak(struct cause *out, const struct search *search, const struct escape *escape);

/* ---- a function that is not inlined any more ---- */

struct cause cause_of_lost(const struct search *search, const struct finding *finding);
bool cause_is_not_inlined(
	struct cause *out, const struct search *search, const struct escape *escape);

/* ---- a file that was there and was not compiled ---- */

bool cause_is_newly_compiled(
	struct cause *out, const struct search *search, const struct escape *escape);

/* ---- what is in no line of Go ---- */

/* Another version of a module, one of whose functions it is handed to, or is inlined there. */
bool cause_is_module(struct cause *out, const struct search *search, const struct escape *escape);

/* The same of a function with that name ("dep.Norm"), which the file uses. */
bool cause_is_module_of(
	struct cause *out, const struct search *search, const char *file, const char *name);

/* Another version of any module, another Go or another go line. */
bool cause_is_elsewhere(
	struct cause *out, const struct search *search, const struct escape *escape);

/* ---- what the text of the changed lines tells ---- */

/* A function that it is handed to, of which the compiler prints nothing: it is none of the packages
 * that were asked for. */
bool cause_is_changed_callee(struct cause *out, struct search *search, const struct escape *escape);

/* A type, constant, variable or field that its line or one of its flow uses. */
bool cause_is_declaration(struct cause *out, struct search *search, const struct escape *escape);
