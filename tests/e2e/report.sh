#!/usr/bin/env bash
# Every format out of the JSON document is the one that the run itself writes; what is no document is refused.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

heapwarden check --format none
formats=$(sed -n 's/.*the formats are //p' "$work/stderr" | tr -d ',')
expect "no list of formats" [ -n "$formats" ]

# Run the command with every format, then make every format of its JSON document, and compare bytes and exit status.
same_reports() # NAME COMMAND...
{
	local name=$1 format direct='' from=''

	shift
	mkdir "$work/$name" "$work/$name-again"
	for format in $formats; do
		# What shows only one kind of result ends a run that asks for the other.
		heapwarden "$@" --format "$format:$work/$name/$format"
		# It needs what is unchanged, of which the other documents tell with --all alone.
		[ "$format" = codequality ] && [[ " $* " != *' --all '* ]] && continue
		[ -f "$work/$name/$format" ] && direct="$direct --format $format:$work/$name/$format" &&
			from="$from --format $format:$work/$name-again/$format"
	done
	# shellcheck disable=SC2086
	heapwarden "$@" $direct
	expected=$status
	# shellcheck disable=SC2086
	heapwarden report "$work/$name/json" $from
	for format in $formats; do
		[[ "$direct" != *" $format:"* ]] || expect_same "$work/$name/$format" "$work/$name-again/$format"
	done
	expect "no JSON document" [ -s "$work/$name/json" ]
}

# --- some of everything

git init --quiet "$work/shop"
cd "$work/shop"
mkdir -p store web broken calm
printf 'package calm\n\nfunc Stays() *int { return new(int) }\n' >calm/calm.go
printf 'module example.com/shop\n\ngo 1.21\n' >go.mod
cat >store/store.go <<'GO'
package store

type Entry struct{ Key, Value [8]int }

var all []*Entry

func Put(e *Entry) int { return e.Key[0] }

func Known() *Entry { return &Entry{} }

func Gone() *Entry { return new(Entry) }

func Small() *Entry { return &Entry{Key: [8]int{1}} }

func Use() int { return Small().Key[0] }
GO
cat >web/web.go <<'GO'
package web

func Serve(n int) int { return n }

func Stays() *int { return new(int) }
GO
printf 'package broken\n\nfunc F() int { return 1 }\n' >broken/broken.go
cp broken/broken.go $'web/na&me<b>\xff.go'
sed -i 's/package broken/package web/' $'web/na&me<b>\xff.go'
commit_all $'store & <web>\x1b[31m'
cat >store/store.go <<'GO'
package store

type Entry struct{ Key, Value [8]int }

var all []*Entry

func Put(e *Entry) int {
	all = append(all, e)
	return e.Key[0]
}

func Other() int {
	var e Entry
	return Put(&e)
}

func Known() *Entry { return &Entry{} }

func Small() *Entry {
	e := &Entry{Key: [8]int{1}}
	for i := range e.Value {
		e.Value[i] = i * e.Key[0] / 3
		e.Value[7-i] += i + e.Key[1]*7 - e.Value[i]/5 + e.Key[2]*e.Key[3]/11
	}
	for i := range e.Key {
		e.Key[i] = i*e.Value[0]/3 + e.Value[1]*7 - e.Key[i]/5 + e.Value[2]*e.Value[3]/11
	}
	return e
}

func Use() int { return Small().Key[0] }
GO
printf 'package broken\n\nfunc F() int { return x }\n' >broken/broken.go
printf 'package web\n\nfunc G(n int) []*int {\n\ts := "\xe2\x80\xad<script>"; m := make([]*int, n)\n\t_ = s\n\treturn m\n}\n' >$'web/na&me<b>\xff.go'
git mv web/web.go web/moved.go
printf '\nfunc init() { print(Serve(1)) }\n' >>web/moved.go
commit_all 'more of all'

same_reports broken check --base HEAD~1 --head HEAD
expect_status 2
expect_json "$work/broken/json" "r['not_analysed'] and r['verdict']['status'] == 'none'"
same_reports check check --base HEAD~1 --head HEAD ./store ./web ./calm
expect_status 1
expect_json "$work/check/json" "{f['state'] for f in r['findings']} >= {'new', 'fixed', 'moved'}"
expect_json "$work/check/json" "any(f['kind'] == 'lost-inlining' for f in new)"
expect_json "$work/check/json" "any('file_bytes' in f for f in new)"
same_reports all check --base HEAD~1 --head HEAD --all ./store ./web ./calm
expect_status 1
expect_json "$work/all/json" "any(f['state'] == 'unchanged' for f in r['findings'])"
expect 'no code quality report out of the document' [ -s "$work/all-again/codequality" ]
heapwarden check --base HEAD~1 --head HEAD --all ./store ./web ./calm --junit-extended --sarif-scope all \
	--format "json:$work/scoped.json" --format "junit:$work/scoped.junit" --format "sarif:$work/scoped.sarif"
heapwarden report "$work/scoped.json" --junit-extended --sarif-scope all \
	--format "junit:$work/again.junit" --format "sarif:$work/again.sarif"
