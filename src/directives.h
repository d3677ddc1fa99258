/* The comments in Go source that say something of the heap: exceptions and contracts. */
#pragma once

#include "src/base/arena.h"

enum directive_kind {
	DIRECTIVE_ALLOW,    /* what is new on the heap there is accepted */
	DIRECTIVE_NOESCAPE, /* nothing there may be on the heap */
	DIRECTIVE_INLINE,   /* the call there, or every call of the function, must be inlined */
	DIRECTIVE_EXEMPT,   /* gVisor's "// escapes: reason": not meant by a +checkescape */
	DIRECTIVE_SPACED,   /* "// heapwarden:allow", which is an ordinary comment */
	DIRECTIVE_UNKNOWN,  /* "//heapwarden:" and a word that is none */
};

/* Slices are of the text that was read. */
struct directive {
	enum directive_kind kind;
	struct str name;   /* as written: "heapwarden:allow", "gcassert:inline", "+checkescape" */
	struct str reason; /* what follows it, without blanks at its ends */
	int line;          /* of the comment */
	int first, last;   /* the lines that it is for; 0 where it is for none */
	bool declaration;  /* it stands above a declaration, and is for all of it */
	bool signature;    /* of these, only for the first line, as in gcassert */
	bool used;         /* for the caller */
};

struct directives {
	struct directive *all;
	size_t count, capacity;
};

/*
 * Find them in the text of a Go file: only in line comments, not in strings. A comment behind code
 * is for its line. One alone on its line is for the next line of code, when nothing but other
 * comments is between; where a declaration of the file begins there (its doc comment), for all of
 * it. Text that is no Go harms nothing. Release with directives_release().
 */
void directives_find(struct directives *out, struct str text);
void directives_release(struct directives *directives);
