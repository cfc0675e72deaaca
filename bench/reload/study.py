"""Records the study: study.py REPOSITORIES [TOOL…]

REPOSITORIES is a folder with clones of structlog, click and pypyr. What results/ has already is not done again: take its
lines out to have them anew. `--lines N` ends after so many.
"""

import argparse
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "replay"))

import replay  # noqa: E402

PACKAGES = {"structlog": "src/structlog", "click": "src/click", "pypyr": "pypyr"}
COMMITS = 48
TOOLS = ["Plain", "Topological", "Autoreload", "Jurigged", "Baton"]


def lines_of(path):
    if not os.path.exists(path):
        return []
    with open(path) as file:
        return [json.loads(line) for line in file]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("repositories")
    parser.add_argument("tools", nargs="*", default=TOOLS)
    parser.add_argument("--lines", type=int, default=0)
    parser.add_argument("--results", default=os.path.join(HERE, "results", "replay.jsonl"))
    parser.add_argument("--package", choices=PACKAGES, action="append")
    given = parser.parse_args()
    written = 0
    known = lines_of(given.results)
    with open(given.results, "a") as file:
        for package in given.package or PACKAGES:
            prefix = PACKAGES[package]
            repository = os.path.join(given.repositories, package)
            done = {(line["commit"], line["tool"]) for line in known if line["package"] == package}
            for line in replay.replay(package, repository, prefix, COMMITS, given.tools, done):
                print(json.dumps(line), file=file, flush=True)
                written += 1
                if written == given.lines:
                    return
    print("complete")


if __name__ == "__main__":
    main()
