#!/usr/bin/env bash
# heapwarden store: what is in the store, what may go, whether it is whole, copies of it.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

store()
{
	heapwarden store "$@"
}

# Statements for the file.
sql() # FILE SQL
{
	python3 -c 'import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); [print(*row) for sql in sys.argv[2].split(";") for row in db.execute(sql)]; db.commit()' "$1" "$2"
}

expect_answer() # FILE SQL ANSWER
{
	ran="$2"
	expect "it is not '$3'" [ "$(sql "$1" "$2")" = "$3" ]
}

make_module module
file=$PWD/.git/heapwarden/store.db

# --- there is none yet

for action in info prune verify; do
	store "$action"
	expect_status 0
	expect_empty "$work/stdout"
	expect_contains "$work/stderr" "there is no store '$file' yet"
done
store export "$work/exported.db"
expect_error "there is no store '$file'"
expect 'a store was made' [ ! -e "$file" ]

# --- info

heapwarden scan --head HEAD
one=$(git rev-parse HEAD^{tree})
printf 'package module\n\nfunc New() *int { return new(int) }\n' >new.go
commit_all two
heapwarden scan --head HEAD
store info
expect_status 0
expect_contains "$work/stdout" "store: $file"
expect_contains "$work/stdout" 'holds: 2 snapshots, 2 units of '
expect 'not a line for each snapshot' [ "$(grep -cE '^[0-9a-f]{10}  go1\.[^ ]+ +[a-z]+/[a-z0-9]+ +20..-..-.. ..:..  20..-..-.. ..:.. +1$' "$work/stdout")" -eq 2 ]
store info --store "$work/none.db"
expect_contains "$work/stderr" "there is no store '$work/none.db' yet"
HEAPWARDEN_STORE=$file store info -C /
expect_contains "$work/stdout" 'holds: 2 snapshots'
store info -C /
expect_error 'not inside a git repository'
HEAPWARDEN_STORE='' store info
expect_error 'there is no store'

# --- wrong uses

store
expect_error 'info, prune, verify, export or import'
store frob
expect_error "'frob'" 'info, prune, verify, export and import'
store info more
expect_error "'more' is one word too many"
store export one two
expect_error "'two' is one word too many"
store verify --unreachable
expect_error 'are for store prune'
store import
expect_error 'name the file to import'
store prune --older-than soon
expect_error "not 'soon'"
store prune --max-size 5X
expect_error "not '5X'"

# --- verify

store verify
expect_status 0
expect_contains "$work/stdout" '2 snapshots and 2 units are what was written'
while IFS='|' read -r name damage text; do
	cp "$file" "$work/damaged.db"
	sql "$work/damaged.db" "$damage"
	store verify --store "$work/damaged.db"
	ran="$ran ($name)"
	expect_status 1
	expect_contains "$work/stdout" "$text"
	expect_contains "$work/stderr" "the store '$work/damaged.db' is damaged: remove it"
	expect 'it was set aside' [ -e "$work/damaged.db" ]
	before=$(sql "$file" 'SELECT * FROM snapshot; SELECT * FROM unit; SELECT * FROM printed')
	store import "$work/damaged.db"
	expect_error "'$work/damaged.db' is damaged, nothing of it was taken in"
	ran="$ran ($name)"
	expect 'something of a damaged file was taken in' \
		[ "$(sql "$file" 'SELECT * FROM snapshot; SELECT * FROM unit; SELECT * FROM printed')" = "$before" ]
done <<'EOF'
text|UPDATE unit SET text = x'0011' WHERE id = 1|is not what was written
snapshot|UPDATE snapshot SET sites = sites + 1|snapshot
mentions|UPDATE unit SET mentions = 'fmt' WHERE id = 2|is not what was written
reference|DELETE FROM unit WHERE id = 1|table printed: a row belongs to nothing
EOF
head -c 5000 "$file" >"$work/damaged.db"
store verify --store "$work/damaged.db"
expect_status 1
echo nonsense >"$work/damaged.db"
store verify --store "$work/damaged.db"
expect_status 1
store info --store "$work/damaged.db"
expect_error 'not a database'
store import "$work/damaged.db"
expect_error 'not a database'

# --- export and import

store export "$work/exported.db"
expect_status 0
expect_empty "$work/stdout"
run bash -c '"$1" store export >"$2"' - "$HEAPWARDEN" "$work/piped.db"
expect_status 0
for copy in exported piped; do
	store verify --store "$work/$copy.db"
	expect_contains "$work/stdout" '2 snapshots and 2 units are what was written'
