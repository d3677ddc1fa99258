#!/usr/bin/env python3
"""Compares heapwarden's verdict with what a change really costs, measured with one version of Go.

    truth.py HEAPWARDEN GO_VERSION CACHE_DIRECTORY [CASE...]

GO_VERSION is a value for GOTOOLCHAIN: go1.24.13, or local for the go command's own. The cases are those of
fixtures/truth. All of them are compiled into one program for each side, which counts the allocations of each
case's Operation with testing.AllocsPerRun. Then each case becomes a git repository of two commits, and
`heapwarden check` must fail where an operation allocates more in head than in base, pass where it does not, and
report what the case's expect.txt lists. With the local Go, the same comparison backwards must agree with the
measurement too. Ends with 77 when the Go version cannot be had.
"""
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CASES = ROOT / "fixtures" / "truth"
LIMITS = ROOT / "docs" / "limits.md"
MARKER = "// the cause"
SKIPPED = 77

MEASURE = """package main

import (
	"fmt"
	"testing"

%s)

var operations = []struct {
	name string
	run  func()
}{
%s}

func main() {
	for _, operation := range operations {
		fmt.Println(operation.name, testing.AllocsPerRun(100, operation.run))
	}
}
"""


def environment(toolchain, cache, home):
    """Nothing of the user's settings may change the result; toolchains that are there already are used."""
    known = subprocess.run(["go", "env", "GOMODCACHE", "GOPROXY", "GOSUMDB"], stdout=subprocess.PIPE, text=True,
                           check=True).stdout.splitlines()
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("GIT_", "GO", "CGO_", "XDG_"))}
    return kept | dict(zip(("GOMODCACHE", "GOPROXY", "GOSUMDB"), known)) | {
        "GOCACHE": cache, "GOTOOLCHAIN": toolchain, "GOENV": "off", "GOFLAGS": "", "HOME": home, "LC_ALL": "C",
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Gopher", "GIT_AUTHOR_EMAIL": "gopher@example.com",
        "GIT_COMMITTER_NAME": "Gopher", "GIT_COMMITTER_EMAIL": "gopher@example.com",
        "GIT_AUTHOR_DATE": "2024-01-01T12:00:00Z", "GIT_COMMITTER_DATE": "2024-01-01T12:00:00Z"}


class Run:
    def __init__(self, heapwarden, toolchain, cache, directory):
        self.heapwarden = os.path.abspath(heapwarden)
        self.directory = pathlib.Path(directory)
        (self.directory / "home").mkdir()
        self.environment = environment(toolchain, os.path.abspath(cache), str(self.directory / "home"))
        self.version = self.go_version(toolchain)
        self.backwards = toolchain == "local"
        self.minor = minor_of(self.version)

    def command(self, *words, directory):
        return subprocess.run(words, cwd=directory, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
                              errors="replace", check=False)

    def must(self, *words, directory):
        result = self.command(*words, directory=directory)
        if result.returncode != 0:
            sys.exit(f"{' '.join(words)}:\n{result.stdout}")
        return result.stdout

    def go_version(self, toolchain):
        result = self.command("go", "env", "GOVERSION", directory=self.directory)
        version = (result.stdout.splitlines() or ["go cannot be run"])[-1]
        # Up to Go 1.20 the go command does not know GOTOOLCHAIN, and runs itself.
        if result.returncode != 0 or toolchain not in ("local", version):
            print(f"skipped: {toolchain} cannot be had: {version}")
            sys.exit(SKIPPED)
        return version

    # ---- what is measured

    def measure(self, side, cases):
        """Allocations per operation of each case. The cases and the program that runs them are one workspace."""
        workspace = self.directory / "measure" / side
        for case in cases:
            shutil.copytree(CASES / case / side, workspace / case)
        program = workspace / "main"
        program.mkdir()
        modules = "".join(f"use ./{name}\n" for name in ["main", *cases])
        (workspace / "go.work").write_text(f"go 1.{self.minor}\n{modules}")
        (program / "go.mod").write_text("module example.com/main\n\ngo 1.21\n")
        imports = "".join(f'\tcase{i} "example.com/{case}"\n' for i, case in enumerate(cases))
        operations = "".join(f'\t{{"{case}", case{i}.Operation}},\n' for i, case in enumerate(cases))
        (program / "main.go").write_text(MEASURE % (imports, operations))
        # With -trimpath the library is the one that heapwarden's builds use.
        self.must("go", "build", "-trimpath", "-o", "measure", ".", directory=program)
        lines = self.must("./measure", directory=program).splitlines()
        return {case: int(count) for case, count in map(str.split, lines)}

    # ---- what heapwarden says

    def repository(self, case):
        repository = self.directory / "repositories" / case
        self.must("git", "init", "--quiet", "--initial-branch=main", str(repository), directory=self.directory)
        for side in "base", "head":
            for path in repository.iterdir():
                if path.name != ".git":
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
            # Not the times of the fixtures: git takes a file of the same size and time for the same.
            shutil.copytree(CASES / case / side, repository, dirs_exist_ok=True, copy_function=shutil.copyfile)
            self.must("git", "add", "--all", directory=repository)
            self.must("git", "commit", "--quiet", "--message", side, directory=repository)
        return repository

    def verdict(self, repository, *arguments):
        """Whether the gate fails, and the findings for which it does."""
        report = self.directory / "report.json"
        report.unlink(missing_ok=True)
        result = self.command(self.heapwarden, *arguments, "--format", f"json:{report}", "./...",
                              directory=repository)
        if result.returncode not in (0, 1) or not report.exists():
            raise Disagreement(f"heapwarden {' '.join(arguments)} ended with status {result.returncode}:",
                               *result.stdout.splitlines())
        findings = json.loads(report.read_text(encoding="utf-8"))["findings"]
        return result.returncode == 1, [finding for finding in findings
                                        if finding["state"] == "new" and finding["allocates"] != "no"]


