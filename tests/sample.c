#include "tests/sample.h"

#include <stdlib.h>
#include <string.h>

/* Markup, the ends of scripts, styles, comments and CDATA sections, terminal controls, bidi
 * overrides, bytes that are no UTF-8. */
#define HOSTILE                                                                                    \
	"<script>alert('1')</script>]]>--></style>\x1b[31m\xe2\x80\xae\xff\"&amp;\x01\xef\xbf\xbf"

#define MODULE "example.com/acme/app"
#define STORE MODULE "/internal/store"
#define WEB MODULE "/web"

static const struct flow_step get_flow[] = {
	{"~r0", "&Entry{...}", "spill", {"internal/store/store.go", 42, 9}},
	{"~r0", "&Entry{...}", "return", {"internal/store/store.go", 42, 2}},
};

static const struct flow_step list_flow[] = {
	{"{heap}", "make([]byte, n)", "non-constant size", {"internal/store/store.go", 50, 13}},
};

static const struct escape escapes[] = {
	{
		.reason = REASON_RETURNED,
		.at = {"internal/store/store.go", 42, 9},
		.package = STORE,
		.function = "Store.Get",
		.expression = "&Entry{...}",
		.message = "&Entry{...} escapes to heap",
		.flow = get_flow,
		.flow_count = 2,
	},
	{
		.reason = REASON_UNKNOWN_SIZE,
		.allocates = ALLOCATES_MAYBE,
		.at = {"internal/store/store.go", 50, 13},
		.package = STORE,
		.function = "Store.List",
		.expression = "make([]byte, n)",
		.message = "make([]byte, n) escapes to heap",
		.flow = list_flow,
		.flow_count = 1,
	},
	{
		.kind = ESCAPE_MOVED,
		.reason = REASON_CLOSURE,
		.at = {"internal/store/store.go", 55, 2},
		.package = STORE,
		.function = "Store.List",
		.expression = "total",
		.message = "moved to heap: total",
	},
	{
		.reason = REASON_INTERFACE,
		.at = {"web/" HOSTILE ".go", 7, 3},
		.package = WEB,
		.function = HOSTILE,
		.expression = HOSTILE,
		.message = HOSTILE " escapes to heap",
	},
	{
		.reason = REASON_INTERFACE,
		.allocates = ALLOCATES_NO,
		.at = {"web/web.go", 20, 14},
		.package = WEB,
		.function = "Serve",
		.expression = "\"listening\"",
		.message = "\"listening\" escapes to heap",
	},
	{
		.reason = REASON_GOROUTINE,
		.implied = true,
		.at = {"web/web.go", 24, 2},
		.package = WEB,
		.function = "Serve",
		.expression = "func literal",
		.message = "func literal escapes to heap",
	},
	{
		.reason = REASON_TOO_LARGE,
		.at = {"main.go", 12, 11},
		.package = MODULE,
		.function = "",
		.expression = "make([]byte, 1 << 20)",
		.message = "make([]byte, 1 << 20) escapes to heap",
	},
	{
		.reason = REASON_STORED,
		.at = {"main.go", 30, 7},
		.package = MODULE,
		.function = "run",
		.expression = "&config{...}",
		.message = "&config{...} escapes to heap",
	},
	{
		.reason = REASON_CALL,
		.at = {"main.go", 33, 13},
		.package = MODULE,
		.function = "main",
		.expression = "... argument",
		.message = "... argument escapes to heap",
	},
	{
		.reason = REASON_STORED,
		.origin = ORIGIN_STANDARD,
		.at = {"sync/atomic/type.go", 58, 6},
		.package = MODULE,
		.function = "atomic.Pointer.Load",
		.expression = "new(T)",
		.message = "new(T) escapes to heap",
	},
};

static const struct escape base_escapes[] = {
	{
		.reason = REASON_APPEND,
		.at = {"internal/store/store.go", 60, 9},
		.package = STORE,
		.function = "Store.Put",
		.expression = "append(s.all, e)",
		.message = "append(s.all, e) escapes to heap",
	},
	{
		.reason = REASON_STORED,
		.at = {"old.go", 8, 7},
		.package = MODULE,
		.function = "run",
		.expression = "&config{...}",
		.message = "&config{...} escapes to heap",
	},
};

static const struct source_line get_source[] = {
	{40, "func (s *Store) Get(key string) *Entry {", false},
	{41, "\tvalue := s.find(key)", true},
	{42, "\treturn &Entry{Key: key, Value: value}", true},
	{43, "}\r", false},
};

