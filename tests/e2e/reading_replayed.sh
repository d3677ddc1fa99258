#!/usr/bin/env bash
# The build cache replays what an earlier build printed, with the paths of that build's directory: a fact is in a file
# of this tree all the same.
# shellcheck source-path=SCRIPTDIR source=facts.sh
. "$(dirname "${BASH_SOURCE[0]}")/facts.sh"

for place in one another; do
	git init --quiet "$work/$place"
	cd "$work/$place"
	mkdir -p below/deep
	printf 'module example.com/replayed\n\ngo 1.19\n' >go.mod
	printf 'package replayed\n\nfunc Root() *int { return new(int) }\n' >root.go
	printf 'package below\n\nfunc Below() *int { return new(int) }\n' >below/below.go
	printf 'package deep\n\nfunc Deep() *int { return new(int) }\n' >below/deep/deep.go
	commit_all 'three packages'
done

expect_own_files()
{
	expect_escapes example.com/replayed <<-'TABLE'
		all root.go:3:30            Root  escapes-to-heap yes returned new(int)
		all below/below.go:3:31     Below escapes-to-heap yes returned new(int)
		all below/deep/deep.go:3:30 Deep  escapes-to-heap yes returned new(int)
	TABLE
	expect_json "$facts" "all(s['file'] == e['file'] for e in r['escapes'] for s in e['flow'])"
}

replay()
{
	local flags

	# The flags of heapwarden's own builds, as it tells them; then a cache in which somebody else has built with them,
	# each package from another directory.
	cd "$work/one"
	heapwarden scan -vv
	flags=$(sed -n "s/.* go build .*'-gcflags=\([^']*\)'.*/\1/p" "$work/stderr" | head -n 1)
	expect 'the flags of the build are not told' [ -n "$flags" ]
	rm -rf "$work/replayed"
	(
		export GOCACHE=$work/replayed
		cd "$work/one/below/deep"
		go build -trimpath -buildvcs=false -o /dev/null -gcflags="$flags" ../..
		go build -trimpath -buildvcs=false -o /dev/null -gcflags="$flags" ..
		cd "$work/one/below"
		go build -trimpath -buildvcs=false -o /dev/null -gcflags="$flags" ./deep
	) >"$work/built" 2>&1
	ran="go build in another directory (with $(go env GOVERSION))"
	expect_contains "$work/built" 'new(int) escapes to heap'
	for place in one another; do
		cd "$work/$place"
		GOCACHE=$work/replayed read_build
		expect_own_files
	done
	cd "$work/one/below/deep"
	GOCACHE=$work/replayed read_build ../../...
	expect_own_files
	# Nothing that differs makes a finding.
	cd "$work/another"
	GOCACHE=$work/replayed heapwarden check --base HEAD --head HEAD
	expect_status 0
	chmod -R u+w "$work/replayed"
}
with_each_go replay
