#!/usr/bin/env python3
"""Rewrites public modules so that they mean the same, or allocate more, and looks at what heapwarden makes of it.

    metamorphic.py HEAPWARDEN CACHE_DIRECTORY [--go VERSION]... [--module NAME]... [--rewrite NAME]... [--add yes|no]

The original tree of a module is as downloaded, with a small function that is inlined where it is called (rewrite
`callee`). For each module, version of Go and rewrite, it and the rewritten tree become two commits of a git repository,
and `heapwarden diff` compares them both ways. Where the meaning stays, nothing may be new or fixed. Where allocations
were added (rewrite `add`), exactly those are, each on its line, for its reason, with its cause; and the small function,
too expensive to be inlined now, is one finding with all of its calls. Back again, the added allocations are fixed, and
nothing is new. `local` is the go command's own version. Ends with 77 when a module or a version of Go cannot be had,
with 1 when something is not as it must be.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

MODULES = {
    "goldmark": "github.com/yuin/goldmark@v1.7.8",
    "zap": "go.uber.org/zap@v1.27.0",
    "gods": "github.com/emirpasic/gods/v2@v2.0.0-alpha",
}
VERSIONS = ["go1.21.13", "go1.24.13", "go1.26.8"]

# What keeps the meaning: names of rewrites as in rewrite/main.go, some of them together.
REWRITES = [
    "comments",
    "reversed",
    "files",
    "moved",
    "packages",
    "locals",
    "functions",
    "calls",
    "indent",
    "comments+reversed+files",
    "moved+indent",
    "packages+locals",
    "functions+calls",
    "packages+functions+comments",
]

# Those that change the line of a function itself: git's diff does not tell what in the function was added.
CHANGE_DECLARATIONS = {"moved", "functions"}


class Skipped(Exception):
    """A module or a version of Go is not to be had."""


def run(*command, cwd, env=None):
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: exit status {done.returncode}\n{done.stderr[-3000:]}")
    return done.stdout


def environment(work, cache):
    """Nothing of the user's but where modules come from."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GO", "CGO", "GIT_", "XDG_"))}
    for name in ("GOMODCACHE", "GOPROXY", "GOSUMDB"):
        env[name] = subprocess.run(["go", "env", name], capture_output=True, text=True, check=True).stdout.strip()
    (work / "home").mkdir()
    env |= {
        "HOME": str(work / "home"), "XDG_CONFIG_HOME": str(work / "home/config"),
        "XDG_CACHE_HOME": str(work / "home/cache"), "GOCACHE": str(cache), "GOENV": "off", "GOFLAGS": "",
        "GOWORK": "off", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8",
        "GIT_AUTHOR_NAME": "Gopher", "GIT_AUTHOR_EMAIL": "gopher@example.com",
        "GIT_COMMITTER_NAME": "Gopher", "GIT_COMMITTER_EMAIL": "gopher@example.com",
        "GIT_AUTHOR_DATE": "2024-01-01T12:00:00Z", "GIT_COMMITTER_DATE": "2024-01-01T12:00:00Z",
    }
    return env


class World:
    """One version of Go: its environment, and the rewriting program built with it."""

    def __init__(self, work, heapwarden, env, version):
        self.heapwarden = heapwarden
        self.env = env | {"GOTOOLCHAIN": version}
        self.work = work / version
        self.work.mkdir()
        try:
            self.version = run("go", "env", "GOVERSION", cwd=self.work, env=self.env).strip()
        except RuntimeError as error:
            raise Skipped(f"{version} cannot be had: {error}") from error
        if version not in ("local", self.version):
            raise Skipped(f"{version} cannot be had: go is {self.version}")
        if int(re.match(r"(?:devel )?go1\.(\d+)", self.version)[1]) < 21:
            raise Skipped(f"{self.version} cannot build the rewriting program, which needs Go 1.21")
        self.rewriter = self.work / "rewriter"
        run("go", "build", "-o", self.rewriter, ".", cwd=Path(__file__).parent / "rewrite", env=self.env)


class Module:
    """A repository with the original tree of a module as the commit `original`."""

    def __init__(self, world, name):
        self.world = world
        self.name = name
        self.repository = world.work / name
        try:
            where = json.loads(run("go", "mod", "download", "-json", MODULES[name], cwd=world.work, env=world.env))
        except RuntimeError as error:
            raise Skipped(f"{MODULES[name]} cannot be had: {error}") from error
        shutil.copytree(where["Dir"], self.repository, ignore=shutil.ignore_patterns("*_test.go"))
        run("chmod", "-R", "u+w", self.repository, cwd=world.work)
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit("downloaded")
        self.rewrite("callee", "downloaded", "original")

    def git(self, *arguments):
        return run("git", *arguments, cwd=self.repository, env=self.world.env)

    def commit(self, name):
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--message", name)
        self.git("tag", name)

    def rewrite(self, name, base, commit):
        """Commit the tree of the base rewritten so; the findings that must come of it come back."""
        self.git("checkout", "--quiet", base)
        added = run(self.world.rewriter, self.repository, name, cwd=self.repository, env=self.world.env)
        self.commit(commit)
        return [json.loads(line) for line in added.splitlines()]

    def diff(self, base, head):
        report = self.world.work / "report.json"
        report.unlink(missing_ok=True)
        command = [self.world.heapwarden, "diff", f"{base}..{head}", "--all", "--format", f"json:{report}"]
        done = subprocess.run(command, cwd=self.repository, env=self.world.env, capture_output=True, text=True,
                              check=False)
        if not report.exists():
            raise RuntimeError(f"{' '.join(map(str, command))}: exit status {done.returncode}\n{done.stderr}")
        return json.loads(report.read_text(encoding="utf-8"))


