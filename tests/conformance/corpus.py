"""All of Go's standard library and public modules: no line is left not understood, no summary line is missed.

A Go that is newer than heapwarden is only looked at: its rows say what is not understood and fail nothing.
"""

import re

import common

# The next release, when there is one.
NEXT_RELEASE = "go1.27.1"

SUMMARY = re.compile(rb"^(?:[^\s:]\S*: )?(?:moved to heap: .*|\S.* escapes to heap)$", re.M)

# Up to Go 1.21 raw strings are printed with their newlines: then lines may look like summaries and be none.
LAST_RAW = 21


def check(session, go, subject, text, judged=True):
    document = session.parser.document(text, go)
    lines = document["lines"]
    problems = [f"not understood: {line}" for line in lines["not_understood_samples"]]
    known = sum(1 for escape in document["escapes"]
                if not escape["implied"] and not escape["message"].endswith(" does not escape"))
    summaries = len(SUMMARY.findall(text))
    if known != lines["summaries"] or (go.minor > LAST_RAW and known != summaries):
        problems.append(f"{known} escapes of {lines['summaries']} summaries; there are {summaries} such lines")
    for problem in problems:
        (session.fail if judged else print)(f"{go.version} {subject}: {problem}")
    counted = f"{subject}: {lines['total']} lines, {lines['summaries']} summaries"
    if judged:
        session.row(go, counted, len(problems))
    else:
        session.note(go, counted, f"{lines['not_understood']} not understood")


def modules(session, go):
    for module in common.MODULES if session.all else [common.GOLDMARK]:
        if go.minor >= module.oldest_go:
            try:
                tree = session.module(module)
                check(session, go, tree.name, go.compile(tree, f"-gcflags={go.diagnostics()}"))
            except common.Skipped as reason:
                session.skip(str(reason))


def run(session):
    for go in session.toolchains() if session.all else session.some("local"):
        if session.all:
            check(session, go, "std", go.standard_library())
        modules(session, go)
    if session.all:
        for go in session.some(NEXT_RELEASE):
            check(session, go, "std", go.standard_library(), judged=False)


if __name__ == "__main__":
    raise SystemExit(common.main("corpus", run))
