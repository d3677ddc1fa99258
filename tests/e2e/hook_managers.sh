#!/usr/bin/env bash
# The hook below the programs that call git's hooks, set up as docs/ci/hooks.md says: pre-commit, lefthook, husky.
# scripts/setup puts them into build/managers; MANAGERS names another directory.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

managers=${MANAGERS:-$source_dir/build/managers}
mkdir "$work/bin" && ln -s "$HEAPWARDEN" "$work/bin/heapwarden"
export PATH=$work/bin:$PATH PRE_COMMIT_HOME=$work/pre-commit
absent=()

# Put the manager's program into PATH.
use() # NAME PROGRAM...
{
	local name=$1

	shift
	if [ ! -x "$1" ]; then
		absent+=("$name")
		return 1
	fi
	ln -s "$1" "$work/bin/$name"
}

# The example below a heading of the document.
example() # HEADING
{
	sed -n "/^## $1\$/,/^\`\`\`\$/p" "$source_dir/docs/ci/hooks.md" | sed -n '/^```./,/^```$/{/^```/!p}'
}

stage() # PACKAGE
{
	printf 'package %s\n\nfunc New() *int { return new(int) }\n' "$1" >new.go
	git add new.go
	printf '\nfunc Hidden() *int { return new(int) }\n' >>new.go
}

# Commit through the manager: stopped and passed as heapwarden says, and what is not staged stays as it is.
expect_gate() # PACKAGE
{
	local hash

	commit_all 'the manager' 2>"$work/git.log"
	stage "$1"
	hash=$(git hash-object new.go)
	run git commit --message new
	expect "$1: the commit was made" [ "$status" -ne 0 ]
	cat "$work/stdout" "$work/stderr" >"$work/both"
	expect_contains "$work/both" 'new heap escape'
	expect_contains "$work/both" '//heapwarden:allow REASON'
	expect_lacks "$work/both" ' Hidden:'
	expect "$1: nothing is staged any more" [ "$(git diff --cached --name-only)" = new.go ]
	expect "$1: what is not staged was changed" [ "$(git hash-object new.go)" = "$hash" ]

	# All that is changed: git tells the hook another index.
	run git commit --all --message all
	expect "$1: the commit was made" [ "$status" -ne 0 ]
	cat "$work/stdout" "$work/stderr" >"$work/both"
	expect_contains "$work/both" ' Hidden:'

	HEAPWARDEN_SKIP=1 run git commit --quiet --message new
	expect_status 0
	git checkout --quiet new.go

	# No go command is wanted for this one, nor is there any.
	ln -s /bin/false "$work/bin/go"
	echo text >notes && git add notes
	run git commit --quiet --message notes
	expect_status 0
	rm "$work/bin/go"
	printf 'package %s\n\nfunc Diff(a, b int) int { return a - b }\n' "$1" >diff.go && git add diff.go
	run git commit --quiet --message diff
	expect_status 0
}

if use pre-commit "$managers/venv/bin/pre-commit"; then
	make_module framework
	example pre-commit >.pre-commit-config.yaml
	run pre-commit install
	expect_status 0
	run pre-commit validate-config
	expect_status 0
	expect_gate framework

	# The hook of this repository, by its file.
	git init --quiet "$work/hooks" && cd "$work/hooks"
	cp "$source_dir/.pre-commit-hooks.yaml" .
	run pre-commit validate-manifest
	expect_status 0
	commit_all hooks
	make_module manifest
	cat >.pre-commit-config.yaml <<-END
		repos:
		  - repo: $work/hooks
		    rev: $(git -C "$work/hooks" rev-parse HEAD)
		    hooks:
		      - id: heapwarden
		        args: [--budget, 5m]
	END
	run pre-commit install
	expect_gate manifest
fi

lefthook=("$managers"/node_modules/lefthook-*/bin/lefthook)
if use lefthook "${lefthook[0]}"; then
	make_module lefthook
	example lefthook >lefthook.yml
	run lefthook validate
	expect_status 0
	run lefthook install
	expect_status 0
	expect_gate lefthook
fi

if command -v node >/dev/null && use husky "$managers/node_modules/.bin/husky"; then
	make_module husky
	run husky
	expect_status 0
	example husky >.husky/pre-commit
	expect_gate husky
	heapwarden hook install
	expect_error "another's hook"
fi

if [ ${#absent[@]} -gt 0 ] && [ "$failures" -eq 0 ]; then
	printf 'skipped: there is no %s in %s, where scripts/setup puts it\n' "${absent[*]}" "$managers"
	exit 77
fi