expect_same "$work/scoped.junit" "$work/again.junit"
expect_same "$work/scoped.sarif" "$work/again.sarif"
expect_contains "$work/again.junit" 'escape.id'
expect_contains "$work/again.sarif" 'baselineState'
# What is the same on both sides is read or not: the documents do not tell.
same_reports whole check --base HEAD~1 --head HEAD --no-shortcut ./store ./web ./calm
for format in $formats; do
	[ ! -f "$work/whole/$format" ] || expect_same "$work/check/$format" "$work/whole/$format"
done
same_reports unstored check --base HEAD~1 --head HEAD --no-store ./store ./web ./calm
same_reports contracts diff HEAD~1 HEAD --contracts ./store ./web ./calm
expect_json "$work/contracts/json" "r['contracts']"
expect 'the exit status is that of the verdict' [ "$expected $status" = '0 1' ]
same_reports clean check --base HEAD --head HEAD ./store
expect_status 0
printf 'package web\n\nvar At = new(int)\n' >web/at.go
same_reports worktree check --base HEAD ./web
expect_status 1

# --- what the policy says of findings

mkdir gen hot
printf 'module example.com/shop\n\ngo 1.21\n' >go.mod
cat >hot/hot.go <<'GO'
package hot

func Encode() *int { return new(int) }

//heapwarden:allow the caller <keeps> it & that is well
func Kept() *int { return new(int) }

func Held() *int {
	x := 1 //gcassert:noescape
	return &x
}
GO
printf '// Code generated by x. DO NOT EDIT.\n\npackage gen\n\nfunc Made() *int { return new(int) }\n' >gen/gen.go
printf '[hot "Enc*"]\n[policy]\n\tmax-new = 100\n' >.heapwarden
same_reports policy check --base HEAD ./hot ./gen
expect_status 1
expect_json "$work/policy/json" "{f['state'] for f in r['findings']} >= {'new', 'accepted'}"
expect_json "$work/policy/json" "any(f['hot'] for f in new) and any(f['counts_because'] for f in r['findings'])"
expect_json "$work/policy/json" "r['broken_contracts'] and r['findings'] and any('accepted' in f for f in r['findings'])"
rm -rf gen hot .heapwarden

same_reports scan scan --head HEAD
expect_status 2
same_reports scan_all scan --all ./store
expect_status 0
go build -gcflags=-m=2 ./store 2>"$work/saved" || true
same_reports parse parse "$work/saved"
expect_status 0

# Every classical regression.
for fixture in "$source_dir"/fixtures/scenarios/*/; do
	name=$(basename "$fixture")
	[ -d "$fixture/base" ] || continue
	make_repo "scenario-$name" "$name"
	heapwarden check --base HEAD~1 --head HEAD --format "json:$work/scenario.json" --format "text:$work/scenario.text" \
		--format "junit:$work/scenario.junit" --format "html:$work/scenario.html"
	expected=$status
	heapwarden report "$work/scenario.json" --format "json:$work/again.json" --format "text:$work/again.text" \
		--format "junit:$work/again.junit" --format "html:$work/again.html"
	expect_status "$expected"
	for format in json text junit html; do
		expect_same "$work/scenario.$format" "$work/again.$format"
	done
done

# --- how it is used

cd "$work"
run sh -c '"$HEAPWARDEN" report <check/json'
expect_status 1
expect_same "$work/check/text" "$work/stdout"
run sh -c '"$HEAPWARDEN" report - --format junit <check/json'
expect_same "$work/check/junit" "$work/stdout"
heapwarden report --help
expect_contains "$work/stdout" 'Write the documents of a run out of its JSON document'

# --- what is no document

heapwarden report "$work/nothing.json"
expect_error "$work/nothing.json" 'No such file'
: >"$work/empty.json"
heapwarden report "$work/empty.json"
expect_error "$work/empty.json: there is nothing in it"
heapwarden report "$work/check/text"
expect_error "$work/check/text: not a whole JSON document"
head -c 2000 "$work/check/json" >"$work/cut.json"
heapwarden report "$work/cut.json"
expect_error "$work/cut.json: not a whole JSON document: line "
sed 's|heapwarden.comparison/1|heapwarden.comparison/2|' "$work/check/json" >"$work/newer.json"
heapwarden report "$work/newer.json"
expect_error "$work/newer.json: " 'heapwarden.comparison/2' 'reads number 1'
sed 's|"line": [0-9]*|"line": "\\u001b[31m"|' "$work/check/json" >"$work/hostile.json"
heapwarden report "$work/hostile.json" --format "junit:$work/hostile.junit"
expect_error "$work/hostile.json: " '"line" is not a whole number'
expect 'a document was written' [ ! -e "$work/hostile.junit" ]
heapwarden report "$work/check/json" --format "codequality:$work/missing.json"
expect_error "format 'codequality' has to show what is unchanged" '--all'
expect 'a document was written' [ ! -e "$work/missing.json" ]
heapwarden report "$work/scan/json" --format junit
expect_error "format 'junit' cannot show"
