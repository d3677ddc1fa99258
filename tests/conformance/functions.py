"""Agreement with go/ast on the declaration that each escape is in.

Methods are `Type.Method`, generics have no arguments, closures belong to the declaration around them, and what is
outside of functions has none. From Go 1.25 on the compiler prints the function of what it explains; before, the
parser finds it by position, as the last function that begins before it. Up to Go 1.24 that makes two mistakes which
the text does not help against (DIFFERENCES); anything else fails.
"""

import subprocess
import sys
from bisect import bisect_right
from collections import Counter, defaultdict, namedtuple
from pathlib import Path

import common

# The last Go that does not print functions.
LAST_SILENT = 24

DIFFERENCES = (
    "in initialisers that follow a function",
    "in closures that were inlined into another package",
)

# `special` ones may not be compiled, and then are not printed: generic ones and those with a blank for a name.
Function = namedtuple("Function", "name first last special")


class Declarations:
    """The functions that source files declare, as go/ast sees them."""

    def __init__(self, session, go, files):
        program = session.scratch / f"declarations-{go.version}"
        go.output("build", "-trimpath", "-o", program, Path(__file__).with_name("declarations.go"))
        listed = subprocess.run([program], input="\n".join(map(str, files)), stdout=subprocess.PIPE, check=True,
                                text=True).stdout
        self.functions = defaultdict(list)
        for line in listed.splitlines():
            file, name, *numbers, kind = line.split("\t")
            line, column, last_line, last_column = map(int, numbers)
            self.functions[file].append(Function(name, (line, column), (last_line, last_column), kind == "special"))

    def before(self, file, line, column):
        """The functions that begin before a position; without a column, before the end of its line."""
        functions = self.functions[str(file)]
        return functions[:bisect_right(functions, (line, column or sys.maxsize), key=lambda one: one.first)]


class Checker:
    def __init__(self, session, go, subject):
        self.session = session
        self.go = go
        self.subject = subject
        self.agreed = 0
        self.differences = Counter()
        self.failures = Counter()

    def check(self, escapes, source_of):
        """`source_of` finds the file of a printed name, or None where it is not to be looked at."""
        sources = {file: source_of(file) for file in {escape["file"] for escape in escapes} if file}
        declarations = Declarations(self.session, self.go, sorted(filter(None, set(sources.values()))))
        for escape in escapes:
            source = sources.get(escape["file"])
            if source:
                self.one(escape, declarations.before(source, escape["line"], escape["column"]))
        for message, count in sorted(self.failures.items()):
            self.session.fail(f"{self.go.version} {message}, {count} times")
        counted = [f"{self.subject}: {self.agreed} escapes",
                   *(f"{self.differences[kind]} {kind}" for kind in DIFFERENCES if self.differences[kind])]
        self.session.row(self.go, ", ".join(counted), self.failures.total())

    def one(self, escape, before):
        line, column = escape["line"], escape["column"]
        inside = before and (line, column) <= before[-1].last
        declared = before[-1].name if inside else ""
        given = escape["function"]
        if given == declared:
            self.agreed += 1
        elif self.go.minor > LAST_SILENT:
            self.fail(escape, declared)
        elif not inside and given in self.last_printed(before):
            self.differences[DIFFERENCES[0]] += 1
        elif not given and escape["file"].rpartition("/")[0] != escape["package"]:
            self.differences[DIFFERENCES[1]] += 1
        else:
            self.fail(escape, declared)

    @staticmethod
    def last_printed(before):
        """The names of which the last one that is printed must be one."""
        for function in reversed(before):
            yield function.name
            if not function.special:
                return

    def fail(self, escape, declared):
        self.failures[f"{escape['file']}:{escape['line']}: in '{escape['function']}', but declared is '{declared}'"] += 1


def check_module(session, go, module):
    tree = session.module(module)
    document = session.parser.document(go.compile(tree, f"-gcflags={go.diagnostics()}"), go)

    def source_of(file):
        # Up to Go 1.19, -trimpath leaves names relative to the directory of the build.
        source = tree / file.removeprefix(f"{module.path}/")
        return source if source.is_file() and not Path(file).is_absolute() else None

    Checker(session, go, tree.name).check(document["escapes"], source_of)


def check_standard_library(session, go):
    document = session.parser.document(go.standard_library(), go)

    def source_of(file):
        source = Path(go.root) / "src" / file
        return source if source.is_file() else None

    Checker(session, go, "std").check(document["escapes"], source_of)


def run(session):
    for go in session.toolchains() if session.all else session.some("go1.24.13", "local"):
        for module in common.MODULES if session.all else [common.GOJQ, common.GOLDMARK]:
            try:
                if go.minor >= module.oldest_go:
                    check_module(session, go, module)
            except common.Skipped as reason:
                session.skip(str(reason))
        if session.all:
            check_standard_library(session, go)


if __name__ == "__main__":
    raise SystemExit(common.main("functions", run))
