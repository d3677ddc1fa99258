"""What the conformance tests share: toolchains, modules, the parser's answers, the table of results.

Exit status of every part: 0 all agrees, 1 something does not, 77 nothing could be run.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import namedtuple
from pathlib import Path

# One release of each minor version; `local` is the go command's own.
RELEASES = ("go1.20.14", "go1.21.13", "go1.22.12", "go1.23.12", "go1.24.13", "go1.25.12", "go1.26.8")
DEBIAN_GO_1_19 = Path("/usr/lib/go-1.19")

Module = namedtuple("Module", "path version oldest_go")

# Public modules of different character, and the oldest Go (as minor version) that builds them.
MODULES = (
    Module("github.com/klauspost/compress", "v1.17.11", 21),  # loops over bytes, goroutines
    Module("github.com/itchyny/gojq", "v0.12.17", 21),  # an interpreter with a generated parser: //line directives
    Module("github.com/cilium/ebpf", "v0.16.0", 21),  # generics, system calls
    Module("github.com/yuin/goldmark", "v1.7.8", 19),  # interfaces
)

GOJQ = MODULES[1]
GOLDMARK = MODULES[-1]

# A row of the table: `counted` says of what `result` speaks, such as "1809 expectations".
Row = namedtuple("Row", "part version result counted")

# A message as `heapwarden parse --lines` read it.
Record = namedtuple("Record", "kind file line column message")


class Skipped(Exception):
    """What is needed is not there; the message says what."""


def last_line(text):
    text = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    return (text.strip().splitlines() or [""])[-1]


class Go:
    """A Go toolchain with an environment in which nothing is the user's but modules and toolchains."""

    def __init__(self, program, environment, toolchain="local"):
        self.program = program
        self.environment = {**environment, "GOTOOLCHAIN": toolchain}
        try:
            self.version, self.root, self.target = self.output("env", "GOVERSION", "GOROOT", "GOOS", "GOARCH",
                                                               ).split("\n", 2)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Skipped(f"{toolchain} cannot be had: {last_line(getattr(error, 'stderr', '') or error)}") from error
        # Up to Go 1.20 the go command does not know GOTOOLCHAIN, and runs itself.
        if toolchain not in ("local", self.version):
            raise Skipped(f"{toolchain} cannot be had: go is {self.version}")
        self.target = self.target.strip().replace("\n", "/")
        self.minor = int(re.search(r"go1\.(\d+)", self.version)[1])

    def run(self, *arguments, cwd=None, env=None, check=True, text=True, **options):
        """Run go; its output streams are kept apart."""
        return subprocess.run([self.program, *map(str, arguments)], cwd=cwd or self.environment["HOME"],
                              env={**self.environment, **(env or {})}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=check, text=text, **options)

    def output(self, *arguments, **options):
        return self.run(*arguments, **options).stdout


    def diagnostics(self):
        """The compiler's flags that heapwarden sets (src/gobuild.c)."""
        return "-m=2 -L -d=closure=1,escapedebug=1" if self.minor >= 25 else "-m=2 -L -d=closure=1"

    def compile(self, tree, *flags, patterns=("./...",)):
        """The text of the compiler for these packages: what go build prints, but nothing is linked."""
        done = self.run("list", "-export", "-trimpath", "-buildvcs=false", "-f", "{{.ImportPath}}", *flags, *patterns,
                        cwd=tree, check=False, text=False)
        if done.returncode != 0:
            raise Skipped(f"{self.version} does not build {Path(tree).name}: {last_line(done.stderr)}")
        return done.stderr


    def standard_library(self):
        """The text of the compiler for the standard library."""
        return self.compile(self.environment["HOME"], f"-gcflags=all={self.diagnostics()}", patterns=("std",))


class Parser:
    """The program under test. Nothing else here knows how it is called or how it answers."""

    def __init__(self, program):
        self.program = program

    def _run(self, text, go, *options):
        command = [self.program, "parse", "--go", go.version, *options, "-"]
        done = subprocess.run(command, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)}: status {done.returncode}: {done.stderr.decode(errors='replace')}")
        return done.stdout

    def document(self, text, go):
        return json.loads(self._run(text, go, "--format", "json"))

    def records(self, text, go):
        for line in self._run(text, go, "--lines").decode(errors="replace").split("\n")[:-1]:
            kind, file, number, column, message = line.split("\t", 4)
            yield Record(kind, file, int(number), int(column), message)


