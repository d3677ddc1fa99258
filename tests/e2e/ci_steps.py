#!/usr/bin/env python3
"""What a CI system runs, out of a recipe of docs/ci.

  ci_steps.py FILE steps NUMBER   the shell of the NUMBERth step that calls heapwarden, from 0
  ci_steps.py FILE install        the shell of the step that gets heapwarden
  ci_steps.py FILE shells         all steps that are shell, one after the other, for a linter
  ci_steps.py FILE comment        the script that posts the comment
  ci_steps.py FILE depth          of how many commits the recipe has a clone made; 0: of all
"""
import re
import sys

import yaml


def jobs(document):
    """The jobs of a recipe for GitLab that have a script."""
    return [job for job in document.values() if isinstance(job, dict)]


def github(document):
    steps = [step for job in document["jobs"].values() for step in job["steps"]]
    depth = [step["with"]["fetch-depth"] for step in steps if "fetch-depth" in step.get("with", {})]
    comment = [step["with"]["script"] for step in steps if "script" in step.get("with", {})]
    return [step["run"] for step in steps if "run" in step], depth, comment


def gitlab(document):
    shells = ["\n".join(job[part]) for job in jobs(document) for part in ("before_script", "script") if part in job]
    depth = [job["variables"]["GIT_DEPTH"] for job in jobs(document) if "GIT_DEPTH" in job.get("variables", {})]
    return shells, depth, []


def buildkite(document):
    # Buildkite takes one of two dollar signs away.
    return ["\n".join(step["commands"]).replace("$$", "$") for step in document["steps"]], [], []


def azure(document):
    steps = [step for job in document["jobs"] for step in job["steps"]]
    return [step["bash"] for step in steps if "bash" in step], [step["fetchDepth"] for step in steps if "fetchDepth" in step], []


def jenkins(text):
    # A Groovy string in three quotes: a backslash before a backslash.
    return [shell.replace("\\\\", "\\") for shell in re.findall(r"\bsh '''(.*?)'''", text, re.S)], [], []


def read(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if path.endswith("Jenkinsfile"):
        return jenkins(text)
    for folder, reader in (("github", github), ("gitlab", gitlab), ("buildkite", buildkite), ("azure", azure)):
        if f"/{folder}/" in path:
            return reader(yaml.safe_load(text))
    raise ValueError(f"no recipe: {path}")


def main():
    path, what = sys.argv[1:3]
    shells, depth, comment = read(path)
    if what == "steps":
        calling = [s for s in shells if re.search(r"^\s*(heapwarden|git fetch) ", s, re.M)]
        print(calling[int(sys.argv[3])])
    elif what == "install":
        print(next(s for s in shells if "scripts/install" in s))
    elif what == "shells":
        print("\n".join(f"(\n{shell}\n)" for shell in shells))
    elif what == "comment":
        print(comment[0])
    else:
        print(depth[0])


main()
