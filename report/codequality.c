/* GitLab's code quality report (docs.gitlab.com/ci/testing/code_quality). GitLab itself compares
 * the report with the one of the target branch, so this is the whole stock of the head, whatever is
 * new. */
#include <jansson.h>

#include "report/finding_text.h"
#include "report/json_text.h"
#include "report/report.h"
#include "report/tally.h"
#include "report/terminal.h"
#include "src/base/cleanup.h"

struct entry {
	const char *check, *fingerprint, *severity;
	const struct buf *description;
	const char *file;
	int line;
};

/* People read the description: it goes through the gate of what people read. */
static void
add(json_t *entries, const struct entry *entry)
{
	CLEANUP(buf_release) struct buf safe = {0};
	json_t *object = json_object(), *location = json_object(), *lines = json_object();

	terminal_add(&safe, buf_str(entry->description));
	json_object_set_new(object, "description", json_text(safe.p));
	json_object_set_new(object, "check_name", json_text(entry->check));
	json_object_set_new(object, "fingerprint", json_text(entry->fingerprint));
	json_object_set_new(object, "severity", json_text(entry->severity));
	json_object_set_new(lines, "begin", json_integer(entry->line > 0 ? entry->line : 1));
	json_object_set_new(location, "path", json_text(entry->file));
	json_object_set_new(location, "lines", lines);
	json_object_set_new(object, "location", location);
	json_array_append_new(entries, object);
}

static void
add_finding(json_t *entries, const struct comparison *comparison, const struct finding *finding)
{
	CLEANUP(buf_release) struct buf check = {0}, description = {0};

	rule_name(&check, finding->escape->reason);
	headline(&description, comparison, finding);
	add(entries, &(struct entry){
			     .check = check.p,
			     .fingerprint = finding->id,
			     .severity = finding_counts(finding) ? "major" : "info",
			     .description = &description,
			     .file = finding->escape->at.file,
			     .line = finding->escape->at.line,
		     });
}

/* Without it all escapes of the package would look mended. GitLab wants a path: the package's
 * directory. */
static void
add_not_analysed(json_t *entries, const struct tally *tally, const struct not_analysed *missing)
{
	CLEANUP(buf_release) struct buf fingerprint = {0}, description = {0};
	const struct package_tally *row = tally_package(tally, missing->package);

	buf_printf(&fingerprint, "not-analysed/%s/%s", missing->side, missing->package);
	not_analysed_text(&description, missing);
	add(entries, &(struct entry){
			     .check = "heap-escape-not-analysed",
			     .fingerprint = fingerprint.p,
			     .severity = "blocker",
			     .description = &description,
			     .file = row && row->directory && row->directory[0] ? row->directory
										: "go.mod",
		     });
}

/* Of a document that does not list them, GitLab would say that they are mended. */
static bool
lists_unchanged(const struct comparison *comparison)
{
	size_t listed = 0;

	for (size_t i = 0; i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		listed += finding->state == FINDING_UNCHANGED && finding->id[0] != '\0';
	}
	return listed >= comparison->summary.unchanged;
}

static int
codequality_comparison(const struct comparison *comparison, const struct report_options *options,
	FILE *out, struct err *err)
{
	CLEANUP(tally_release) struct tally tally = {0};

	(void)options;
	if (!lists_unchanged(comparison))
		return err_set(err, ERR_USAGE,
			"format 'codequality' has to show what is unchanged as well, which is not "
			"listed here: write the JSON document with --all");
	json_t *entries = json_array();
	tally_init(&tally, comparison);
	for (size_t i = 0; i < comparison->finding_count; i++) {
		const struct finding *finding = &comparison->findings[i];
		if (finding->state != FINDING_FIXED && finding->escape->at.file)
			add_finding(entries, comparison, finding);
	}
	for (size_t i = 0; i < comparison->not_analysed_count; i++)
		add_not_analysed(entries, &tally, &comparison->not_analysed[i]);
	return json_text_dump(entries, out, err);
}

const struct writer codequality_writer = {
	.name = "codequality",
	.description = "GitLab's code quality report: all escapes of the head",
	.whole = true,
	.comparison = codequality_comparison,
};
