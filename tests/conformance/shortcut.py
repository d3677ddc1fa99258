#!/usr/bin/env python3
"""What is equal on both sides may be left out of a comparison: with and without that the result is the same.

    shortcut.py HEAPWARDEN REPOSITORY [--commits N] [--store PATH]

Each of the last N first parents of HEAD (100) is compared with its parent, out of a store, once with the shortcut and once
without (a hidden option), and so are JSON and HTML. Prints a line for each commit that has a difference, and a summary.
Ends with 1 where there is one.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path


def git(repository, *arguments):
    return subprocess.run(("git", *arguments), cwd=repository, capture_output=True, text=True, check=True).stdout


def documents(heapwarden, repository, commit, store, directory, *options):
    """The exit status and what was written, or go's words where nothing was."""
    written = {name: directory / f"report.{name}" for name in ("json", "html")}
    for path in written.values():
        path.unlink(missing_ok=True)
    formats = [argument for name, path in written.items() for argument in ("--format", f"{name}:{path}")]
    done = subprocess.run((heapwarden, "diff", f"{commit}^..{commit}", "--store", store, *formats, *options),
                          cwd=repository, capture_output=True, text=True, check=False)
    # HTML says when it was written.
    texts = {name: re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?Z?", "TIME", path.read_text(encoding="utf-8"))
             if path.exists() else done.stderr for name, path in written.items()}
    return done.returncode, texts["json"], texts["html"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("heapwarden")
    parser.add_argument("repository")
    parser.add_argument("--commits", type=int, default=100)
    parser.add_argument("--store")
    arguments = parser.parse_args()
    heapwarden = Path(arguments.heapwarden).resolve()
    commits = git(arguments.repository, "rev-list", "--first-parent", f"--max-count={arguments.commits}",
                  "HEAD").split()
    different = without_verdict = 0
    with tempfile.TemporaryDirectory(prefix="shortcut-") as work:
        store = arguments.store or os.path.join(work, "store.db")
        for commit in commits:
            # The first builds what is not in the store: then both sides are read whole. The others take it from there.
            built, short, whole = (documents(heapwarden, arguments.repository, commit, store, Path(work), *options)
                                   for options in ((), (), ("--no-shortcut",)))
            without_verdict += whole[0] == 2
            if built != whole or short != whole:
                different += 1
                print(f"{commit}: {'built' if built != whole else ''} {'shortcut' if short != whole else ''}", flush=True)
    print(f"{len(commits)} commits, {different} with a difference, {without_verdict} without a verdict")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
