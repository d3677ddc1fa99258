#!/usr/bin/env bash
# The rules of who may include whom (docs/conventions.md):
#   base <- model <- modules <- commands <- main, and the modules between do not include each other;
#   each third-party header is included by one .c file (libgit2's: those of one module; jansson's: the writers of JSON) and by none of our headers;
#   each header says at its top what it is for, has #pragma once, and compiles alone.
set -euo pipefail
cd "${1:?usage: check_includes.sh SOURCE_DIRECTORY}"
cc=${CC:-cc}
violations=0

violation()
{
	printf '%s\n' "$*"
	violations=$((violations + 1))
}

# The names that a library of src/CMakeLists.txt is made of, without suffix.
members() # LIBRARY
{
	sed -n "/^add_library($1 /,/)/s/^\t\(.*\)\.c)*$/\1/p" src/CMakeLists.txt
}

model=" $(members model | tr '\n' ' ') packages revision "
commands=" $(members commands | tr '\n' ' ') "

# The part of the program that a file belongs to: the files of one part may include each other.
part() # FILE
{
	local name=${1#src/}

	name=${name%.[ch]}
	case $1 in
	src/base/*) echo base ;;
	src/recorder_internal.h) echo commands ;;
	src/main.c) echo main ;;
	src/allocations.* | src/compare.* | src/contract.* | src/inlining.* | src/pairing.* | src/recall.* | src/site.* | src/fingerprint.*) echo compare ;;
	src/accept* | src/directives.* | src/baseline.*) echo accept ;;
	src/copies.* | src/declarations.* | src/expression.* | src/renames* | src/unbuilt.*) echo compare ;;
	src/merge*) echo commands ;;
	src/go* | src/linenames.* | src/toolexec.*) echo gobuild ;;
	src/*)
		case $model in *" $name "*) echo model && return ;; esac
		case $commands in *" $name "*) echo commands && return ;; esac
		echo "${name%%_*}"
		;;
	*) echo "${1%%/*}" ;;
	esac
}

may_include() # PART OTHER
{
	case $1 in
	base) [ "$2" = base ] ;;
	model) [ "$2" = base ] || [ "$2" = model ] ;;
	main) [ "$2" != main ] ;;
	commands) [ "$2" != main ] ;;
	*) [ "$2" = base ] || [ "$2" = model ] || [ "$2" = "$1" ] ;;
	esac
}

# The files that may include a third-party header, as a pattern; empty for headers of the system. No file may look at the
# locale: what is a letter, a digit or a space is the same for every user.
home_of() # HEADER
{
	case $1 in
	git2.h | git2/*) echo 'src/repo*.c' ;;
	pcre2.h) echo 'parsers/pattern.c' ;;
	libxml/*) echo 'report/xml.c' ;;
	sqlite3.h) echo 'src/store*.c' ;;
	zstd.h) echo 'src/base/zstd.c' ;;
	xxhash.h) echo 'src/base/hash.c' ;;
	jansson.h) echo 'report/json*.c|report/sarif*.c|report/codequality.c' ;;
	locale.h | wctype.h) echo none ;;
	argp.h) echo 'src/main.c|src/options.c|src/cmd_*.c' ;;
	esac
}

matches() # FILE PATTERN|PATTERN
{
	local pattern patterns
	IFS='|' read -r -a patterns <<<"$2"
	for pattern in "${patterns[@]}"; do
		# shellcheck disable=SC2254
		case $1 in $pattern) return 0 ;; esac
	done
	return 1
}

check_ours() # FILE LINE HEADER
{
	local from to
	if [ ! -f "$3" ]; then
		violation "$1:$2: \"$3\" is no path from the root"
		return
	fi
	from=$(part "$1") to=$(part "$3")
	may_include "$from" "$to" || violation "$1:$2: $from must not include $to (\"$3\")"
}

check_foreign() # FILE LINE HEADER
{
	local home
	home=$(home_of "$3")
	[ -n "$home" ] || return 0
	matches "$1" "$home" || violation "$1:$2: <$3> belongs into $home alone"
}

check_file() # FILE
{
	local line directive header
	while IFS=: read -r line directive; do
		header=$(sed -E 's/^[^"<]*["<]([^">]*)[">].*/\1/' <<<"$directive")
		case $directive in
		*\"*) check_ours "$1" "$line" "$header" ;;
		*\<*) check_foreign "$1" "$line" "$header" ;;
		esac
	done < <(grep -nE '^[[:space:]]*#[[:space:]]*include' "$1")
}

check_header() # FILE
{
	head -n 1 "$1" | grep -q '^/\* ' || violation "$1:1: no comment that says what it is for"
	awk '/\*\/$/ { getline; exit $0 != "#pragma once" }' "$1" || violation "$1: no #pragma once below its first comment"
	printf '#include "%s"\n' "$1" |
		"$cc" -std=c11 -D_GNU_SOURCE -I. -Wall -Wextra -Werror -fsyntax-only -x c - ||
		violation "$1: does not compile alone"
}

mapfile -t sources < <(find src parsers report -name '*.c' | sort)
mapfile -t headers < <(find src parsers report -name '*.h' | sort)
if [ ${#sources[@]} -eq 0 ] || [ ${#headers[@]} -eq 0 ] || [[ $commands != *' cmd_check '* ]]; then
	echo "sources and src/CMakeLists.txt are not as expected in $PWD"
	exit 1
fi
for file in "${sources[@]}" "${headers[@]}"; do
	check_file "$file"
done
for file in "${headers[@]}"; do
	check_header "$file"
done
printf '%d sources, %d headers, %d violations\n' ${#sources[@]} ${#headers[@]} "$violations"
[ "$violations" -eq 0 ]