class Session:
    """One run of one part: what it was asked for, and where it may work."""

    def __init__(self, part, options):
        self.part = part
        self.all = options.all
        self.parser = Parser(os.path.realpath(options.heapwarden))
        self.work = Path(options.work).resolve()
        self.work.mkdir(parents=True, exist_ok=True)
        self.scratch = Path(tempfile.mkdtemp(prefix="conformance-"))
        self.rows = []
        self.skipped = []
        self.failures = 0
        self._environment = self._clean_environment(options)

    def _clean_environment(self, options):
        kept = dict(zip(("GOMODCACHE", "GOPROXY", "GOSUMDB"), self._users("GOMODCACHE", "GOPROXY", "GOSUMDB")))
        for name in ("home", "tmp"):
            (self.scratch / name).mkdir()
        clean = {name: value for name, value in os.environ.items()
                 if not re.match(r"GO|CGO|GIT_|XDG_|CI$|CI_", name)}
        return {**clean, **kept, "HOME": str(self.scratch / "home"), "TMPDIR": str(self.scratch / "tmp"),
                "GOCACHE": str(Path(options.cache).resolve()), "GOENV": "off", "GOFLAGS": "", "GOWORK": "off",
                "LC_ALL": "C.UTF-8"}

    @staticmethod
    def _users(*names):
        try:
            return subprocess.run(["go", "env", *names], stdout=subprocess.PIPE, check=True, text=True,
                                  cwd="/").stdout.splitlines()
        except (OSError, subprocess.CalledProcessError) as error:
            raise Skipped(f"there is no go: {error}") from error

    def toolchain(self, name):
        return Go("go", self._environment, name)

    def debian_1_19(self):
        if not (DEBIAN_GO_1_19 / "bin/go").exists():
            raise Skipped("Go 1.19 is not installed (Debian's golang-1.19-go)")
        return Go(str(DEBIAN_GO_1_19 / "bin/go"), self._environment)

    def toolchains(self, local_only=False):
        """Every Go that is at hand, oldest first, each minor version once."""
        found = {go.minor: go for go in self.some("debian 1.19", *(() if local_only else RELEASES), "local")}
        return [found[minor] for minor in sorted(found)]

    def some(self, *names):
        """Those of these toolchains that are at hand."""
        for name in names:
            try:
                yield self.debian_1_19() if name == "debian 1.19" else self.toolchain(name)
            except Skipped as reason:
                self.skip(str(reason))

    def module(self, module):
        """A copy of the module's sources, from the module proxy or the cache of modules."""
        name = f"{module.path}@{module.version}"
        tree = self.work / "modules" / f"{Path(module.path).name}@{module.version}"
        go = self.toolchain("local")
        done = go.run("mod", "download", "-json", name, check=False)
        answer = json.loads(done.stdout or "{}")
        if "Dir" not in answer:
            raise Skipped(f"{name} cannot be had: {last_line(answer.get('Error', done.stderr))}")
        if not tree.exists():
            # Another part may be at the same: whoever is first, the copies are equal.
            tree.parent.mkdir(parents=True, exist_ok=True)
            copy = Path(tempfile.mkdtemp(dir=tree.parent)) / tree.name
            shutil.copytree(answer["Dir"], copy, copy_function=shutil.copyfile)
            subprocess.run(["chmod", "-R", "u+w", copy], check=True)
            try:
                copy.rename(tree)
            except OSError:
                shutil.rmtree(copy)
            copy.parent.rmdir()
        return tree

    def skip(self, message):
        self.skipped.append(message)
        print(f"skipped: {message}", flush=True)

    def fail(self, message):
        self.failures += 1
        print(f"FAILED: {message}", flush=True)

    def row(self, go, counted, failures):
        self.note(go, counted, "ok" if failures == 0 else f"{failures} FAILED")

    def note(self, go, counted, result):
        self.rows.append(Row(self.part, go.version, result, counted))
        print("  ".join(self.rows[-1]), flush=True)

    def close(self):
        subprocess.run(["chmod", "-R", "u+w", str(self.scratch)], check=False)
        shutil.rmtree(self.scratch, ignore_errors=True)


def print_table(rows, out=sys.stdout):
    rows = [Row(*(name for name in Row._fields)), *rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(Row._fields))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip(), file=out)


def main(part, run):
    """Run one part as a program: run(session) fills in the table."""
    arguments = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__,
                                        formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--heapwarden", required=True, help="the program under test")
    arguments.add_argument("--work", required=True, help="a directory for sources, kept")
    arguments.add_argument("--cache", required=True, help="a directory for Go's build cache, kept")
    arguments.add_argument("--all", action="store_true", help="every version and module, not the share of a test run")
    arguments.add_argument("--table", help="append the rows of the table to this file, with tabs")
    options = arguments.parse_args()
    try:
        session = Session(part, options)
    except Skipped as reason:
        print(f"skipped: {reason}")
        return 77
    try:
        run(session)
    except Skipped as reason:
        session.skip(str(reason))
    finally:
        session.close()
    if options.table:
        with open(options.table, "a", encoding="utf-8") as table:
            for row in [*session.rows, *(Row(part, "-", "skipped", message) for message in session.skipped)]:
                print("\t".join(row), file=table)
    elif session.rows:
        print_table(session.rows)
    if session.failures:
        return 1
    return 0 if session.rows else 77
