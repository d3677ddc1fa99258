#!/usr/bin/env bash
# The hook has a budget: a commit does not wait longer, and what was started for it is ended.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ -d /proc/self ] || {
	echo 'skipped: there is no /proc'
	exit 77
}

# The go command, but for builds, while there is a file $work/slow: those sleep.
go=$(command -v go)
cat >"$work/slow-go" <<-END
	#!/bin/sh
	case " \$* " in *" build "*)
		if [ -e '$work/slow' ]; then
			touch '$work/was-slow'
			sleep 60
			exit 1
		fi ;;
	esac
	exec '$go' "\$@"
END
chmod +x "$work/slow-go"

# What was started is gone, and the next one has to wait for nothing.
expect_ended()
{
	expect 'no build was slow' [ -e "$work/was-slow" ]
	expect "still running: $(marked "$E2E_MARK")" wait_until 10 is_gone "$E2E_MARK"
	expect_nothing_left
	rm -f "$work/was-slow"
}

export HEAPWARDEN_GO=$work/slow-go E2E_MARK=$$-$RANDOM
make_module m
printf 'package m\n\nfunc New() *int { return new(int) }\n' >new.go && git add new.go
heapwarden hook run
expect_status 1
printf 'package m\n\nfunc New() []*int { return []*int{new(int)} }\n' >new.go && git add new.go

# --- the budget is used up

touch "$work/slow"
heapwarden hook run --budget 700ms
expect_status 0
expect_empty "$work/stdout"
expect_contains "$work/stderr" 'not finished within 700ms, CI will decide'
expect_contains "$work/stderr" 'heapwarden check --staged'
expect_contains "$work/stderr" '--budget'
expect 'there is more than one message' [ "$(wc -l <"$work/stderr")" -eq 1 ]
expect_ended

heapwarden hook run --budget 1s --strict
expect_status 2
expect_contains "$work/stderr" 'not finished within 1s, and the commit is stopped (--strict)'
expect_ended

# The exit status lets git go on.
mkdir "$work/bin" && ln -s "$HEAPWARDEN" "$work/bin/heapwarden"
printf '#!/bin/sh\nheapwarden hook run --budget 1s || exit $?\n' >.git/hooks/pre-commit
chmod +x .git/hooks/pre-commit
PATH=$work/bin:$PATH run git commit --quiet --message slow
expect_status 0
expect_contains "$work/stderr" 'CI will decide'
expect_ended
git reset --quiet --soft HEAD~1
rm .git/hooks/pre-commit

# The user is sooner, and it is the user's signal that is told.
run timeout --preserve-status 0.7 "$HEAPWARDEN" hook run --budget 20s
expect_status 143
expect_lacks "$work/stderr" 'not finished'
expect_ended

# --- there is enough of it, or no limit: nothing is locked, and there is a verdict

rm "$work/slow"
run timeout 120 "$HEAPWARDEN" hook run --budget 2m --strict
expect_status 1
expect_contains "$work/stdout" 'new heap escape'
expect_lacks "$work/stderr" 'not finished'
heapwarden hook run --budget 0
expect_status 1

# --- go itself, in the middle of compiling: in an empty cache that takes longer than this

unset HEAPWARDEN_GO
printf 'package m\n\nimport "net/http"\n\nvar Client http.Client\n' >new.go && git add new.go
GOCACHE=$work/cold run "$HEAPWARDEN" hook run --budget 2s
expect_status 0
expect_contains "$work/stderr" 'not finished within 2s'
expect_lacks "$work/stderr" 'signal|interrupt'
touch "$work/was-slow"
expect_ended
git reset --quiet && rm new.go

# --- what a budget is

for budget in 5 5h -1s 1.5s s '' '5 s' 99999999999s; do
	heapwarden hook run --budget "$budget"
	expect_error --budget 500ms 2m
done
for budget in 0 0s 500ms 5s 2m; do
	heapwarden hook run --budget "$budget"
	expect_status 0
	expect_empty "$work/stderr"
done
