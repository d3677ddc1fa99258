# shellcheck shell=bash
# What the tests reading_*.sh share: facts that are stated by hand, compared with what is read from recorded output of
# the compiler (fixtures/compiler/MODULE) and from real builds (fixtures/modules/MODULE), by each Go that is there.
users_modules=$(go env GOMODCACHE)
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

facts=$work/facts.json
go_version=''

# The names of a module's recordings without their ".txt": "go1.21".
recordings() # MODULE
{
	local path

	for path in "$source_dir/fixtures/compiler/$1"/*.txt; do
		path=${path##*/}
		printf '%s\n' "${path%.txt}"
	done
}

# Parse saved output; the version is that of the Go that printed it.
parse() # FILE VERSION ARGUMENT...
{
	local file=$1

	go_version=$2
	shift 2
	rm -f "$facts"
	heapwarden parse --go "$go_version" --format json:"$facts" "$@" "$file"
	expect_status 0
}

# Parse a recording, all of which must be understood.
read_recording() # MODULE NAME
{
	parse "$source_dir/fixtures/compiler/$1/$2.txt" "${2%%-*}"
	ran="$ran ($1 $2)"
	expect_json "$facts" "r['lines']['not_understood'] == 0"
}

# Enter a repository made of a module.
enter_module() # MODULE
{
	rm -rf "${work:?}/$1"
	git init --quiet "$work/$1"
	cd "$work/$1"
	cp -R "$source_dir/fixtures/modules/$1/." .
	git add --all
	git commit --quiet --message "$1"
}

# Build what is in the working directory, all of which must be understood.
read_build() # ARGUMENT...
{
	go_version=$(go env GOVERSION)
	rm -f "$facts"
	heapwarden scan --format json:"$facts" "$@"
	ran="$ran (with $go_version)"
	expect_status 0
	expect_json "$facts" "r['lines']['not_understood'] == 0"
}

# Enter the module and build it.
read_module() # MODULE
{
	enter_module "$1"
	read_build
}

minor_of() # GO-VERSION
{
	local minor=${1#go1.}

	printf '%s\n' "${minor%%[!0-9]*}"
}

# Run the command with the system's go and with one of each other version that is there and that the tests know:
# downloaded toolchains, and where Debian has them. Nothing is downloaded.
with_each_go() # COMMAND...
{
	local path=$PATH directory minor seen=' ' versions

	for directory in '' "$users_modules"/golang.org/toolchain@*/bin /usr/lib/go-1.*/bin; do
		# What the others print is in the recordings; with HEAPWARDEN_EVERY_GO they run as well.
		[ -z "$directory" ] || [ -n "${HEAPWARDEN_EVERY_GO:-}" ] || continue
		[ -z "$directory" ] || [ -x "$directory/go" ] || continue
		PATH=${directory:+$directory:}$path
		minor=$(minor_of "$(go env GOVERSION)")
		case $seen:$directory:$minor in
		*" $minor "*) continue ;;
		*::* | *:19 | *:2[0-7]) ;;
		*) continue ;;
		esac
		seen="$seen$minor "
		"$@"
	done
	PATH=$path
	read -r -a versions <<<"$seen"
	printf 'with Go%s\n' "$(printf ' 1.%s' "${versions[@]}")"
}

# The escapes of $facts are exactly those of the table on standard input, for the version in $go_version. A line is
#
#     VERSIONS FILE:LINE[:COLUMN] FUNCTION KIND ALLOCATES REASON EXPRESSION
#
# as in fixtures/scenarios/*/expect.txt (fixtures/README.md); "|" separates alternatives, * is anything, and a "?"
# behind the versions says that the fact may be missing. Control characters are written as ⏎ ␉ ␍ ␛, blanks in file names
# as ␣. With FILE the table is that of one file.
expect_escapes() # MODULE-PATH [FILE]
{
	expect "other escapes than expected of $*" python3 "$source_dir/tests/e2e/facts.py" "$facts" "$go_version" "$@"
}
