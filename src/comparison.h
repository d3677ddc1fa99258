/* The model, part 3: the result of comparing two snapshots; all that a report is made of. Plain
 * data. */
#pragma once

#include "src/revision.h"
#include "src/snapshot.h"
#include "src/source.h"

enum finding_state {
	FINDING_NEW,
	FINDING_FIXED,
	FINDING_MOVED,
	FINDING_UNCHANGED,
	FINDING_ACCEPTED,
	FINDING_STATE_COUNT
};

enum cause_kind {
	CAUSE_UNKNOWN,
	CAUSE_CHANGED_LINE,        /* the allocation's own line was changed */
	CAUSE_CHANGED_FLOW,        /* a line that its flow passes was changed */
	CAUSE_CHANGED_FUNCTION,    /* another line of the function that it is in was changed */
	CAUSE_CHANGED_DECLARATION, /* a type, constant, variable or field that its line, or one of
				      its flow, uses */
	CAUSE_CALLEE_LEAKS,        /* a function that it is handed to lets it get to the heap now */
	CAUSE_INLINING,            /* a function is no longer inlined */
	CAUSE_NEWLY_COMPILED,      /* its file is part of the build now */
	CAUSE_DEPENDENCY,          /* another version of a module */
	CAUSE_TOOLCHAIN,           /* the go line of go.mod */
};

/* The change that made a new finding. */
struct cause {
	enum cause_kind kind;
	const char *text;     /* a plain sentence without full stop */
	struct position at;   /* file NULL where there is none */
	const char *function; /* the one whose change it is; NULL where it is none's */
};

/* A cause that several new findings share. */
struct cause_group {
	struct cause cause;
	size_t count;
};

/* A parameter of an exported function that leaks otherwise than before; neither is NULL. */
struct contract {
	const struct leak *base, *head;
};

/* A call that was inlined in the base and is not in the head. */
struct not_inlined {
	struct position at; /* in the head, as all of it */
	const struct inlining
		*callee;              /* which cannot be inlined any more, or not into its caller */
	const struct inlining *big;   /* the caller, if that is why; else NULL */
	const char *package, *caller; /* where the call is; "" outside of functions */
};

/* The same allocation printed again where the function that holds it was inlined. */
struct copy {
	struct position at;
	const char *function; /* the caller, normalised */
};

/* A line of source near a finding. */
struct source_line {
	int line;
	const char *text; /* bytes as in the file, without the newline; long lines are cut to 500
			     bytes */
	bool changed;     /* added or changed since the base */
};

/* A function whose calls are no longer inlined. */
struct lost_inlining {
	const struct inlining *function;  /* in the head */
	const struct inlining *big;       /* in the head: the caller into which it is too expensive,
					     though it can be inlined elsewhere; NULL: it cannot */
	int base_cost, head_cost, budget; /* 0 where the compiler does not print it */
	const struct escape *const *allocations; /* of the function, in the head */
	size_t allocation_count;
};

/* Why a new finding is accepted. */
struct acceptance {
	const char *how;     /* "comment", "baseline" */
	const char *reason;  /* in the words of whoever accepted it */
	const char *author;  /* NULL: not said */
	const char *expires; /* the last day, "2027-01-31"; NULL: never */
	const char *file;    /* where that is written */
	int line;
};

/* A contract in a comment that the head does not keep. */
struct broken_contract {
	const char *contract;    /* as written: "gcassert:noescape" */
	struct position at;      /* of the comment; column 0 */
	struct position breaker; /* of what breaks it */
	const char *text;        /* what does, a plain sentence without full stop */
	bool is_new;             /* the base kept it, or did not have it */
};

/* How much of the profile passes through the function of a finding. */
struct profile_share {
	bool is_known;   /* else there is no profile, or none that can know the function */
	int thousandths; /* of a per cent: 100000 is all of it */
};

struct finding {
	char id[11]; /* fingerprint: 10 hex digits */
	enum finding_state state;
	const struct escape *escape; /* in the head; in the base where it is fixed. Never NULL */
	const struct escape *base;   /* its counterpart in the base; NULL where it is new */
	struct cause cause;          /* of new ones */
	const char *not_counted; /* why the policy leaves it out, such as "generated file"; NULL: it
				    does not */
	const char *hot;         /* the pattern of hot functions that it is in; NULL */
	struct profile_share share; /* of new ones */
	const struct copy *copies;  /* of lost inlining: the calls that allocate now */
	size_t copy_count;
	const struct lost_inlining *lost; /* of that kind alone, else NULL */
	const struct source_line *source; /* around `escape`, for new and fixed ones; may be NULL */
	size_t source_count;
	const struct acceptance *accepted; /* of accepted ones, else NULL */
	const char *line_hash; /* of its line, as GitHub computes it ("39fa2ee980eb94b0:1"); where
				  `source` is, else NULL */
	const char *const *holds; /* in which of the comparison's variants; none where it has but
				     one */
	size_t hold_count;
};

/* One of the two states compared, or the one that was scanned. */
struct side {
	struct revision revision;
	const char *chosen_because; /* "given with --base" */
};

