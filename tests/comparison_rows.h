/* Comparisons of what the compiler printed: rows of tables, and the test of one. */
#pragma once

#include "src/comparison.h"
#include "src/linemap.h"
#include "tests/test.h"

/* What the compiler printed for each side (all in package p unless a header says otherwise), how
 * a.go changed, and what must come out. */
struct comparison_row {
	const char *name;
	const char *base, *head;
	const char *head_go;                   /* its version; NULL: that of the base, 1.24 */
	struct line_change change;             /* of a.go */
	const char *base_failed, *head_failed; /* a package that does not build on that side */
	const char *expected;                  /* a line for each finding that is not unchanged */
	int cause_line;                        /* of the first finding; 0: not looked at */
	const char *text;                      /* of a.go in the head */
	struct summary summary;
};

/* For RUN_TABLE: the row is the state. */
void comparison_row_test(void **state);

/* What is printed of a.go. */
#define CAN(at, function, cost)                                                                    \
	"a.go:" at ": can inline " function " with cost " cost " as: func() { }\n"
#define CANNOT(at, function, cost)                                                                 \
	"a.go:" at ": cannot inline " function ": function too complex: cost " cost                \
	" exceeds budget 80\n"
#define NOINLINE(at, function) "a.go:" at ": cannot inline " function ": marked go:noinline\n"
#define BIG(at, function)                                                                          \
	"a.go:" at ": function " function " considered 'big'; reducing max cost of inlinees\n"
#define CALL(at, function) "a.go:" at ": inlining call to " function "\n"
#define HEAP(at, expression) "a.go:" at ": " expression " escapes to heap\n"
#define STAYS(at, expression) "a.go:" at ": " expression " does not escape\n"
#define VARIABLE(at, variable) "a.go:" at ": moved to heap: " variable "\n"

/* The same with the one step of its flow. */
#define LEAKS(at, parameter, step)                                                                 \
	"a.go:" at ": parameter " parameter " leaks to {heap} with derefs=0:\n"                    \
	"a.go:" at ":   flow: {heap} = " parameter ":\n"                                           \
	"a.go:" at ":     from " step "\n"                                                         \
	"a.go:" at ": leaking param: " parameter "\n"
#define MOVED(at, variable, step)                                                                  \
	"a.go:" at ": " variable " escapes to heap:\n"                                             \
	"a.go:" at ":   flow: {heap} = &" variable ":\n"                                           \
	"a.go:" at ":     from " step "\n" VARIABLE(at, variable)