static const struct source_line list_source[] = {
	{49, "func (s *Store) List(n int) int {", false},
	{50,
		"\tbuf := make([]byte, n) // the line is long so that it has to be scrolled on a "
		"narrow screen, by itself",
		true},
};

static const struct source_line hostile_source[] = {
	{7, "\t\t" HOSTILE, true},
};

static const struct source_line put_source[] = {
	{59, "func (s *Store) Put(e *Entry) {", false},
	{60, "\ts.all = append(s.all, e)", false},
};

static const struct copy get_copies[] = {
	{{"web/web.go", 22, 17}, "Serve"},
	{{"main.go", 31, 16}, "run"},
};

/* Which of the escapes above each finding is of; -1 where there is no counterpart in the base. */
static const struct sample_finding {
	const char *id;
	enum finding_state state;
	int escape, base; /* `escape` counts in base_escapes where the finding is fixed */
	struct cause cause;
	const struct copy *copies;
	size_t copy_count;
	const struct source_line *source;
	size_t source_count;
} findings[] = {
	{.id = "7c1f03ab12",
		.escape = 0,
		.base = -1,
		.cause = {CAUSE_CHANGED_LINE, "the line of the allocation was changed", {0}},
		.copies = get_copies,
		.copy_count = 2,
		.source = get_source,
		.source_count = 4},
	{.id = "0a54e2c977",
		.escape = 1,
		.base = -1,
		.cause = {CAUSE_CHANGED_FLOW, "a line that the value passes was changed",
			{"internal/store/store.go", 50, 13}},
		.source = list_source,
		.source_count = 2},
	{.id = "99d0c1b2a3", .escape = 2, .base = -1, .cause = {.text = "not known"}},
	{.id = "deadbeef00",
		.escape = 3,
		.base = -1,
		.cause = {CAUSE_UNKNOWN, HOSTILE, {HOSTILE, 1, 1}},
		.source = hostile_source,
		.source_count = 1},
	{.id = "5b5b5b5b5b", .escape = 4, .base = -1},
	{.id = "1234567890",
		.state = FINDING_FIXED,
		.escape = 0,
		.base = 0,
		.source = put_source,
		.source_count = 2},
	{.id = "2234567890", .state = FINDING_MOVED, .escape = 7, .base = 1},
	{.id = "3234567890", .state = FINDING_UNCHANGED, .escape = 8, .base = -1},
	{.id = "4234567890", .state = FINDING_UNCHANGED, .escape = 6, .base = -1},
	{.id = "5234567890", .state = FINDING_UNCHANGED, .escape = 9, .base = -1},
	{.id = "6234567890", .state = FINDING_ACCEPTED, .escape = 5, .base = -1},
};

static const struct acceptance acceptance = {
	.how = "baseline",
	.reason = "the cache owns its entries " HOSTILE,
	.author = "Ada <ada@example.com>",
	.expires = "2027-01-31",
	.file = ".heapwarden-baseline",
	.line = 4,
};

static const struct package packages[] = {
	{.import_path = MODULE, .directory = "", .name = "main"},
	{.import_path = MODULE "/app", .directory = "app", .name = "app"},
	{.import_path = MODULE "/broken",
		.directory = "broken",
		.error =
			"# example.com/acme/app/broken\nbroken/broken.go:3:1: undefined: " HOSTILE},
	{.import_path = STORE, .directory = "internal/store", .name = "store"},
	{.import_path = WEB, .directory = "web", .name = "web"},
};

static const char *const flags[] = {"-tags=netgo", "-ldflags=" HOSTILE};

