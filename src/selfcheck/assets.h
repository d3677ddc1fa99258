/* The program of the self-check, compiled in; the build makes the definitions. */
#pragma once

extern const char selfcheck_go[], selfcheck_mod[];
