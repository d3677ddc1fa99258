#!/usr/bin/env bash
# What is staged, looked at in every way in which git commits: what the hook sees is, to the tree's name, what is then committed.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
git config --global protocol.file.allow always
export HEAPWARDEN_UNDER_TEST=$HEAPWARDEN SEEN=$work/seen

number=10
# One more allocation in each of the files.
change() # FILE...
{
	local file

	for file; do
		number=$((number + 1))
		[ -s "$file" ] || printf 'package m\n' >"$file"
		printf '\nfunc New%d() *int { return new(int) }\n' $number >>"$file"
	done
}

# The hook writes down what it has seen, and lets everything pass.
install_hook() # [NAME]
{
	cat >"$(git rev-parse --git-path hooks)/${1:-pre-commit}" <<-'END'
		#!/bin/sh
		"$HEAPWARDEN_UNDER_TEST" check --staged --format json:"$SEEN.json" 2>"$SEEN.err"
		echo $? >"$SEEN.status"
	END
	chmod +x "$(git rev-parse --git-path hooks)/${1:-pre-commit}"
}

# The command commits; what its hook has seen is what HEAD has now, and what it compared it with the commit before.
expect_seen() # COMMAND...
{
	local was

	was=$(git rev-parse --quiet --verify HEAD || true)
	rm -f "$SEEN".*
	run "$@"
	expect_status 0
	expect 'the hook was not run' [ -s "$SEEN.status" ]
	cp "$SEEN.err" "$work/stderr"
	expect 'there was no verdict' [ "$(cat "$SEEN.status")" -le 1 ]
	expect_json "$SEEN.json" "r['head']['kind'] == 'index' and r['head']['tree'] == '$(git rev-parse 'HEAD^{tree}')'"
	if [ -n "$was" ]; then
		expect_json "$SEEN.json" "r['base']['commit'] == r['head']['commit'] == '$was'"
	fi
}

# The finding is that of the file and nothing else is.
expect_found() # FILE...
{
	expect_json "$SEEN.json" "sorted(f['file'] for f in new) == sorted('$*'.split())"
}

# --- ways of committing

git init --quiet "$work/m" && cd "$work/m"
install_hook
printf 'module example.com/m\n\ngo 1.21\n' >go.mod
change a.go && git add . && change not-added.go
expect_seen git commit --quiet -m first
expect_found a.go
expect_json "$SEEN.json" "r['base']['commit'] is None and r['base']['chosen_because'] == 'the branch has no commit yet'"
rm not-added.go

change b.go && git add b.go && change a.go
expect_seen git commit --quiet -m staged
expect_found b.go
expect_seen git commit --quiet -a -m all
expect_found a.go
change a.go b.go && git add a.go
expect_seen git commit --quiet -m path b.go
expect_found b.go
change b.go
expect_seen git commit --quiet --include -m include b.go
expect_found a.go b.go
change b.go && git add b.go
expect_seen git commit --quiet --amend -m amended
expect_found b.go
expect_seen git commit --quiet --allow-empty -m empty
expect_found
mkdir deep && cd deep
change c.go && git add .
expect_seen git commit --quiet -m 'from below'
expect_found deep/c.go
cd ..

# A file that was only announced, one that is not in the working tree, a submodule.
change announced.go && git add --intent-to-add announced.go
change b.go && git add b.go
git update-index --skip-worktree a.go && rm a.go
expect_seen git commit --quiet -m 'announced'
expect_found b.go
git update-index --no-skip-worktree a.go && git checkout --quiet a.go && git rm --quiet --cached announced.go && rm announced.go
make_module other && cd "$work/m"
git submodule --quiet add "$work/other" vendored-other
expect_seen git commit --quiet -m submodule
expect_found

# A merge, without and with a conflict.
install_hook pre-merge-commit
git switch --quiet -c side && change side.go && git add side.go && git commit --quiet -m side
git switch --quiet - && change main.go && git add main.go && git commit --quiet -m main
expect_seen git merge --quiet --no-edit side
expect_found side.go
git switch --quiet -c left && change b.go && git commit --quiet -am left
git switch --quiet - && change b.go && git commit --quiet -am right
run git merge --quiet --no-edit left
expect_status 1
heapwarden check --staged
expect_error "'b.go' has a conflict in the index" "'git add'"
git checkout --quiet --ours b.go && change b.go && git add b.go
expect_seen git commit --quiet --no-edit
expect_found b.go

