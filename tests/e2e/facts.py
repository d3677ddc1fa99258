"""Compare the escapes of a JSON document with a table of expected ones: facts.py DOCUMENT GO_VERSION MODULE_PATH [FILE] <TABLE

The table is described in facts.sh. With FILE the escapes in other files are left out."""
import json
import re
import sys


# Where fixtures/compiler/record-modules says to have built, in the absolute paths of Go 1.19.
RECORDED_IN = "/home/gopher/[^/]+/"


def minor(version):
    return int(re.match(r"(?:go)?1\.(\d+)", version)[1])


def holds(versions, version):
    if versions == "all":
        return True
    first, dash, last = versions.partition("-")
    return (minor(first) if first else 0) <= version <= (minor(last) if last else 99 if dash else minor(first))


def expected(version):
    """The rows that hold for the version, each with whether it must be there."""
    for line in sys.stdin:
        if line.strip() and not line.startswith("#"):
            versions, *row = line.rstrip("\n").split(None, 6)
            if len(row) != 6:
                sys.exit(f"not a line of seven words: {line}")
            if holds(versions.removesuffix("?"), version):
                yield row, not versions.endswith("?")


def visible(text):
    """Control characters as the signs that Unicode has for them, line ends as ⏎."""
    return "".join("⏎" if c == "\n" else chr(0x2400 + ord(c)) if c < " " else c for c in text)


def stated(escape, module):
    """The escape in the words of the table; files of the module without the way in which their directory is printed."""
    file = re.sub(rf"^(?:\./|{re.escape(module)}/|{RECORDED_IN})", "", escape["file"] or "-")
    place = visible(f"{file}:{escape['line']}:{escape['column']}").replace(" ", "␣")
    return [place, escape["function"] or "-", escape["kind"], escape["allocates"],
            escape["reason"].replace(" ", "-"), visible(escape["expression"])]


def fits(fact, row):
    place = fact[0] == row[0] or fact[0].rpartition(":")[0] == row[0]
    words = all(row[i] == "*" or fact[i] in row[i].split("|") for i in range(1, 5))
    return place and words and row[5] in ("*", fact[5])


def pair(facts, rows):
    """For each row the fact that is its own, or None: no fact is used twice."""
    owner = {}

    def place(row, tried):
        for number, fact in enumerate(facts):
            if number not in tried and fits(fact, rows[row]):
                tried.add(number)
                if number not in owner or place(owner[number], tried):
                    owner[number] = row
                    return True
        return False

    missing = [rows[row] for row in range(len(rows)) if not place(row, set())]
    return missing, [fact for number, fact in enumerate(facts) if number not in owner]


def main():
    document, version, module, *only = sys.argv[1:]
    with open(document, encoding="utf-8") as file:
        facts = [stated(escape, module) for escape in json.load(file)["escapes"]]
    facts = [fact for fact in facts if not only or fact[0].startswith(f"{only[0]}:")]
    rows = list(expected(minor(version)))
    missing, surplus = pair(facts, [row for row, _ in rows])
    needed = [row for row, must in rows if must]
    missing = [row for row in missing if row in needed]
    for row in missing:
        print("  missing:", *row)
    for fact in surplus:
        print("  surplus:", *fact)
    sys.exit(bool(missing or surplus))


main()
