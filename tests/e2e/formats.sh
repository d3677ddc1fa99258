#!/usr/bin/env bash
# Several formats at once, the same bytes for the same input, and documents that their readers accept.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

all_formats='text json junit html sarif markdown github github-summary codequality metrics csv concise teamcity'

formats() # DIRECTORY
{
	local format

	mkdir "$1"
	set -- "$1"
	for format in $all_formats; do
		set -- "$@" --format "$format:$1/report.$format"
	done
	shift
	heapwarden check --base HEAD~1 --head HEAD "$@"
	expect_status 1
	expect_empty "$work/stdout"
}

make_repo student return-pointer
formats "$work/one"
# The second run finds a warm cache, the third a clone in another place, in another time zone and language.
formats "$work/two"
git clone --quiet "$work/student" "$work/elsewhere/student"
cd "$work/elsewhere/student"
export TZ=Asia/Kolkata LC_ALL=C
formats "$work/three"
export TZ=UTC LC_ALL=C.UTF-8
cd "$work/student"
for format in $all_formats; do
	expect "no report.$format" [ -s "$work/one/report.$format" ]
	expect_same "$work/one/report.$format" "$work/two/report.$format"
	expect_same "$work/one/report.$format" "$work/three/report.$format"
	heapwarden check --base HEAD~1 --head HEAD --format "$format"
	expect_same "$work/one/report.$format" "$work/stdout"
done

# A clock, a place or a user's name have no business in a report.
for format in $all_formats; do
	expect_lacks "$work/one/report.$format" "$work"
done

# --- JSON: the keys of the contract

report=$work/one/report.json
expect_json "$report" "r['schema'] == 'heapwarden.comparison/1'"
expect_json "$report" "r['tool']['name'] == 'heapwarden' and r['tool']['version']"
expect_json "$report" "all(r[s]['kind'] == 'commit' and len(r[s]['commit']) == 40 and len(r[s]['tree']) == 40 for s in ('base', 'head'))"
expect_json "$report" "r['base']['revision'] == 'HEAD~1' and 'base' in r['base']['chosen_because']"
expect_json "$report" "r['go']['version'].startswith('go1.') and '/' in r['go']['target'] and isinstance(r['go']['flags'], list)"
expect_json "$report" "{'new', 'new_without_allocation', 'fixed', 'moved', 'unchanged', 'accepted', 'copies', 'base_total', 'head_total', 'packages', 'packages_failed', 'lines_not_understood'} <= set(r['summary'])"
expect_json "$report" "r['summary']['new'] == len([f for f in r['findings'] if f['state'] == 'new' and f['allocates'] != 'no']) == 1"
expect_json "$report" "r['summary']['lines_not_understood'] == 0 and r['summary']['packages'] == 1"
expect_json "$report" "r['verdict']['status'] == 'fail' and r['verdict']['violations']"
expect_json "$report" "r['not_analysed'] == []"
expect_json "$report" "{'id', 'state', 'kind', 'allocates', 'package', 'function', 'expression', 'reason', 'file', 'line', 'column', 'base', 'message', 'flow', 'cause', 'copies'} <= set(new[0])"
expect_json "$report" "len(new[0]['id']) == 10 and int(new[0]['id'], 16) >= 0"
expect_json "$report" "(new[0]['function'], new[0]['kind'], new[0]['expression'], new[0]['reason']) == ('NewStudent', 'escapes-to-heap', 'new(Student)', 'returned')"
expect_json "$report" "(new[0]['file'], new[0]['line'], new[0]['column']) == ('student.go', 16, 10)"
expect_json "$report" "new[0]['base'] is None and new[0]['allocates'] == 'yes'"
expect_json "$report" "all({'to', 'from', 'via', 'file', 'line', 'column'} <= set(s) for s in new[0]['flow']) and new[0]['flow'][-1]['via'] == 'return'"
expect_json "$report" "{'kind', 'text'} <= set(new[0]['cause'])"

heapwarden scan --format json
expect_status 0
expect_json "$work/stdout" "r['schema'] == 'heapwarden.snapshot/1'"
heapwarden diff HEAD~1..HEAD --format json
expect_status 0
expect_json "$work/stdout" "r['schema'] == 'heapwarden.comparison/1' and r['summary']['new'] == 1"
heapwarden diff HEAD~1 HEAD --exit-code
expect_status 1
heapwarden diff HEAD HEAD --exit-code
expect_status 0