# A linked worktree, a submodule, and a repository apart from its working tree.
git worktree add --quiet "$work/m-linked" && cd "$work/m-linked"
change wt.go && git add wt.go && change b.go
expect_seen git commit --quiet -m worktree
expect_found wt.go
expect_seen git commit --quiet -am 'worktree, all'
change b.go a.go && git add a.go
expect_seen git commit --quiet -m 'worktree, path' b.go
cd "$work/m/vendored-other"
install_hook
printf 'package other\n\nfunc New() *int { return new(int) }\n' >new.go && git add new.go
expect_seen git commit --quiet -m 'in the submodule'
expect_found new.go
echo '// more' >>new.go
expect_seen git commit --quiet -am 'in the submodule, all'
mkdir "$work/apart" && cd "$work/apart"
export GIT_DIR=$work/apart.git GIT_WORK_TREE=$work/apart
git init --quiet
install_hook
printf 'module apart\n' >go.mod && change a.go && git add .
expect_seen git commit --quiet -m apart
expect_found a.go
unset GIT_DIR GIT_WORK_TREE

# The hook of one repository looks at another one: that one's index counts.
cd "$work/m"
git reset --quiet --hard
cat >.git/hooks/pre-commit <<-'END'
	#!/bin/sh
	"$HEAPWARDEN_UNDER_TEST" -C ../other check --staged --format json:"$SEEN.json"
END
change a.go
run git commit --quiet -am elsewhere
expect_status 0
expect_json "$SEEN.json" "r['head']['tree'] == '$(git -C "$work/other" rev-parse 'HEAD^{tree}')'"
rm .git/hooks/*

# A push that is looked at before it is taken: its objects are in quarantine.
git clone --quiet --bare "$work/m" "$work/bare.git"
cat >"$work/bare.git/hooks/pre-receive" <<-'END'
	#!/bin/sh
	read old new name
	"$HEAPWARDEN_UNDER_TEST" check --base "$old" --head "$new" --format json:"$SEEN.json" 2>&1
END
chmod +x "$work/bare.git/hooks/pre-receive"
printf 'package m\n\nfunc Pushed() *int { return new(int) }\n' >pushed.go
git add pushed.go && git commit --quiet -m pushed
run git push --quiet "$work/bare.git" HEAD
expect_found pushed.go
expect 'the push was taken' [ "$status" -ne 0 ]

# --- nothing is touched, and nothing is built twice

cd "$work/m"
change a.go && git add a.go
touch b.go
record() # FILE
{
	{
		find . -path ./.git/heapwarden -prune -o ! -path ./.git -printf '%p %y %m %T@ %s\n' | sort
		find . -path ./.git/heapwarden -prune -o -type f -print0 | sort -z | xargs -0 sha256sum
	} >"$1"
}
record "$work/before"
heapwarden check --staged --format json
expect_status 1
expect_json "$work/stdout" "[f['file'] for f in new] == ['a.go']"
record "$work/after"
expect_same "$work/before" "$work/after"
expect_nothing_left
cp "$work/stdout" "$work/staged.json"
git commit --quiet -m 'what was staged'
heapwarden check --base HEAD~1 --head HEAD -v --format json
expect_contains "$work/stderr" 'HEAD is in the store'
expect_contains "$work/stderr" 'HEAD~1 is in the store'
expect_lacks "$work/stderr" 'go build'
expect_json "$work/stdout" "r['summary'] == json.load(open('$work/staged.json'))['summary']"
heapwarden check --staged
expect_status 0
expect_contains "$work/stdout" 'head index'

# --- what cannot be

heapwarden check --staged --head HEAD
expect_error '--staged and --head'
heapwarden -C "$work/bare.git" check --staged
expect_error 'bare' '--head'
git update-index --split-index
heapwarden check --staged
expect_error 'split and sparse indexes' 'git config core.splitIndex false'
cure=$(sed -n "s/.*'\(git config core[^']*\)'.*/\1/p" "$work/stderr")
run sh -c "$cure"
expect_status 0
heapwarden check --staged
expect_status 0
