"""Agreement with the compiler's own JSON log of its decisions (-json=0): the same allocations at the same places.

The log and the text come from one compilation. Of each package of a module it is required that

1. values: at each place as many are allocated by the facts as by the log; the compiler prints no summary for the
   closure of a go statement or of a defer in a loop, but logs it, and the parser makes a fact of it;
2. variables: each that is moved to the heap is in the log, and what is in the log is a value or such a variable;
3. flows: the steps of each fact are those that the log gives for an escape at that place;
4. copies: where the log says that code was inlined, the fact names an inlined function;
5. inlining: at each place the same functions can and cannot be inlined, at the same cost, for the same reason.

The log is not complete, and names other places than the text in code that is not compiled as it was written. Every
difference must be of one of the classes of DIFFERENCES.
"""

import json
import re
import shutil
from collections import Counter, defaultdict, namedtuple
from pathlib import Path
from urllib.parse import unquote

import common

Place = namedtuple("Place", "package file line column")

# What a log says of an escape that was found: the flow, and whether it is in inlined code.
Found = namedtuple("Found", "expression steps inlined")

# Before, -trimpath does not make the names in the text those of the log.
OLDEST_GO = 21

DIFFERENCES = ("log lost", "unknown position", "cgo", "//line")

# The column that stands for those which the compiler does not know, from 255 on.
NO_COLUMN = 255

# How the text and the log name no file.
NO_FILE = ("", "<unknown line number>", "__unnamed__")


class Log:
    """What the compiler logged of one package: DIRECTORY/<package>/<base name of a source file>.json."""

    def __init__(self, package, directory):
        self.package = package
        self.files = {}
        self.values = Counter()
        self.found = defaultdict(list)
        self.inlinings = Counter()
        for path in sorted(directory.glob("*/*.json")):
            self.read(path)

    def read(self, path):
        header, *diagnostics = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        self.files[unquote(path.stem)] = header["file"]
        for diagnostic in diagnostics:
            start = diagnostic["range"]["start"]
            place = Place(self.package, header["file"], *position(start))
            self.take(place, diagnostic["code"], diagnostic["message"], diagnostic.get("relatedInformation", []))

    def take(self, place, code, message, related):
        if code in ("escape", "escapes") and message:
            self.found[place].append(Found(message.removesuffix(" escapes to heap"), steps_of(related),
                                           bool(related) and related[0]["message"] == "inlineLoc"))
        elif code == "escape":
            self.values[place] += 1
        elif code == "canInlineFunction":
            self.inlinings[place, message.removeprefix("cost: ")] += 1
        elif code == "cannotInlineFunction":
            self.inlinings[place, message] += 1


def position(start):
    column = start["character"]
    return start["line"], 0 if column >= NO_COLUMN else column


def steps_of(related):
    """The steps of a flow: to, from, via and where."""
    steps, to = [], ""
    for one in related:
        flow = re.fullmatch(r"escflow:    flow: (.*?) (?:=|←) (.*):", one["message"], re.S)
        note = re.fullmatch(r"escflow:      from (.*) \((.*?)\)", one["message"], re.S)
        if flow:
            to = flow[1]
        elif note:
            file = unquote(one["location"]["uri"].removeprefix("file://"))
            steps.append((to, note[1], note[2], *known(file, *position(one["location"]["range"]["start"]))))
    return steps


def known(file, line, column):
    return ("", 0, 0) if file in NO_FILE else (file, line, column)


def said_files(package, directory, names):
    """The files that //line directives of a package speak of, and those that hold them."""
    said = set()
    for name in names:
        source = (directory / name).read_text(encoding="utf-8")
        found = re.findall(r"^//line (.*?)(?::\d+)+$|/\*line (.*?)(?::\d+)+\*/", source, re.M)
        said.update(one or other for one, other in found)
        if found:
            said.add(f"{package}/{name}")
    return said


class Module:
    """The packages of a module with their facts and logs."""

    def __init__(self, session, go, tree, flags):
        self.go = go
        self.compiler_flags = flags
        self.tree = tree
        listed = go.output("list", "-f", "{{.ImportPath}}\t{{.Dir}}\t{{.GoFiles}}\t{{.CgoFiles}}", "./...", cwd=tree)
        self.packages = {}
        for line in listed.splitlines():
            path, directory, plain, cgo = line.split("\t")
            self.packages[path] = (Path(directory), plain.strip("[]").split(), cgo.strip("[]").split())
        self.logs = session.scratch / f"{tree.name}-{go.version}"
        text = go.compile(tree, *self.flags())
        self.document = session.parser.document(text, go)
        self.logged = {path: Log(path, self.logs / str(i)) for i, path in enumerate(self.packages)}

    def flags(self):
        """Each package has a directory of its own: all commands log as `main`."""
        return [f"-gcflags={path}={self.compiler_flags} -json=0,file://{self.logs / str(i)}"
                for i, path in enumerate(self.packages)]

    def is_own(self, place):
        """Whether it is in a source file of the package: generic code of others is compiled with it too."""
        directory, name = place.file.rpartition("/")[::2]
        return directory == place.package and name in self.packages[place.package][1]

    def place(self, fact):
        return Place(fact["package"], fact["file"] or "", fact["line"], fact["column"])

    def difference(self, place):
        """The class of a difference at that place, or None: then it is a mistake."""
        directory, plain, cgo = self.packages[place.package]
        name = Path(place.file).name
        log = self.logged[place.package]
        if place.file in NO_FILE:
            return "unknown position"
        if name == "_cgo_gotypes.go" or name.endswith(".cgo1.go") or name in cgo:
            return "cgo"
        if place.file in said_files(place.package, directory, plain):
            return "//line"
        # Another file of that name was logged later, into the same file.
        return "log lost" if log.files.get(name.removesuffix(".go"), place.file) != place.file else None


