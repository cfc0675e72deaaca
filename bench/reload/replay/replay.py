"""Replays commits of a package as edits: replay.py PACKAGE REPOSITORY PREFIX COUNT TOOL…  One JSON line each."""

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


def replay(package, repository, prefix, count, tools, skip):
    head = git(repository, "log", "--no-merges", "--first-parent", "--format=%H", "--", prefix, text=True).split()
    every = head or git(repository, "log", "--no-merges", "--format=%H", "--", prefix, text=True).split()
    done = 0
    inside = os.path.dirname(prefix)
    for commit in every:
        if done == count:
            return
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
            if commit[:10] in skip:
                continue
            with open(f"{folder}/truth.json", "w") as file:
                json.dump(truth, file)
            for tool in tools:
                live = f"{folder}/live-{tool}"
                shutil.copytree(before, live)
                os.makedirs(f"{folder}/{tool}")
                shutil.copy(f"{folder}/truth.json", f"{folder}/{tool}/truth.json")
                answer = run("live.py", tool, package, live, after, f"{folder}/{tool}/truth.json")
                line = {"package": package, "commit": commit[:10], "tool": tool}
                said = [each for each in answer.stdout.splitlines() if each.startswith('{"ms"')]
                line.update(json.loads(said[-1]) if said else {"failed": answer.stderr[-300:]})
                print(json.dumps(line), flush=True)


if __name__ == "__main__":
    skip = set(os.environ.get("SKIP", "").split())
    replay(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5:], skip)
