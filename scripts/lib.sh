# shellcheck shell=bash disable=SC2034
# What scripts/test and scripts/demo share.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Set up, configure and build with the preset; what is printed goes to standard error.
build() # PRESET
{
	"$root/scripts/setup"
	(cd "$root" && cmake --preset "$1" && cmake --build --preset "$1") >&2
}

# Sets `preset` from "--preset NAME" or "--preset=NAME" and `rest` from all other arguments.
parse_preset() # DEFAULT ARGUMENT...
{
	preset=$1 rest=()
	shift
	while [ $# -gt 0 ]; do
		case $1 in
		--preset=*) preset=${1#*=} ;;
		--preset)
			preset=${2:?--preset needs a name: dev, asan, release, fuzz or coverage}
			shift
			;;
		*) rest+=("$1") ;;
		esac
		shift
	done
}