class Comparison:
    def __init__(self, session, module):
        self.session = session
        self.module = module
        self.agreed = 0
        self.failures = 0
        self.differences = Counter()
        self.escapes = [escape for escape in module.document["escapes"]
                        if not escape["message"].endswith("does not escape")]

    def differ(self, place, message):
        kind = self.module.difference(place)
        self.differences[kind] += 1
        if kind is None:
            self.failures += 1
            self.session.fail(f"{self.module.go.version} {place}: {message}")

    def multisets(self, what, facts, logged):
        """Both are counters of (place, …)."""
        self.agreed += (facts & logged).total()
        for side, surplus in (("only a fact", facts - logged), ("only in the log", logged - facts)):
            for key, count in sorted(surplus.items()):
                self.differ(key[0], f"{side}: {what} {key[1:]}, {count} times")

    def values(self):
        facts = Counter((self.module.place(escape),) for escape in self.escapes if escape["kind"] == "escapes-to-heap")
        logged = Counter()
        for log in self.module.logged.values():
            logged.update({(place,): count for place, count in log.values.items()})
        self.multisets("a value", facts, logged)
        return {key[0] for key in logged}

    def variables(self, values):
        moved = set()
        for escape in self.escapes:
            if escape["kind"] != "moved-to-heap":
                continue
            place = self.module.place(escape)
            moved.add(place)
            found = self.module.logged[place.package].found[place]
            if any(one.expression == escape["expression"] for one in found):
                self.agreed += 1
            else:
                self.differ(place, f"only a fact: {escape['message']}")
        for log in self.module.logged.values():
            for place in log.found:
                if log.found[place] and place not in values and place not in moved:
                    self.differ(place, f"only in the log: {log.found[place]}")

    def flows(self):
        for escape in self.escapes:
            place = self.module.place(escape)
            found = self.module.logged[place.package].found[place]
            steps = [(step["to"], step["from"], step["via"], *known(step["file"] or "", step["line"], step["column"]))
                     for step in escape["flow"]]
            if steps not in [one.steps for one in found]:
                self.differ(place, f"the flow of '{escape['message']}' is {steps}, logged are {found}")
            elif all(one.inlined for one in found) and place.column and not escape["inlined"]:
                self.differ(place, f"'{escape['message']}' is a copy by the log: {found}")
            else:
                self.agreed += 1

    def inlinings(self):
        """Of own files only: of what is instantiated while calls are inlined, the compiler logs all, prints nothing.
        That a function is recursive, up to Go 1.23 a reason not to inline it, is only printed."""
        facts = Counter((self.module.place(one), str(one["cost"]) if one["can"] else one["why_not"])
                        for one in self.module.document["inlinings"] if one["why_not"] != "recursive")
        logged = Counter()
        for log in self.module.logged.values():
            logged.update(log.inlinings)
        self.multisets("inlining", *(Counter({key: count for key, count in counted.items() if self.module.is_own(key[0])})
                                     for counted in (facts, logged)))


def check(session, go, name, tree, flags):
    module = Module(session, go, tree, flags)
    comparison = Comparison(session, module)
    comparison.variables(comparison.values())
    comparison.flows()
    comparison.inlinings()
    counted = f"{name}: {len(comparison.escapes)} escapes, {comparison.agreed} agreements"
    for kind in DIFFERENCES:
        if comparison.differences[kind]:
            counted += f", {comparison.differences[kind]} {kind}"
    session.row(go, counted, comparison.failures)
    shutil.rmtree(module.logs, ignore_errors=True)


def subjects(session, go):
    """What is compiled: name, tree and flags."""
    odd = Path(__file__).with_name("odd")
    yield "odd", odd, go.diagnostics()
    # heapwarden itself asks for the places behind //line directives, with -L; saved output may be without.
    yield "odd without -L", odd, go.diagnostics().replace(" -L", "")
    for module in common.MODULES[:3] if session.all else common.MODULES[:1]:
        try:
            tree = session.module(module)
            yield tree.name, tree, go.diagnostics()
        except common.Skipped as reason:
            session.skip(str(reason))


def run(session):
    for go in session.toolchains(local_only=not session.all):
        if go.minor < OLDEST_GO:
            continue
        for name, tree, flags in subjects(session, go):
            try:
                check(session, go, name, tree, flags)
            except common.Skipped as reason:
                session.skip(str(reason))


if __name__ == "__main__":
    raise SystemExit(common.main("JSON log", run))