struct summary {
	size_t new, new_without_allocation; /* apart from each other: what allocates nothing is not
					       in `new` */
	size_t new_not_counted; /* what is new and the policy leaves out: in neither of them */
	size_t lost_inlining;   /* functions; not in `new` */
	size_t new_outside; /* new escapes at positions outside the repository's own files (generic
			       code of others, wrappers): not judged */
	size_t not_printed; /* on one side alone, because the other's Go prints nothing about such
			       allocations, which it makes as well: not judged */
	size_t fixed, moved, unchanged, accepted, copies;
	size_t base_total, head_total; /* escapes that the compiler printed, copies and repeated
					  prints included, and implied ones */
	size_t base_lines, head_lines; /* the compiler's summary lines */
	size_t not_judged;             /* in packages that the other side says nothing about */
	size_t packages, packages_failed;
	size_t lines_not_understood;
};

/* A package that one of the sides says nothing about: it does not build there, what has its name in
 * the head does not, or go could not look into the pattern that it is of. */
struct not_analysed {
	const char *package;
	const char *side;  /* "base" or "head" */
	const char *error; /* go's own words, several lines */
	size_t not_judged; /* escapes in it on the other side: neither new nor fixed */
};

enum verdict_status { VERDICT_PASS, VERDICT_FAIL, VERDICT_NONE };

struct verdict {
	enum verdict_status status;
	const char *const *
		violations; /* one plain sentence each: why it failed, or why there is no verdict */
	size_t violation_count;
};

/* What the compiler printed of a package that a snapshot does not have. */
struct left_out {
	const char *package;
	size_t base, head;             /* escapes */
	size_t base_lines, head_lines; /* summary lines */
};

struct comparison {
	struct arena arena; /* holds what is below and not in one of the snapshots */
	const char *title;  /* name of the repository's directory or of the main module */
	struct side base, head;
	const struct snapshot *base_snapshot, *head_snapshot; /* borrowed; must outlive this */
	struct source *source; /* of both; borrowed. NULL: no text is known */
	/* Packages whose sites are the same on both sides and are left out of what is compared;
	 * their units need not be in the snapshots. Borrowed; NULL: none. */
	const struct intern *equal;
	size_t equal_sites; /* how many they have */
	const struct left_out *left_out;
	size_t left_out_count;
	const char *profile;      /* by which findings are ranked, as it was named; NULL: none */
	struct finding *findings; /* sorted: new first, then by state; within a state by what
				     counts, share of the profile, file, line, column, expression */
	size_t finding_count, finding_capacity;
	struct not_analysed *not_analysed; /* sorted by package */
	size_t not_analysed_count, not_analysed_capacity;
	const struct cause_group *groups; /* causes of two and more findings that count, the most
					     first; not those that are in the findings' own lines */
	size_t group_count;
	struct not_inlined *not_inlined;
	size_t not_inlined_count, not_inlined_capacity;
	struct contract *contracts; /* where they were asked for */
	size_t contract_count, contract_capacity;
	bool has_contracts;
	struct broken_contract *broken; /* sorted by position */
	size_t broken_count, broken_capacity;
	const char *module; /* directory of the go.mod, or go.work, that governs the packages: "" is
			       the root; NULL where it is not in the tree, and of several */
	/* The builds that this was merged of (src/merge.h), sorted: "linux/amd64 -tags=netgo". None
	 * where it is of one build: then the head's snapshot says which. */
	const char *const *variants;
	size_t variant_count;
	const char **warnings; /* a sentence each: nothing fails for them */
	size_t warning_count, warning_capacity;
	struct summary summary;
	struct verdict verdict;
};

const char *finding_state_name(enum finding_state state);    /* "new", "fixed", … */
const char *cause_kind_name(enum cause_kind kind);           /* "changed-line", … */
const char *verdict_status_name(enum verdict_status status); /* "pass", "fail", "none" */

/* "head" of what is not analysed in the base. */
const char *not_analysed_other_side(const struct not_analysed *entry);

/* Room for one more finding; valid until the next is added. */
struct finding *comparison_add(struct comparison *comparison);

void comparison_warn(struct comparison *comparison, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Whether the package is one of those that are equal. */
bool comparison_leaves_out(const struct comparison *comparison, const char *package);

/* Whether the package is in none of not_analysed: it was built on both sides, or is not there. */
bool comparison_judges(const struct comparison *comparison, const char *package);

/* Whether the head has it and the base has not, accepted or not. */
bool finding_is_new(const struct finding *finding);

/* Whether there are variants in which the finding is not. */
bool finding_is_partial(const struct comparison *comparison, const struct finding *finding);

/* Whether the finding counts for the gate: new, not known to allocate nothing, and not left out by
 * the policy. */
bool finding_counts(const struct finding *finding);

/* "4.2%", of thousandths of a per cent. */
struct share_text {
	char text[16];
};

struct share_text share_text(int thousandths);

/* Sort the findings, and count those in each state and what is new, after states or what counts
 * have changed. */
void comparison_recount(struct comparison *comparison);

/* Which of two findings comes first, as for qsort(): by state, what counts first, share of a
 * profile, place and expression; findings of several builds that are the same in all of that, by
 * package and function. */
int finding_compare(const void *one, const void *two);

void comparison_release(struct comparison *comparison);
