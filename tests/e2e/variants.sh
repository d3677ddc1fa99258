#!/usr/bin/env bash
# check and diff themselves: several variants of the build, several modules, one verdict.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

git init --quiet "$work/app"
cd "$work/app"
mkdir -p disk tools/gen tools/testdata/old _skipped new/empty
for module in '' /tools /tools/testdata/old /_skipped /new/empty; do
	printf 'module example.com/app%s\n\ngo 1.21\n' "${module/\/_/\/}" >".$module/go.mod"
done
printf 'package disk\n\nfunc Old() *int { return new(int) }\n' >disk/disk.go
printf 'package gen\n\nfunc Gen() int { return 1 }\n' >tools/gen/gen.go
printf 'package old\n\nfunc Old() int { return 1 }\n' >tools/testdata/old/old.go
printf 'package skipped\n\nfunc Old() int { return 1 }\n' >_skipped/old.go
commit_all base
printf 'package disk\n\nfunc Drive() *string { return new(string) }\n' >disk/disk_windows.go
printf '//go:build extra\n\npackage disk\n\nfunc Extra() []int { return make([]int, 9) }\n' >disk/extra.go
printf 'package gen\n\nfunc Gen() *int { return new(int) }\n' >tools/gen/gen.go
mkdir -p new/one
printf 'module example.com/app/new/one\n\ngo 1.21\n' >new/one/go.mod
printf 'package one\n\nfunc One() *int { return new(int) }\n' >new/one/one.go
commit_all head

# --- variants

heapwarden check --base HEAD~1 --head HEAD --variant '' --variant 'GOOS=windows' --variant 'GOOS=linux GOARCH=arm64 -tags=extra' \
	--format "json:$work/variants.json" --format text
expect_status 1
expect_json "$work/variants.json" "r['variants'] == ['linux/amd64', 'linux/arm64 -tags=extra', 'windows/amd64']"
expect_json "$work/variants.json" "{f['function']: f['holds'] for f in new} == {'Drive': ['windows/amd64'], 'Extra': ['linux/arm64 -tags=extra']}"
expect_json "$work/variants.json" "(r['summary']['new'], r['summary']['unchanged'], r['verdict']['status']) == (2, 1, 'fail')"
expect_contains "$work/stdout" '= only for: windows/amd64'

# The same out of three runs.
run env GOOS=windows "$HEAPWARDEN" check --base HEAD~1 --head HEAD --format "json:$work/a.json"
expect_status 1
run env GOARCH=arm64 "$HEAPWARDEN" check --base HEAD~1 --head HEAD -tags=extra --format "json:$work/b.json"
expect_status 1
heapwarden check --base HEAD~1 --head HEAD --format "json:$work/c.json"
expect_status 0
heapwarden report "$work/a.json" "$work/b.json" "$work/c.json" --format json
expect_same "$work/variants.json" "$work/stdout"

heapwarden check --base HEAD~1 --head HEAD --variant GOOS=windows --format json
expect_status 1
expect_same "$work/a.json" "$work/stdout"
heapwarden diff HEAD~1 HEAD --variant CGO_ENABLED=0 --variant CGO_ENABLED=1 --exit-code --format json
expect_status 0
expect_json "$work/stdout" "r['variants'] == ['linux/amd64 CGO_ENABLED=0', 'linux/amd64 CGO_ENABLED=1']"
heapwarden diff HEAD~1 HEAD --variant GOOS=windows --variant '' --exit-code
expect_status 1
# All findings, and none of those of another variant among them.
heapwarden check --base HEAD~1 --head HEAD --all --variant GOOS=windows --variant '' --format json
expect_json "$work/stdout" "[f['holds'] for f in r['findings'] if f['state'] == 'unchanged'] == [r['variants']]"

heapwarden check --base HEAD --variant GOOS=windows --variant 'GOFLAGS=-race'
expect_error "--variant 'GOFLAGS=-race'" 'is none of them' 'GOOS'
heapwarden check --base HEAD --variant 'GOOS=windows -race'
expect_error "'-race' cannot be in a variant"
heapwarden check --base HEAD --variant GOOS=nosuch --variant ''
expect_error "variant 'GOOS=nosuch'"

