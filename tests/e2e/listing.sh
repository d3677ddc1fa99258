#!/usr/bin/env bash
# Packages are listed once for both sides, unless something differs that go list would tell.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# How often the packages are listed, in a comparison of the last commit with the one before.
expect_lists() # COUNT
{
	heapwarden check --base HEAD~1 --head HEAD --no-store -v
	expect "$1 lists of packages were expected" [ "$(grep -c 'go list -e -deps' "$work/stderr")" -eq "$1" ]
}

git init --quiet "$work/listed"
cd "$work/listed"
mkdir other
printf 'module example.com/listed\n\ngo 1.19\n' >go.mod
printf 'package listed\n\nfunc Put() *int { return nil }\n' >a.go
printf 'package other\n\nfunc Put() *int { return nil }\n' >other/b.go
printf 'text\n' >note.txt
commit_all first
printf 'package listed\n\nfunc Put() *int { return new(int) }\n' >a.go
commit_all 'a body'
expect_lists 1
expect_status 1
expect_contains "$work/stdout" 'new(int) escapes to heap'
printf 'package listed\n\nimport _ "embed"\n\nfunc Put() *int { return new(int) }\n' >a.go
commit_all 'an import'
expect_lists 2
printf 'package listed\n\nimport _ "embed"\n\n//go:embed note.txt\nvar Note string\n\nfunc Put() *int { return new(int) }\n' >a.go
commit_all 'an embedded file'
expect_lists 2
cp other/b.go other/c.go
sed -i 's/Put/Get/' other/c.go
commit_all 'a file'
expect_lists 2
git mv other another
commit_all 'a directory'
expect_lists 2
printf 'module example.com/listed\n\ngo 1.20\n' >go.mod
commit_all 'the go line'
expect_lists 2
printf '//go:build ignore\n\npackage other\n\nfunc Get() *int { return nil }\n' >another/c.go
commit_all 'a constraint'
expect_lists 2
ln -s another linked
commit_all 'a link'
expect_lists 2
ln -sfn . linked
commit_all 'a link that leads elsewhere'
expect_lists 2
git rm -q linked
commit_all 'no link'
echo 'package listed; func Broken() {' >a.go
commit_all 'one that does not build'
expect_lists 2
expect_status 2
printf 'package listed\n\nfunc Put() *int { return nil }\n' >a.go
printf 'package other\n\nfunc Put() *int { return new(int) }\n' >another/b.go
commit_all 'one that builds again'
printf 'package other\n\nfunc Put() *int { return undefined }\n' >another/b.go
commit_all 'a body that does not build'
expect_lists 1
expect_status 2
expect_matches "$work/stdout" 'not analysed.*another|another.*not analysed'
