/* The index as a tree: what git commit is about to commit. */
#include <git2.h>
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <string.h>

#include "src/base/file.h"
#include "src/repo_internal.h"

static void
free_index(git_index **index)
{
	git_index_free(*index);
}

static void
free_odb(git_odb **odb)
{
	git_odb_free(*odb);
}

static void
free_odb_object(git_odb_object **object)
{
	git_odb_object_free(*object);
}

static void
free_repository(git_repository **git)
{
	git_repository_free(*git);
}

static void
free_tree(git_tree **tree)
{
	git_tree_free(*tree);
}

/* libgit2 does not know the forms of an index that leave files out of it. */
static int
fail_opening(const char *path, struct err *err)
{
	repo_fail(err, "cannot read the index '%s'", path);
	if (!strstr(err->msg, "extension"))
		return -1;
	return err_wrap(err,
		"split and sparse indexes are not supported: have git write a whole one with "
		"'git config core.splitIndex false && git config index.sparse false && "
		"git update-index --force-write-index'");
}

/* There is no file before the first git add. */
static int
open_index(git_index **out, const char *path, struct err *err)
{
	int rc = path_exists(path) ? git_index_open(out, path) : git_index_new(out);

	return rc == 0 ? 0 : fail_opening(path, err);
}

static int
check_conflicts(git_index *index, struct err *err)
{
	for (size_t i = 0; i < git_index_entrycount(index); i++) {
		const git_index_entry *entry = git_index_get_byindex(index, i);
		if (GIT_INDEX_ENTRY_STAGE(entry) == 0)
			continue;
		return err_set(err, ERR_FAILED,
			"'%s' has a conflict in the index, which is no tree that could be looked "
			"at: "
			"resolve it and 'git add' it",
			entry->path);
	}
	return 0;
}

/* What is to be committed of it. "git add --intent-to-add" announces files that have no content
 * yet. In a copy, which has no memory of trees that may be nowhere. */
static int
copy_entries(git_index *to, git_index *from)
{
	for (size_t i = 0; i < git_index_entrycount(from); i++) {
		const git_index_entry *entry = git_index_get_byindex(from, i);
		if (!(entry->flags_extended & GIT_INDEX_ENTRY_INTENT_TO_ADD) &&
			git_index_add(to, entry) != 0)
			return -1;
	}
	return 0;
}

/* Write the index's trees into an object database that is in memory alone. Not into the
 * repository's own: libgit2 would set the times of objects that are there already. */
static int
write_trees(git_oid *id, git_odb *memory, git_index *index)
{
	CLEANUP(free_repository) git_repository *git = NULL;
	git_odb_backend *backend = NULL;

	if (git_mempack_new(&backend) != 0)
		return -1;
	if (git_odb_add_backend(memory, backend, 1) != 0) {
		backend->free(backend);
		return -1;
	}
	if (git_repository_wrap_odb(&git, memory) != 0)
		return -1;
	/* The blobs are elsewhere. */
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 0);
	int rc = git_index_write_tree_to(id, index, git);
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 1);
	return rc;
}

/* Make the trees readable in the repository. */
static int
hand_over(struct repo *repo, git_odb *memory, const git_oid *id)
{
	CLEANUP(free_odb_object) git_odb_object *object = NULL;
	CLEANUP(free_tree) git_tree *tree = NULL;

	if (git_odb_read(&object, memory, id) != 0 ||
		repo->memory->write(repo->memory, id, git_odb_object_data(object),
			git_odb_object_size(object), GIT_OBJECT_TREE) != 0 ||
		git_tree_lookup(&tree, repo->git, id) != 0)
		return -1;
	for (size_t i = 0; i < git_tree_entrycount(tree); i++) {
		const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
		if (git_tree_entry_type(entry) == GIT_OBJECT_TREE &&
			hand_over(repo, memory, git_tree_entry_id(entry)) != 0)
			return -1;
	}
	return 0;
}

/* Before all others, so that nothing that is written gets further. */
static int
add_memory(struct repo *repo)
{
	CLEANUP(free_odb) git_odb *odb = NULL;
	git_odb_backend *backend = NULL;

	if (repo->memory)
		return 0;
	if (git_repository_odb(&odb, repo->git) != 0 || git_mempack_new(&backend) != 0)
		return -1;
	if (git_odb_add_backend(odb, backend, 1000) != 0) {
		backend->free(backend);
		return -1;
	}
	repo->memory = backend;
	return 0;
}