# --- all of them, by their readers

expect 'a document is not as its readers want it' "$system_python" -B "$source_dir/tests/e2e/formats.py" "$work/one" 1 0
mkdir "$work/extended"
cp "$work/one"/report.* "$work/extended"
heapwarden check --base HEAD~1 --head HEAD --junit-extended --sarif-scope all \
	--format "junit:$work/extended/report.junit" --format "sarif:$work/extended/report.sarif"
expect_status 1
expect 'a document is not as its readers want it' "$system_python" -B "$source_dir/tests/e2e/formats.py" "$work/extended" 1 0
expect_json "$work/one/report.sarif" "[x.get('baselineState') for x in r['runs'][0]['results']] == [None]"
expect_json "$work/extended/report.sarif" "[x['baselineState'] for x in r['runs'][0]['results']] == ['new', 'absent']"
expect_contains "$work/extended/report.junit" 'name="NewStudent" classname="return-pointer" time="0.000" file="student.go" line="16"'
expect_contains "$work/one/report.concise" './student.go:16:10: new heap escape in NewStudent: new(Student) escapes to heap [heap-escape-returned]'
expect_contains "$work/one/report.github" '::error title=heapwarden%3A returned,file=student.go,line=16,col=7,endColumn=19::'
expect_contains "$work/one/report.metrics" 'heapwarden_new_escapes 1'
expect_matches "$work/one/report.csv" '^"new","[0-9a-f]{10}","escapes-to-heap","yes","returned"'
expect_contains "$work/one/report.teamcity" "##teamcity[buildStatisticValue key='heapEscapesNew' value='1']"

# GitLab compares reports itself: what is known is in there as well, though nothing was changed.
heapwarden diff HEAD HEAD --format "codequality:$work/known" --format "json:$work/known.json" --all
expect_status 0
expect_json "$work/known" "len(r) > 0 and {e['severity'] for e in r} == {'info'}"
expect_json "$work/known.json" "r['summary']['unchanged'] > 0"
heapwarden diff HEAD HEAD --format "codequality:$work/known-too"
expect_same "$work/known" "$work/known-too"

# One tree has neither new nor fixed escapes: these formats have nothing to say of it.
for format in junit sarif markdown github github-summary codequality metrics csv concise teamcity; do
	heapwarden scan --format "$format"
	expect_error "format '$format' cannot show"
done
heapwarden check --base HEAD~1 --format sarif --sarif-scope some
expect_error '--sarif-scope is new or all'

# --- JUnit

expect 'the JUnit report is not well-formed' xmllint --noout --nonet "$work/one/report.junit"
expect_contains "$work/one/report.junit" 'NewStudent'
for schema in jenkins-junit-10 windyroad-JUnit; do
	schema=$source_dir/../shared/schemas/$schema.xsd
	if [ -f "$schema" ]; then
		expect "the JUnit report is not valid" \
			xmllint --noout --nonet --schema "$schema" "$work/one/report.junit"
	else
		echo "skipped: there is no ${schema##*/} to validate against"
	fi
done
for python in python3 /usr/bin/python3; do
	if "$python" -c 'import junitparser' 2>/dev/null; then
		expect 'junitparser sees no failure' "$python" -c '
import sys, junitparser
suites = junitparser.JUnitXml.fromfile(sys.argv[1])
failed = [case.name for suite in suites for case in suite
          for result in case.result if isinstance(result, junitparser.Failure)]
sys.exit(failed != ["NewStudent"])' "$work/one/report.junit"
		break
	fi
done

# --- HTML

# libxml2 knows the tags of HTML 4: what it says of newer ones is left out.
run xmllint --noout --nonet --html "$work/one/report.html"
grep -vE 'Tag (header|main|section|nav|details|summary|figure|figcaption|mark|footer|svg|path|time) invalid' \
	"$work/stderr" >"$work/complaints" || true
expect_lacks "$work/complaints" 'parser error'
expect_contains "$work/one/report.html" NewStudent
expect_lacks "$work/one/report.html" '(src|href)="(https?:)?//'
