#!/usr/bin/env python3
"""What is not built again, because a change does not concern it, is what a build of everything would have printed.

    part.py HEAPWARDEN REPOSITORY [--commits N]

Each of the last N first parents of HEAD (50) is compared with its parent, which is in the store: then only the packages
that the difference concerns are built. Beside that the commit alone is scanned into a store of its own, which builds
everything. Both stores must hold the same of it: the same units, mentions and numbers. Prints a line for each commit where
they do not, and how many packages were built in all. Ends with 1 where one differs.
"""

import argparse
import re
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROWS = {
    "snapshot": "SELECT sites, not_understood FROM snapshot WHERE key = ?1",
    "units": "SELECT package, content, mentions, escapes, summary_lines FROM printed JOIN unit ON unit.id = unit "
             "WHERE snapshot = (SELECT id FROM snapshot WHERE key = ?1) ORDER BY package",
    "packages": "SELECT path, directory, name, absent, error FROM package "
                "WHERE snapshot = (SELECT id FROM snapshot WHERE key = ?1) ORDER BY path",
    "imports": "SELECT imports FROM snapshot WHERE key = ?1",
}


def rows(store, key):
    database = sqlite3.connect(store)
    found = {}
    for name, query in ROWS.items():
        found[name] = database.execute(query, (key,)).fetchall()
    database.close()
    # The order in which mentions were found says nothing.
    found["units"] = [(*unit[:2], sorted(unit[2].split("\n")), *unit[3:]) for unit in found["units"]]
    return found


def newest_key(store):
    database = sqlite3.connect(store)
    (key,) = database.execute("SELECT key FROM snapshot ORDER BY id DESC LIMIT 1").fetchone()
    database.close()
    return key


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("heapwarden")
    parser.add_argument("repository")
    parser.add_argument("--commits", type=int, default=50)
    arguments = parser.parse_args()
    heapwarden = str(Path(arguments.heapwarden).resolve())

    def run(*words):
        return subprocess.run((heapwarden, *words), cwd=arguments.repository, capture_output=True, text=True, check=False)

    commits = subprocess.run(("git", "rev-list", "--first-parent", f"--max-count={arguments.commits}", "HEAD"),
                             cwd=arguments.repository, capture_output=True, text=True, check=True).stdout.split()
    different = in_part = built = packages = 0
    with tempfile.TemporaryDirectory(prefix="part-") as work:
        for commit in reversed(commits):
            part, whole = Path(work) / "part.db", Path(work) / "whole.db"
            whole.unlink(missing_ok=True)
            said = run("diff", f"{commit}^..{commit}", "--store", str(part), "-v").stderr
            numbers = re.search(r"building (\d+) of (\d+) packages", said)
            run("scan", "--head", commit, "--store", str(whole), "--format", "json:/dev/null")
            if not whole.exists():
                continue
            key = newest_key(whole)
            if numbers:
                in_part, built, packages = in_part + 1, built + int(numbers[1]), packages + int(numbers[2])
            one, other = rows(part, key), rows(whole, key)
            wrong = [name for name in ROWS if one[name] != other[name]]
            if wrong:
                different += 1
                print(f"{commit}: {' '.join(wrong)}", flush=True)
    print(f"{len(commits)} commits, {in_part} built in part ({built} of {packages} packages), {different} with a difference")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
