"""Edits of running programs: programs.py [--baton PATH] [--edits N] [--quiet] [PROGRAM…] >results/programs.jsonl

Each way takes the same edits: of the body of a function, of a method, of a constant. Right is an answer with all new
values. After one that is not the program is started anew, so that each edit is judged by itself; with `--on` it goes on,
so that the memory of one process is seen to grow.
"""

import argparse
import contextlib
import importlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "programs"))
IN_PLACE = ["Plain", "Topological", "Autoreload", "Jurigged", "Baton"]
WORKERS = ["LokyKilled", "LokyNew"]
RESTARTS = {
    "BatonSequential": ["--handoff", "sequential", "--standby", "off"],
    "BatonOverlapped": ["--handoff", "overlapped", "--standby", "off"],
    "BatonStandby": ["--handoff", "overlapped"],
}
#: Baton's lower rungs: a save is taken in the process that runs, or the program is restarted.
RUNGS = {"BatonReload": "reload", "BatonRecycle": "recycle"}
KINDS = ["body", "method", "limit"]
DEADLINE_S = 30


class Host:
    """One program in a folder of its own, taken through edits in one way."""

    def __init__(self, name, way, baton):
        self.name, self.way, self.baton = name, way, baton
        self.module = importlib.import_module(name)
        self.folder = tempfile.mkdtemp(prefix="baton-programs-")
        self.path = os.path.join(self.folder, self.module.EDITED + ".py")
        self.state = os.path.join(self.folder, "state")
        self.values = dict.fromkeys(KINDS, 0)
        self.listener = socket.socket(socket.AF_UNIX)
        self.address = os.path.join(tempfile.gettempdir(), os.path.basename(self.folder) + ".sock")
        self.listener.bind(self.address)
        self.listener.listen()
        self.listener.settimeout(DEADLINE_S)
        self.process = self.said = None
        self.write(1)

    def write(self, at):
        with open(self.path, "w") as file:
            file.write(self.module.SOURCE.format(**self.values))
        os.utime(self.path, (at, at))

    def start(self):
        way = "Kept" if self.way in (*RESTARTS, "Restart") else self.way
        command = [sys.executable, os.path.join(HERE, "host.py"), self.name, way, self.address, self.state]
        if self.way in RESTARTS:
            command = [self.baton, *RESTARTS[self.way], "--", *command]
        if self.way in RUNGS:
            rule = f"{self.module.EDITED}.py={RUNGS[self.way]}"
            command = [self.baton, "--standby", "off", "--rule", rule, "--", *command]
        environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
        self.process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.connected()

    def connected(self):
        self.said = self.listener.accept()[0].makefile("rw")
        self.pid = json.loads(self.said.readline())["pid"]

    def send(self, text):
        print(text, file=self.said, flush=True)
        return self.heard()

    def heard(self):
        try:
            line = self.said.readline()
        except ConnectionResetError:
            return None
        return json.loads(line) if line else None

    def take(self):
        """Has the program take what was saved: what it told, if anything, and whether it was started again."""
        told = None
        if self.way == "Restart":
            self.end()
            self.start()
        elif self.way in RESTARTS:
            self.connected()
        elif self.way in RUNGS:
            answer = self.heard()
            told = answer and answer["told"]
            if answer is not None and told is None:
                return None, False
            self.connected()
        else:
            answer = self.send(f"reload {self.path}")
            if answer is not None:
                return answer["told"], False
            self.connected()  # It has executed itself.
        return told, True

    def resident_kib(self):
        """Of the program, and of baton where it runs under it."""
        pids = {"program": self.pid, **({"baton": self.process.pid} if self.way in (*RESTARTS, *RUNGS) else {})}
        return {name: _resident_kib(pid) for name, pid in pids.items()}

    def end(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
        self.process = None
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.state)

    def close(self):
        self.end()
        self.listener.close()
        os.unlink(self.address)
        shutil.rmtree(self.folder)


def _resident_kib(pid):
    with open(f"/proc/{pid}/status") as file:
        return int(file.read().split("VmRSS:")[1].split()[0])


def edits_of(host, count, quiet, goes_on):
    host.start()
    host.send("ask")
    for number in range(1, count + 1):
        kind = KINDS[number % len(KINDS)]
        steps = host.send("ask")["steps"]
        host.values[kind] = number
        if host.way in (*RESTARTS, *RUNGS):
            time.sleep(0.4)  # Baton takes up at once what is saved while it is busy, and parks a process meanwhile.
        started = time.perf_counter()
        host.write(number + 1)
        told, restarted = host.take()
        answer = host.send("ask")
        ms = (time.perf_counter() - started) * 1000
        right = answer["answer"] == [host.values[each] for each in KINDS]
        yield {
            "program": host.name, "way": host.way, "edit": kind, "ms": round(ms, 1), "quiet": quiet, "told": told,
            "right": right, "restarted": restarted, "kept": answer["steps"] == steps + 1, "residentKiB": host.resident_kib(),
        }
        if not right and not goes_on:
            host.end()
            host.start()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs", nargs="*")
    parser.add_argument("--baton")
    parser.add_argument("--edits", type=int, default=30)
    parser.add_argument("--quiet", action="store_true", help="at real-time priority, or nothing else runs: times count")
    parser.add_argument("--on", action="store_true", help="goes on after an answer that is not right")
    parser.add_argument("--way", action="append")
    given = parser.parse_args()
    for name in given.programs or ["life", "pipeline", "flask_app", "fastapi_app", "gui"]:
        workers = WORKERS if name == "pipeline" else []
        ways = [*IN_PLACE, *workers, "Execv", "Restart", *((*RESTARTS, *RUNGS) if given.baton else ())]
        for way in given.way or ways:
            host = Host(name, way, given.baton)
            try:
                for line in edits_of(host, given.edits, given.quiet, given.on):
                    print(json.dumps(line), flush=True)
            except (OSError, ValueError, TypeError) as error:
                print(json.dumps({"program": name, "way": way, "failed": f"{type(error).__name__}: {error}"}), flush=True)
            finally:
                host.close()


if __name__ == "__main__":
    main()