class Disagreement(Exception):
    """What is not as it should be; each argument a line."""


def minor_of(version):
    return int(re.search(r"1\.(\d+)", version)[1])


def holds(versions, minor):
    """"all", "-1.24", "1.25-", "1.24-1.25", "1.26": as in fixtures/scenarios."""
    if versions == "all":
        return True
    first, dash, last = versions.partition("-")
    first = minor_of(first) if first else 0
    last = minor_of(last) if last else (sys.maxsize if dash else first)
    return first <= minor <= last


def wanted_go(case):
    """The minor version that the case's go.mod files ask for."""
    lines = [line for side in ("base", "head") for line in (CASES / case / side / "go.mod").read_text().splitlines()]
    return max(minor_of(line) for line in lines if line.startswith("go "))


MARKS = ("unseen", "unseen-backwards", "stricter", "stricter-backwards")


def expectations(case, minor):
    """The findings that expect.txt lists for this version, and the marks with their reasons."""
    path = CASES / case / "expect.txt"
    findings, marks = [], {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        versions, word, *rest = line.split(None, 2)
        fields = rest[0].split(None, 4) if rest else []
        if word not in MARKS and len(fields) != 5:
            sys.exit(f"{path}: not a line of seven words: {line}")
        if holds(versions, minor):
            if word in MARKS:
                marks[word] = rest[0]
            else:
                findings.append(" ".join([word, *fields]))
    return findings, marks


def as_expected(finding):
    """A finding as a line of expect.txt. Whose change the cause is, is said where it is another function's."""
    cause = finding["cause"]
    whose = cause["function"] if cause["function"] not in (None, finding["function"]) else None
    return " ".join([cause["kind"] + (f":{whose}" if whose else ""), finding["reason"].replace(" ", "-"),
                     finding["file"], finding["function"] or "-", finding["kind"], finding["expression"]])


def check_findings(findings, expected):
    reported = collections.Counter(map(as_expected, findings))
    expected = collections.Counter(expected)
    if reported != expected:
        raise Disagreement(*(f"not reported: {line}" for line in (expected - reported).elements()),
                           *(f"reported: {line}" for line in (reported - expected).elements()))


def marked_lines(directory):
    return {(path.relative_to(directory).as_posix(), number)
            for path in directory.rglob("*") if path.is_file()
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if MARKER in line}


def check_causes(findings, marked):
    """A cause is the line that the case says it is."""
    for finding in findings:
        cause = finding["cause"]
        if marked and (cause["file"], cause["line"]) not in marked:
            raise Disagreement(f"{finding['expression']}: the cause is not {cause['file']}:{cause['line']}: "
                               f"{cause['text']}")


def check_explained(case, marks):
    if marks and f"`{case}`" not in LIMITS.read_text(encoding="utf-8"):
        raise Disagreement(f"is not explained in {LIMITS.relative_to(ROOT)}")


def check_direction(rises, fails, marks, suffix=""):
    """Where the gate fails, something allocates more, and the other way round; a mark says where that is not so."""
    unseen, stricter = "unseen" + suffix in marks, "stricter" + suffix in marks
    if rises and not fails and not unseen:
        raise Disagreement(f"allocates more, and the gate passes{suffix}")
    if fails and not rises and not stricter:
        raise Disagreement(f"does not allocate more, and the gate fails{suffix}")
    if unseen and (fails or not rises):
        raise Disagreement(f"marked unseen{suffix}, and is not")
    if stricter and (rises or not fails):
        raise Disagreement(f"marked stricter{suffix}, and is not")


def check_case(run, case, base, head):
    """The marks of a case that does what it should."""
    expected, marks = expectations(case, run.minor)
    repository = run.repository(case)
    fails, findings = run.verdict(repository, "check", "--base", "HEAD~1", "--head", "HEAD")
    check_findings(findings, expected)
    check_causes(findings, marked_lines(CASES / case / "head"))
    check_direction(head > base, fails, marks)
    if run.backwards:
        fails, _ = run.verdict(repository, "check", "--base", "HEAD", "--head", "HEAD~1")
        check_direction(base > head, fails, marks, "-backwards")
    check_explained(case, marks)
    return marks


def main():
    heapwarden, toolchain, cache, *cases = sys.argv[1:]
    cases = cases or sorted(path.name for path in CASES.iterdir())
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        run = Run(heapwarden, toolchain, cache, directory)
        newer = [case for case in cases if wanted_go(case) > run.minor]
        cases = [case for case in cases if case not in newer]
        base, head = run.measure("base", cases), run.measure("head", cases)
        failed, marked = 0, collections.Counter()
        for case in cases:
            title = f"{case} ({base[case]} -> {head[case]} allocations)"
            try:
                marks = check_case(run, case, base[case], head[case])
            except Disagreement as disagreement:
                failed += 1
                print(f"FAIL  {run.version} {title}", *disagreement.args, sep="\n      ")
                continue
            print(f"ok    {run.version} {title}")
            for mark, reason in marks.items():
                marked[mark] += 1
                print(f"      {mark}: {reason}")
    for mark in MARKS:
        print(f"{marked[mark]} {mark}", end=", ")
    print(f"{len(newer)} for a newer Go; {len(cases)} cases, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