def found(report, state):
    return [finding for finding in report["findings"] if finding["state"] == state]


def describe(finding):
    """A finding of a report, or one that must be in it."""
    place = f"{finding['file']}:{finding['line']} {finding['function']}: {finding['kind']} {finding['expression']}"
    cause = finding["cause"] or {}
    calls = "".join(f" called at {file}:{line} in {caller}" for file, line, caller in calls_of(finding))
    return f"{place} ({finding['reason']}; {cause.get('kind')} {cause.get('file')}:{cause.get('line')}){calls}"


def calls_of(finding):
    calls = finding.get("calls", finding.get("copies"))
    return sorted((call["file"], call["line"], call["function"]) for call in calls)


def is_cause(finding, expected, rewritten):
    allowed = [expected["cause"]]
    if finding["kind"] == "lost-inlining" and rewritten & CHANGE_DECLARATIONS:
        allowed.append(expected["cause"] | {"line": expected["line"]})
    return {key: finding["cause"][key] for key in expected["cause"]} in allowed


def is_expected(finding, expected, rewritten):
    """Whether a finding is the one that must come of an addition."""
    if any(finding[key] != expected[key] for key in ("file", "line", "function", "kind", "reason", "expression")):
        return False
    if finding["state"] == "new" and not is_cause(finding, expected, rewritten):
        return False
    if finding["kind"] != "lost-inlining":
        return True
    lost = finding["lost_inlining"]
    return 0 < lost["base_cost"] <= lost["budget"] < lost["head_cost"] and len(lost["allocations"]) == 1 and \
        calls_of(finding) == calls_of(expected)


def check(report, added, state, rewritten):
    """What is not as it must be when these allocations, and no others, are to have the state after these rewrites."""
    wrong = [f"{other}: {describe(finding)}" for other in ("new", "fixed") if other != state
             for finding in found(report, other)]
    missing = list(added)
    for finding in found(report, state):
        match = next((expected for expected in missing if is_expected(finding, expected, rewritten)), None)
        if match:
            missing.remove(match)
        else:
            wrong.append(f"{state}: {describe(finding)}")
    wrong += [f"missing: {describe(expected)}" for expected in missing]
    if report["summary"]["new_outside"]:
        wrong.append(f"{report['summary']['new_outside']} new outside of the module")
    if report["not_analysed"]:
        wrong.append(f"not analysed: {report['not_analysed'][0]['error'][:500]}")
    return wrong


def compare(module, name, added):
    """Both ways; whether all is as it must be. `added` are the findings that the rewrite must lead to."""
    good = True
    # That a function is inlined again is no finding.
    allocations = [expected for expected in added if expected["kind"] != "lost-inlining"]
    for base, head, state, expected in (("original", name, "new", added), (name, "original", "fixed", allocations)):
        report = module.diff(base, head)
        wrong = check(report, expected, state, set(name.split("+")))
        counts = [len(found(report, state)) for state in ("new", "fixed", "moved", "unchanged")]
        way = "->" if state == "new" else "<-"
        print(f"| {module.name} | {module.world.version} | {way} {name} | {len(expected)} | "
              f"{' | '.join(map(str, counts))} | {'ok' if not wrong else 'WRONG'} |", flush=True)
        for line in wrong[:LIMIT]:
            print(f"    {line}")
        if len(wrong) > LIMIT:
            print(f"    and {len(wrong) - LIMIT} more")
        good = good and not wrong
    return good


LIMIT = int(os.environ.get("METAMORPHIC_LIMIT", "12"))


def adds(name):
    return "add" in name.split("+")


def rewrites(arguments):
    """The rewrites that are asked for, without and with added allocations."""
    names = arguments.rewrite or REWRITES
    if arguments.add != "yes":
        yield from (name for name in names if not adds(name))
    if arguments.add != "no":
        if not arguments.rewrite:
            yield "add"
        yield from (name if adds(name) else f"{name}+add" for name in names)


def run_all(arguments, work):
    env = environment(work, Path(arguments.cache).resolve())
    good, skipped = True, False
    print("| module | go | rewrite | added | new | fixed | moved | unchanged | |")
    print("|:---|:---|:---|---:|---:|---:|---:|---:|:---|")
    for version in arguments.go or VERSIONS:
        try:
            world = World(work, Path(arguments.heapwarden).resolve(), env, version)
            for name in arguments.module or MODULES:
                module = Module(world, name)
                for rewrite in rewrites(arguments):
                    good = compare(module, rewrite, module.rewrite(rewrite, "original", rewrite)) and good
        except Skipped as reason:
            print(f"skipped: {reason}")
            skipped = True
    if not good:
        return 1
    return 77 if skipped else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("heapwarden")
    parser.add_argument("cache")
    parser.add_argument("--go", action="append")
    parser.add_argument("--module", action="append", choices=MODULES)
    parser.add_argument("--rewrite", action="append")
    parser.add_argument("--add", choices=("yes", "no"), help="only with, or only without added allocations")
    parser.add_argument("--keep", help="a new directory for the repositories, which stay")
    arguments = parser.parse_args()
    Path(arguments.cache).mkdir(parents=True, exist_ok=True)
    if arguments.keep:
        Path(arguments.keep).mkdir(parents=True)
        return run_all(arguments, Path(arguments.keep).resolve())
    with tempfile.TemporaryDirectory(prefix="metamorphic-") as work:
        return run_all(arguments, Path(work))


if __name__ == "__main__":
    sys.exit(main())
