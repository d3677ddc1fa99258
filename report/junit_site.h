/* JUnit: the text of a failure. */
#pragma once

#include "report/xml.h"
#include "src/comparison.h"

/* "--> path:line:column" and a newline. Always at the end of a line: log matchers take
 * "path.go:L:C: text" for an error of the compiler. */
void junit_write_position(struct xml *xml, const struct position *at);

/* All that is to be said of one finding, several lines. */
void junit_write_site(
	struct xml *xml, const struct comparison *comparison, const struct finding *finding);