# What is new in one variant and was there before in another is new, where it is new.
make_module sink
printf 'package sink\n\nfunc Use() int {\n\tp := new(int)\n\treturn Put(p)\n}\n' >use.go
printf '//go:build extra\n\npackage sink\n\nvar kept *int\n\nfunc Put(p *int) int { kept = p; return 1 }\n' >put_extra.go
printf '//go:build !extra\n\npackage sink\n\nfunc Put(p *int) int { return *p }\n' >put.go
commit_all base
printf '//go:build !extra\n\npackage sink\n\nvar kept *int\n\nfunc Put(p *int) int { kept = p; return *p }\n' >put.go
commit_all head
heapwarden check --base HEAD~1 --head HEAD --variant '' --variant -tags=extra --all --format json
expect_status 1
expect_json "$work/stdout" "[(f['function'], f['state'], f['holds']) for f in r['findings']] == [('Use', 'new', ['linux/amd64'])]"
expect_json "$work/stdout" "r['verdict']['violations'] == ['1 new heap escape in 1 function (linux/amd64)'] and r['summary']['new'] == 1"
cd "$work/app"

# --- modules

heapwarden check --base HEAD~1 --head HEAD --format json
expect_status 0
expect_json "$work/stdout" "r['summary']['packages'] == 1 and r['module'] == ''"
heapwarden check --base HEAD~1 --head HEAD --all-modules --format json
expect_status 1
expect_json "$work/stdout" "sorted(f['function'] for f in new) == ['Gen', 'One'] and r['module'] is None"
expect_json "$work/stdout" "sorted(p['package'] for p in r['packages']) == ['example.com/app/disk', 'example.com/app/new/one', 'example.com/app/tools/gen']"
expect_json "$work/stdout" "r['verdict']['violations'] == ['1 new heap escape in 1 function (each of: new/one; tools)']"
heapwarden check -C tools --base HEAD~1 --all-modules --format json
expect_json "$work/stdout" "[f['function'] for f in new] == ['Gen'] and r['module'] == 'tools'"
heapwarden check --base HEAD~1 --all-modules --variant GOOS=windows --variant '' --format json
expect_json "$work/stdout" "{f['function']: len(f['holds']) for f in new} == {'Drive': 1, 'Gen': 2, 'One': 2}"
heapwarden check -C disk --base HEAD~1 --all-modules
expect_error "there is no go.mod in 'disk' of working tree"

# A go.work does not make ./... go into its modules; one that it does not use is a module all the same.
printf 'go 1.21\n\nuse (\n\t. // the root\n\t"./new/one"\n)\n' >go.work
heapwarden check --base HEAD~1 --format json
expect_json "$work/stdout" "r['summary']['packages'] == 1"
heapwarden check --base HEAD~1 --all-modules --format json
expect_status 1
expect_json "$work/stdout" "sorted(f['function'] for f in new) == ['Gen', 'One']"

# --- settings

cd "$work/sink"
printf '[variant "plain"]\n\tbuild =\n[variant "more"]\n\tbuild = -tags=extra\n' >.heapwarden
heapwarden check --base HEAD~1 --all --format json
expect_status 1
expect_json "$work/stdout" "[(f['function'], f['holds']) for f in new] == [('Use', ['linux/amd64'])]"
heapwarden check --base HEAD~1 --variant -tags=extra --format json
expect_status 0
expect_json "$work/stdout" "not new and not r.get('variants')"
printf '[variant "evil"]\n\tbuild = CC=/bin/true\n' >.heapwarden
heapwarden check --base HEAD~1
expect_error ".heapwarden:2: --variant 'CC=/bin/true': a variant is settings"
rm .heapwarden
cd "$work/app"
printf '[build]\n\tall-modules\n' >.heapwarden
heapwarden check --base HEAD~1 --format json
expect_json "$work/stdout" "sorted(f['function'] for f in new) == ['Gen', 'One']"
rm .heapwarden
expect_nothing_left
