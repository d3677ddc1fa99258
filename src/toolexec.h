/* What go runs each of its tools through (-toolexec), so that nothing is linked. */
#pragma once

/* argv[1] of the hidden command by which go calls us back. */
#define TOOLEXEC_COMMAND "toolexec"

/*
 * argv is the tool and its arguments. A link step is answered with an empty file where its output
 * would be; every other tool, and a question for the linker's version, replaces this process and
 * goes on untouched, so that the build cache stays shared with the user's own builds. Returns an
 * exit status only when a link was answered or the tool could not be started.
 */
int toolexec_main(char **argv);
