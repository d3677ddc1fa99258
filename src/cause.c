#include "src/cause.h"

static bool
is_changed(const struct line_map *map, const struct position *at)
{
	return at->file && line_map_changed(map, at->file, at->line);
}

static struct cause
find_cause(const struct finding *finding, const struct line_map *map)
{
	const struct escape *escape = finding->escape;

	if (is_changed(map, &escape->at))
		return (struct cause){
			CAUSE_CHANGED_LINE, "its own line was added or changed", escape->at};
	for (size_t i = 0; i < escape->flow_count; i++)
		if (is_changed(map, &escape->flow[i].at))
			return (struct cause){CAUSE_CHANGED_FLOW,
				"a line that it passes on its way to the heap was added or changed",
				escape->flow[i].at};
	return (struct cause){CAUSE_UNKNOWN,
		"neither its line nor a line of its flow was changed: look at what the called "
		"functions do now, "
		"at the dependencies and at the Go version",
		{0}};
}

void
cause_assign(struct comparison *comparison, const struct line_map *map)
{
	for (size_t i = 0; i < comparison->finding_count; i++) {
		struct finding *finding = &comparison->findings[i];
		if (finding->state == FINDING_NEW)
			finding->cause = find_cause(finding, map);
	}
}
