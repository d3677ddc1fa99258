#!/usr/bin/env bash
# Exported trees are kept for the next run and moved by what differs; whatever happened to them, the result is that of a fresh export.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

make_repo student return-pointer
slots=$XDG_CACHE_HOME/heapwarden/slots
check()
{
	heapwarden check --no-store --base HEAD~1 --head HEAD --format json
	expect_status 1
}
same_result()
{
	check
	expect_same "$work/first" "$work/stdout"
}

check
cp "$work/stdout" "$work/first"
same_result
expect 'there are not two slots' [ "$(find "$slots" -name '*.tree' | wc -l)" -eq 2 ]

# The other way round: each slot holds the other's tree.
heapwarden check --no-store --base HEAD --head HEAD~1 --format json
expect_status 1
same_result

# A file in a slot was changed, removed, added; a slot is what a killed run has left; a record is nonsense.
sleep 1.1
for slot in "$slots"/*-[01]; do
	echo 'package main // changed' >"$slot/student.go"
done
same_result
sleep 1.1
rm "$slots"/*-0/student.go
same_result
sleep 1.1
echo 'package main; func extra() *int { return new(int) }' >"$(find "$slots" -maxdepth 1 -name '*-1')/extra.go"
same_result
rm "$slots"/*.tree
same_result
for record in "$slots"/*.tree; do
	echo nonsense >"$record"
done
same_result

# Trees in which a file became a directory, a directory a file, and a link something else.
mkdir -p kind && echo x >kind/file && ln -s kind link && echo y >other
commit_all kinds
rm -r kind link other && echo x >kind && mkdir link other && echo z >link/file && echo z >other/file
commit_all turned
heapwarden check --no-store --base HEAD~1 --head HEAD
expect_status 0
heapwarden check --no-store --base HEAD --head HEAD~1
expect_status 0
expect 'a link is missing' [ -n "$(find "$slots" -name link -type l)" ]
expect 'a file is not where it should be' [ "$(find "$slots" -path '*link/file' | wc -l)" -eq 1 ]

# What is staged is a tree that git does not have: the next run moves on from it all the same. A record of it that is cut off
# is none.
staged()
{
	printf '\nvar kept%s *int\n' "$1" >>student.go
	git add student.go
	heapwarden check --no-store --staged
	expect_status 0
}
mkdir -p deep/er && echo 'package er' >deep/er/er.go && git add deep
staged 1
slot=$(dirname "$(grep -l kept1 "$slots"/*/student.go)")
before=$(stat -c %i "$slot/go.mod" "$slot/deep/er/er.go")
staged 2
expect 'what is the same was written anew' [ "$(stat -c %i "$slot/go.mod" "$slot/deep/er/er.go")" = "$before" ]
expect 'the slot has not what is staged' grep -q kept2 "$slot/student.go"
truncate -s 60 "$slot.tree"
staged 3
expect 'a record that is cut off was believed' [ "$(stat -c %i "$slot/go.mod")" != "${before%%$'\n'*}" ]
git reset -q --hard

# Two runs at once do not share a slot.
"$HEAPWARDEN" check --no-store --base HEAD~2 --head HEAD~1 --format json:"$work/one" &
"$HEAPWARDEN" check --no-store --base HEAD~2 --head HEAD~1 --format json:"$work/two" &
wait
expect_same "$work/one" "$work/two"

# A slot that was not used for a month is removed.
touch -d '40 days ago' "$slots"/*.lock
mkdir "$work/elsewhere" && cd "$work/elsewhere"
make_repo another too-large
heapwarden check --no-store --base HEAD~1 --head HEAD
expect_status 1
expect 'unused slots are still there' [ "$(find "$slots" -name '*.lock' | wc -l)" -eq 2 ]
expect_nothing_left
