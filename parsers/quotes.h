/* Raw string literals, which Go up to 1.21 prints as they stand in the source, newlines included.
 */
#pragma once

#include <stdbool.h>

#include "parsers/position.h"

/* Read a line from that state (whether a raw string is open at its beginning) to the state at its
 * end. Interpreted strings and runes, which may hold a back quote, end with their line; a quote in
 * an odd name is none. */
bool quotes_scan(bool open, struct str line, const struct odd_names *odd);