static int
make_tree(git_oid *id, struct repo *repo, git_index *index)
{
	CLEANUP(free_odb) git_odb *memory = NULL;
	CLEANUP(free_index) git_index *copy = NULL;

	if (git_index_new(&copy) != 0 || copy_entries(copy, index) != 0 ||
		git_odb_new(&memory) != 0 || add_memory(repo) != 0 ||
		write_trees(id, memory, copy) != 0)
		return -1;
	return hand_over(repo, memory, id);
}

/* The tree and those below it, but for what the commit's tree has as well: "SIZE", an end of line
 * and the object's bytes. */
static int
keep_trees(struct buf *out, struct repo *repo, const git_oid *id, const git_tree *committed)
{
	CLEANUP(free_odb) git_odb *odb = NULL;
	CLEANUP(free_odb_object) git_odb_object *object = NULL;
	CLEANUP(free_tree) git_tree *tree = NULL;

	if (committed && git_oid_equal(git_tree_id(committed), id))
		return 0;
	if (git_repository_odb(&odb, repo->git) != 0 || git_odb_read(&object, odb, id) != 0 ||
		git_tree_lookup(&tree, repo->git, id) != 0)
		return -1;
	buf_printf(out, "%zu\n", git_odb_object_size(object));
	buf_add(out, (struct str){git_odb_object_data(object), git_odb_object_size(object)});
	for (size_t i = 0; i < git_tree_entrycount(tree); i++) {
		const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
		const git_tree_entry *was =
			committed ? git_tree_entry_byname(committed, git_tree_entry_name(entry))
				  : NULL;
		CLEANUP(free_tree) git_tree *below = NULL;
		if (git_tree_entry_type(entry) != GIT_OBJECT_TREE)
			continue;
		if (was && git_tree_entry_type(was) == GIT_OBJECT_TREE &&
			git_tree_lookup(&below, repo->git, git_tree_entry_id(was)) != 0)
			return -1;
		if (keep_trees(out, repo, git_tree_entry_id(entry), below) != 0)
			return -1;
	}
	return 0;
}

int
repo_keep_trees(struct buf *out, struct repo *repo, const struct revision *index, struct err *err)
{
	CLEANUP(free_tree) git_tree *committed = NULL;
	git_oid id;

	if (index->commit) {
		struct revision head = {.name = index->commit, .commit = index->commit};
		CLEANUP(arena_release) struct arena arena = {0};
		if (repo_resolve(&head, repo, index->commit, &arena, err) != 0 ||
			repo_tree(&committed, repo, &head, err) != 0)
			return -1;
	}
	if (git_oid_fromstr(&id, index->tree) != 0 || keep_trees(out, repo, &id, committed) != 0)
		return repo_fail(err, "cannot keep the tree of the index");
	return 0;
}

void
repo_recall_trees(struct repo *repo, struct str kept)
{
	struct str size;

	if (add_memory(repo) != 0)
		return;
	while (str_next(&size, &kept, '\n')) {
		int n = str_int(size);
		git_oid id;
		if (n < 0 || (size_t)n > kept.n ||
			git_odb_hash(&id, kept.p, (size_t)n, GIT_OBJECT_TREE) != 0)
			return;
		repo->memory->write(repo->memory, &id, kept.p, (size_t)n, GIT_OBJECT_TREE);
		kept = str_from(kept, (size_t)n);
	}
}

int
repo_index(struct revision *out, struct repo *repo, struct arena *arena, struct err *err)
{
	CLEANUP(free_index) git_index *index = NULL;
	struct revision revision = {.subject = ""};
	char hex[GIT_OID_HEXSZ + 1];
	git_oid id;

	if (!repo->root)
		return err_set(err, ERR_FAILED,
			"the repository is bare and has no index: name a revision with --head");
	if (git_repository_head_unborn(repo->git) != 1 &&
		repo_resolve(&revision, repo, "HEAD", arena, err) != 0)
		return -1;
	if (open_index(&index, repo->index_file, err) != 0 || check_conflicts(index, err) != 0)
		return -1;
	if (make_tree(&id, repo, index) != 0)
		return repo_fail(err, "cannot make a tree of the index");
	revision.index = true;
	revision.name = "index";
	revision.tree = arena_strdup(arena, git_oid_tostr(hex, sizeof hex, &id));
	*out = revision;
	return 0;
}
