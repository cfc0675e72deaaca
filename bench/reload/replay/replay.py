"""Replays commits of a package as edits."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def git(repository, *arguments, **options):
    return subprocess.run(["git", "-C", repository, *arguments], check=True, capture_output=True, **options).stdout


def extract(repository, commit, prefix, folder):
    os.makedirs(folder)
    data = git(repository, "archive", commit, prefix)
    subprocess.run(["tar", "-x", "-C", folder], input=data, check=True)
    for top, _, files in os.walk(folder):
        for each in files:
            os.utime(os.path.join(top, each), (1, 1))


def run(script, *arguments):
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"}
    return subprocess.run(
        [sys.executable, os.path.join(HERE, script), *arguments], capture_output=True, text=True, env=environment, timeout=120
    )


def truth_of(package, root):
    done = run("describe.py", package, root)
    return json.loads(done.stdout) if done.returncode == 0 else None


def commits_of(repository, prefix):
    """Newest first: those of the main line, then those that were merged into it."""
    command = ("log", "--no-merges", "--format=%H")
    main = git(repository, *command, "--first-parent", "--", prefix, text=True).split()
    every = git(repository, *command, "--", prefix, text=True).split()
    return main + [each for each in every if each not in set(main)]


def replay(package, repository, prefix, count, tools, known):
    """Those of `count` commits that `known`, of (commit, tool), does not have: a line each."""
    done = 0
    inside = os.path.dirname(prefix)
    for commit in commits_of(repository, prefix):
        if done == count:
            return
        short = commit[:10]
        if all((short, tool) in known for tool in tools):
            done += 1
            continue
        with tempfile.TemporaryDirectory(prefix="baton-replay-") as folder:
            try:
                extract(repository, commit, prefix, f"{folder}/after")
                extract(repository, commit + "^", prefix, f"{folder}/before")
            except subprocess.CalledProcessError:
                continue
            before, after = f"{folder}/before/{inside}".rstrip("/"), f"{folder}/after/{inside}".rstrip("/")
            truth, old = truth_of(package, after), truth_of(package, before)
            if truth is None or old is None or truth == old:
                continue  # It does not start here, or no code differs.
            done += 1
            with open(f"{folder}/truth.json", "w") as file:
                json.dump(truth, file)
            for tool in tools:
                if (short, tool) in known:
                    continue
                live = f"{folder}/live-{tool}"
                shutil.copytree(before, live)
                os.makedirs(f"{folder}/{tool}")
                shutil.copy(f"{folder}/truth.json", f"{folder}/{tool}/truth.json")
                answer = run("live.py", tool, package, live, after, f"{folder}/{tool}/truth.json")
                line = {"package": package, "commit": short, "tool": tool}
                said = [each for each in answer.stdout.splitlines() if each.startswith('{"ms"')]
                line.update(json.loads(said[-1].replace(f"{live}/", "")) if said else {"failed": answer.stderr[-300:]})
                yield line
