/* The store: what builds have printed, in a file of SQLite, so that nothing is built twice. It is a
 * cache: without it time is lost, never data. */
#pragma once

#include "src/base/err.h"
#include "src/recording.h"

struct store;

/*
 * Open the file, or make it with the directories above. One that is damaged is set aside under
 * another name, a new one is begun, and *notice says so. Where the place can only be read, so can
 * the store. Fails where there is nothing to work with: a place that can neither be read nor
 * written, a file that is no store of ours (damaged or not) or a newer heapwarden's, which is left
 * alone. `reader` names the program that reads units (READER_ID): what another one counted is not
 * believed. Several processes may use it at once; one that is killed leaves nothing half written.
 */
MUST_CHECK int store_open(struct store **out, const char *path, const char *reader,
	struct buf *notice, struct err *err);

/* Open one that is there, for its upkeep: neither made nor set aside. ERR_NOT_FOUND where there is
 * none, ERR_DAMAGED where it cannot be opened for that. */
MUST_CHECK int store_open_as_is(struct store **out, const char *path, struct err *err);

/* Close it. One that was found damaged on the way is set aside, as above. */
void store_close(struct store *store, struct buf *notice);

/* The recording with that key, without its texts: *found tells whether there is one. It is released
 * by the caller in any case. */
MUST_CHECK int store_find(
	struct recording *out, bool *found, struct store *store, const char *key, struct err *err);

/* Append the text of a unit. Fails where it is not there or is not what it was. */
MUST_CHECK int store_text(
	struct buf *out, struct store *store, const struct content_id *id, struct err *err);

/* Append the package_list.imports of that name. Fails in the same way. */
MUST_CHECK int store_imports(
	struct buf *out, struct store *store, const struct content_id *id, struct err *err);

/*
 * Keep the recording under the key; `decided` says in lines "name=value" what the key was made of,
 * `tree` is the git tree that was built, or NULL. Units that are there are not written again, one
 * that has no text must be there. Replaces what the key had. Does nothing where the store can only
 * be read.
 */
MUST_CHECK int store_save(struct store *store, const char *key, const char *decided,
	const char *tree, const struct recording *recording, struct err *err);

/* What decides the compiler's output in a git tree (repo_relevant()), as it was found before;
 * *found tells. */
MUST_CHECK int store_relevant(struct content_id *out, bool *found, struct store *store,
	const char *tree, struct err *err);
MUST_CHECK int store_keep_relevant(
	struct store *store, const char *tree, const struct content_id *relevant, struct err *err);

/* What go has compiled, by the name that it gives to it (src/builtids.h), and what the compiler
 * says of it: the name of a unit's text, "" where it says nothing. */
struct compiled {
	const char *build, *package, *content;
};

/* Append the text of what go has compiled; *found tells. `content` is not used. */
MUST_CHECK int store_compiled(struct buf *out, bool *found, struct store *store,
	const struct compiled *compiled, struct err *err);

/* Keep them, for as long as the snapshot with that key, which has their texts. Replaces what the
 * builds had. Does nothing where the store can only be read. */
MUST_CHECK int store_keep_compiled(struct store *store, const char *key, const struct compiled *all,
	size_t count, struct err *err);
