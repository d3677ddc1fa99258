#!/usr/bin/env bash
# The settings: where they are read, which word counts, and what is told of a wrong one.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

make_repo gate return-pointer
out=$work/stdout

# --- nothing is said

heapwarden config
expect_status 0
expect_contains "$out" 'policy.fail-on = new  # default'
expect_contains "$out" 'policy.max-new = 0  # default'
heapwarden config policy.fail-on
expect_status 0
expect 'one value is not printed alone' [ "$(cat "$out")" = new ]
heapwarden config policy.nonsense
expect_error policy.nonsense policy.max-new
heapwarden config policy.max-new policy.fail-on
expect_error 'one setting'

# --- a flag, else the environment, else the file of the revision

printf '# the gate\n[policy]\n\n\tmax-new = 1\n' >.heapwarden
heapwarden config
expect_contains "$out" 'policy.max-new = 1  # .heapwarden:4'
heapwarden config --head HEAD policy.max-new
expect 'the file of the working tree was read for HEAD' [ "$(cat "$out")" = 0 ]
run env HEAPWARDEN_MAX_NEW=2 "$HEAPWARDEN" config
expect_contains "$out" 'policy.max-new = 2  # HEAPWARDEN_MAX_NEW'
run env HEAPWARDEN_MAX_NEW=2 "$HEAPWARDEN" config --max-new 3
expect_contains "$out" 'policy.max-new = 3  # --max-new'
(cd .. && mkdir -p gate/below) && cd below
heapwarden config policy.max-new
expect 'the root is not looked at from below' [ "$(cat "$out")" = 1 ]
cd ..

printf '[policy]\nfail-on = none\n' >"$work/elsewhere"
heapwarden config --config "$work/elsewhere"
expect_contains "$out" "policy.fail-on = none  # $work/elsewhere:2"
expect_contains "$out" 'policy.max-new = 0  # default'
heapwarden config --config "$work/missing"
expect_error "$work/missing"

# --- what is wrong ends with 2 and says where

wrong() # TEXT WORDS...
{
	printf '%b' "$1" >.heapwarden
	shift
	heapwarden check --base HEAD~1
	expect_error "$@"
}
wrong '[policy]\nmax-new = few\n' .heapwarden:2 policy.max-new few
wrong '[policy]\n\nmax-knew = 1\n' .heapwarden:3 max-knew fail-on
wrong '\n[polity]\nmax-new = 1\n' .heapwarden:2 polity
wrong '[polity]\n' .heapwarden:1 polity
wrong '[policy\nmax-new = 1\n' .heapwarden:1
wrong "[include]\npath = $work/elsewhere\n" .heapwarden:1 include
wrong "[includeIf \"gitdir:/\"]\npath = $work/elsewhere\n" .heapwarden:1 includeIf
wrong '\0000\n[policy]\nmax-knew = 1\n' .heapwarden UTF-8
rm .heapwarden
ln -s "$work/elsewhere" .heapwarden
heapwarden check --base HEAD~1
expect_error .heapwarden 'regular file'
rm .heapwarden
mkfifo .heapwarden
heapwarden check --base HEAD~1
expect_error .heapwarden 'regular file'
rm .heapwarden
heapwarden check --base HEAD~1 --max-new few
expect_error --max-new few
run env HEAPWARDEN_FAIL_ON=some "$HEAPWARDEN" check --base HEAD~1
expect_error HEAPWARDEN_FAIL_ON some

# --- the gate

heapwarden check --base HEAD~1
expect_status 1
heapwarden check --base HEAD~1 --max-new 1
expect_status 0
expect_contains "$out" 'the policy allows what is new: 1 heap escape'
heapwarden check --base HEAD~1 --fail-on none
expect_status 0
heapwarden check --base HEAD~1 --fail-on=none --max-new 0 --config /dev/null
expect_status 0

# A file that comes with the head holds, and that is told.
printf '[policy]\nfail-on = none\n' >.heapwarden
heapwarden check --base HEAD~1
expect_status 0
expect_contains "$out" '.heapwarden is new'

# Where the base has one, the head's cannot loosen it, but may be stricter.
git checkout --quiet HEAD~1
printf '[policy]\nmax-new = 0\n' >.heapwarden
commit_all 'a strict gate'
strict=$(git rev-parse HEAD)
cp "$source_dir"/fixtures/scenarios/return-pointer/head/*.go .
printf '[policy]\nmax-new = 5\n' >.heapwarden
commit_all 'an escape, and a looser gate'
heapwarden check --base "$strict" --head HEAD
expect_status 1
expect_contains "$out" ".heapwarden differs from the base's"
heapwarden check --base "$strict" --head HEAD --config .heapwarden
expect_status 0
expect_lacks "$out" 'differs'
heapwarden check --base "$strict" --head HEAD --max-new 1
expect_status 0
git rm --quiet .heapwarden
commit_all 'no gate'
heapwarden check --base "$strict" --head HEAD
expect_status 1
expect_contains "$out" '.heapwarden is gone'
git checkout --quiet "$strict"
printf '[policy]\nmax-new = 5\n' >.heapwarden
commit_all 'a loose gate'
loose=$(git rev-parse HEAD)
cp "$source_dir"/fixtures/scenarios/return-pointer/head/*.go .
printf '[policy]\nmax-new = 0\n' >.heapwarden
heapwarden check --base "$loose"
expect_status 1
git checkout --quiet .heapwarden
heapwarden check --base "$loose"
expect_status 0
expect_lacks "$out" differs
# One that cannot be read stops the change that puts it right, unless that is said.
printf '[policy]\nmax-knew = 5\n' >.heapwarden
commit_all 'a gate that cannot be read'
printf '[policy]\nmax-new = 5\n' >.heapwarden
heapwarden check --base HEAD
expect_error 'base HEAD' '--config .heapwarden' .heapwarden:2 max-knew
heapwarden check --base HEAD --config .heapwarden
expect_status 0
expect_nothing_left
