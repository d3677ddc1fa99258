/* The model, part 7: what one build printed, unit by unit, and what is needed to read it. */
#pragma once

#include "src/base/hash.h"
#include "src/base/intern.h"
#include "src/packages.h"

/* All that the compiler printed for one package. */
struct recorded_unit {
	const char *package;  /* import path; "" for what stood before any package's header */
	struct content_id id; /* of its text */
	struct buf text;      /* while lines are added */
	struct buf frame; /* the text as one frame of zstd; empty where it is in the store alone */
	size_t size;      /* of the text */
	bool is_read;     /* its facts are in the snapshot */
	bool is_equal;    /* to what the other side of a comparison has: need not be read */
	/* What it says of other packages, a line each: the names of those whose functions are
	 * inlined ("log"), and the import paths of those whose files it names, with a slash in
	 * front ("/example.com/app/log"). */
	const char *mentions;
	/* How many it has, known without reading it again. */
	size_t escapes;       /* of the snapshot */
	size_t summary_lines; /* "… escapes to heap" and "moved to heap: …" */
};

struct recording {
	struct arena arena; /* holds every string */
	const char *go_version, *target;
	const char *decided; /* what decided it, for the store; NULL: it is not to be kept */
	struct package_list list;
	/* Of list.imports; "" where that is not known, and where it is in the store alone the
	 * list's is NULL. */
	struct content_id imports;
	struct recorded_unit *units; /* sorted by package, as soon as it is finished */
	size_t count, capacity;
	/* While it is being made: the number of each package's unit from 1; "PACKAGE\nWORD" of what
	 * was mentioned; the number of the unit that lines were added to last, or 0. */
	struct intern index, mentioned;
	size_t open;
	bool is_counted;       /* the next two, and what units mention and have, are known */
	bool lacks_sites;      /* all of that is known, but for the sites */
	size_t sites;          /* in the repository's own files */
	size_t not_understood; /* lines */
};

/* Add a line, or several, to the unit of the package, which is valid until more is added. All
 * others are kept compressed. */
struct recorded_unit *recording_add(
	struct recording *recording, const char *package, struct str text);

/* The unit of the package mentions another one so; nothing where it does already, and where a
 * finished recording has no such unit. */
void recording_mention(struct recording *recording, const char *package, const char *word);

/* Everything was added: name the units by their content and sort them. */
void recording_finish(struct recording *recording);

/* The unit of the package, or NULL. Needs a finished recording. */
struct recorded_unit *recording_unit(const struct recording *recording, const char *package);

/* Whether there is nothing that could not be built. */
bool recording_is_whole(const struct recording *recording);

/* Add the unit of another recording, to be read when it is needed; nothing where the package has
 * one already. Not to a finished recording. */
void recording_adopt(struct recording *recording, const struct recorded_unit *unit);

/* Whether units are to be read that are in the store alone. */
bool recording_needs_store(const struct recording *recording);

/* Whether all units are read. */
bool recording_is_all_read(const struct recording *recording);

/* Whether there are units that are neither read nor equal to the other side's. */
bool recording_is_to_be_read(const struct recording *recording);

/* What another reader has counted and seen mentioned is to be found out anew. */
void recording_forget_counts(struct recording *recording);

/* Begin anew with the same list. */
void recording_forget_units(struct recording *recording);

/* Begin anew with nothing. The strings and lists that were there live on until it is released:
 * another recording may borrow them. */
void recording_begin_anew(struct recording *recording);

void recording_release(struct recording *recording);
