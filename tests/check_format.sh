#!/usr/bin/env bash
# All C files have the form that .clang-format gives them.
set -euo pipefail
cd "${1:?usage: check_format.sh SOURCE_DIRECTORY}"

if ! command -v clang-format >/dev/null; then
	echo "skipped: there is no clang-format"
	exit 77
fi
mapfile -d '' -t files < <(find src parsers report tests -name '*.[ch]' -print0 | sort -z)
[ ${#files[@]} -gt 0 ] || {
	echo "no C files found in $PWD"
	exit 1
}
clang-format --dry-run -Werror --style=file "${files[@]}"