done
store import "$work/exported.db"
expect_contains "$work/stdout" '0 snapshots and 0 units taken in'
# Into a store that has one of them, and a unit of the other.
git clone --quiet . "$work/clone"
cd "$work/clone"
heapwarden scan --head HEAD~1
for taken in 1 0; do
	store import "$work/exported.db"
	expect_status 0
	expect_matches "$work/stdout" "^$taken snapshots? and $taken units? taken in"
	store verify
	expect_contains "$work/stdout" '2 snapshots and 2 units are what was written'
done
heapwarden scan -v --head HEAD
expect_lacks "$work/stderr" ' go build '
expect_contains "$work/stdout" 'new(int) escapes to heap'
# Into none yet.
store import "$work/exported.db" --store "$work/fresh/store.db"
expect_contains "$work/stdout" '2 snapshots and 2 units taken in'
# A newer one, another database, none.
cp "$work/exported.db" "$work/newer.db"
sql "$work/newer.db" 'PRAGMA user_version = 1000'
store import "$work/newer.db"
expect_error 'was made by a newer heapwarden'
rm -f "$work/foreign.db"
sql "$work/foreign.db" 'CREATE TABLE bookmark(address)'
store import "$work/foreign.db"
expect_error "is no store of heapwarden's"
store import "$work/nowhere.db"
expect_error "there is no store '$work/nowhere.db'"
store export "$work/no/such/place.db"
expect_error 'no/such/place.db'

# --- prune

cd "$work/module"
store prune
expect_contains "$work/stdout" '0 snapshots and 0 units removed'
store prune -q
expect_empty "$work/stdout"
sql "$file" "UPDATE snapshot SET used = used - 100 * 86400 WHERE id = 1"
store prune --older-than 101
expect_contains "$work/stdout" '0 snapshots and 0 units removed'
store prune
expect_contains "$work/stdout" '1 snapshot and 1 unit removed'
expect_answer "$file" 'SELECT count(*) FROM snapshot; SELECT count(*) FROM unit; SELECT count(*) FROM relevant' $'1\n1\n1'
# A unit that another snapshot has printed as well stays; the room that is free is given back.
store import "$work/exported.db"
heapwarden scan --head HEAD ./... --tags other
expect_answer "$file" 'SELECT count(*) FROM snapshot; SELECT count(*) FROM unit' $'3\n2'
sql "$file" "UPDATE snapshot SET used = id; UPDATE snapshot SET used = 9 WHERE id = (SELECT min(id) FROM snapshot)"
sql "$file" 'CREATE TABLE ballast(bytes); INSERT INTO ballast VALUES(zeroblob(3000000)); DROP TABLE ballast'
store prune --max-size 1M
expect_matches "$work/stdout" '0 snapshots and 0 units removed, the store is smaller by 2\.9 MiB'
expect 'the room was not given back' [ "$(stat -c %s "$file")" -lt 1000000 ]
expect_answer "$file" 'SELECT count(*) FROM snapshot; SELECT count(*) FROM unit' $'3\n2'
store prune --max-size 1
expect_contains "$work/stdout" '3 snapshots and 2 units removed'
expect_answer "$file" 'SELECT count(*) FROM snapshot; SELECT count(*) FROM unit; SELECT count(*) FROM relevant' $'0\n0\n0'

# What no commit has any more: a branch that was deleted, an edited working tree.
store import "$work/exported.db"
git branch kept HEAD
git checkout --quiet --orphan other
git branch --quiet -D main
printf 'package module\n\nfunc Sum(a, b int) int { return b + a }\n' >sum.go
heapwarden scan
store prune --unreachable
expect_contains "$work/stdout" '1 snapshot and 1 unit removed'
git branch --quiet -D kept
# A HEAD of another worktree and a tag hold what they lead to.
git tag held "$(git commit-tree -m held "$one")"
store prune --unreachable
expect_contains "$work/stdout" '1 snapshot and 1 unit removed'
git tag -d held >"$work/ignored"
git commit --quiet -m root
git worktree add --quiet --detach "$work/linked" "$(git commit-tree -m held "$one")"
store prune --unreachable
expect_contains "$work/stdout" '0 snapshots and 0 units removed'
git worktree remove "$work/linked"
store prune --unreachable
expect_contains "$work/stdout" '1 snapshot and 1 unit removed'
expect_nothing_left