static const char *const violations[] = {"4 new heap escapes, none is allowed"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void *
copy(const void *from, size_t count, size_t size)
{
	void *to = calloc(count, size);

	if (!to)
		abort();
	memcpy(to, from, count * size);
	return to;
}

static void
add_escapes(struct snapshot *snapshot, const struct escape *from, size_t count)
{
	snapshot->escapes = array_grow(snapshot->escapes, &snapshot->escape_capacity,
		snapshot->escape_count + count, sizeof *from);
	memcpy(snapshot->escapes + snapshot->escape_count, from, count * sizeof *from);
	snapshot->escape_count += count;
}

static void
init_snapshot(struct snapshot *snapshot)
{
	*snapshot = (struct snapshot){.go_version = "go1.26.8", .target = "linux/amd64"};
}

static void
add_packages(struct snapshot *snapshot)
{
	snapshot->flags = flags;
	snapshot->flag_count = COUNT(flags);
	snapshot->packages = copy(packages, COUNT(packages), sizeof *packages);
	snapshot->package_count = COUNT(packages);
}

static void
add_finding(struct comparison *comparison, const struct finding *finding)
{
	comparison->findings = array_grow(comparison->findings, &comparison->finding_capacity,
		comparison->finding_count + 1, sizeof *finding);
	comparison->findings[comparison->finding_count++] = *finding;
}

static void
add_findings(struct sample *sample)
{
	for (size_t i = 0; i < COUNT(findings); i++) {
		const struct sample_finding *from = &findings[i];
		bool fixed = from->state == FINDING_FIXED;
		struct finding finding = {
			.state = from->state,
			.escape = (fixed ? base_escapes : escapes) + from->escape,
			.base = from->base < 0 ? NULL : base_escapes + from->base,
			.cause = from->cause,
			.copies = from->copies,
			.copy_count = from->copy_count,
			.source = from->source,
			.source_count = from->source_count,
			.accepted = from->state == FINDING_ACCEPTED ? &acceptance : NULL,
		};
		snprintf(finding.id, sizeof finding.id, "%s", from->id);
		add_finding(&sample->comparison, &finding);
	}
}

static void
add_not_analysed(struct comparison *comparison)
{
	const struct not_analysed entries[] = {
		{MODULE "/broken", "base", packages[2].error, 1},
		{MODULE "/broken", "head", packages[2].error, 0},
	};

	comparison->not_analysed = copy(entries, COUNT(entries), sizeof *entries);
	comparison->not_analysed_count = COUNT(entries);
}

void
sample_init_empty(struct sample *sample)
{
	init_snapshot(&sample->base);
	init_snapshot(&sample->head);
	sample->comparison = (struct comparison){
		.title = "app",
		.base_snapshot = &sample->base,
		.head_snapshot = &sample->head,
	};
	sample->comparison.base = (struct side){
		.revision =
			{
				.name = "origin/main",
				.commit = "4f1c2d9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e",
				.tree = "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd",
				.subject = "store: find entries by key",
				.time = 1700000000,
			},
		.chosen_because = "merge base with the upstream branch",
	};
	sample->comparison.head = (struct side){
		.revision =
			{
				.worktree = true,
				.name = "working tree",
				.commit = "9e8d7c6b5a4f3e2d1c0b9a8f7e6d5c4b3a2f1e0d",
				.subject = HOSTILE,
				.time = 1700003600,
			},
		.chosen_because = "the default",
	};
	sample->scan = (struct scan){
		.title = "app",
		.side = sample->comparison.head,
		.snapshot = &sample->head,
	};
}

void
sample_init(struct sample *sample)
{
	struct comparison *comparison = &sample->comparison;

	sample_init_empty(sample);
	comparison->title = "app & " HOSTILE;
	add_packages(&sample->base);
	add_packages(&sample->head);
	add_escapes(&sample->head, escapes, COUNT(escapes));
	add_escapes(&sample->base, base_escapes, COUNT(base_escapes));
	add_findings(sample);
	add_not_analysed(comparison);
	comparison->summary = (struct summary){
		.new = 4,
		.new_without_allocation = 1,
		.new_outside = 2,
		.fixed = 1,
		.moved = 1,
		.unchanged = 3,
		.accepted = 1,
		.copies = 2,
		.base_total = COUNT(base_escapes),
		.head_total = COUNT(escapes),
		.packages = COUNT(packages),
		.packages_failed = 1,
		.lines_not_understood = 3,
	};
	comparison->verdict = (struct verdict){VERDICT_FAIL, violations, 1};
}

void
sample_init_many(struct sample *sample, size_t count)
{
	sample_init_empty(sample);
	add_packages(&sample->head);
	for (size_t i = 0; i < count; i++) {
		struct finding finding = {.escape = &escapes[i % 3]};
		snprintf(finding.id, sizeof finding.id, "%010x", (unsigned)i & 0xFFFFFFFFu);
		add_finding(&sample->comparison, &finding);
	}
	sample->comparison.summary.new = count;
	sample->comparison.verdict = (struct verdict){VERDICT_FAIL, violations, 1};
}

void
sample_release(struct sample *sample)
{
	comparison_release(&sample->comparison);
	snapshot_release(&sample->base);
	snapshot_release(&sample->head);
}
