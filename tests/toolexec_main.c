/* toolexec as a program of its own: what the hidden command of heapwarden does, for tests that run
 * go. */
#include <string.h>

#include "src/toolexec.h"

int
main(int argc, char **argv)
{
	return argc > 1 && strcmp(argv[1], TOOLEXEC_COMMAND) == 0 ? toolexec_main(argv + 2) : 2;
}
