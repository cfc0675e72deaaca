"""200 edits of a drawing module, one after the other: latency.py TOOL…  One JSON line each: ms, memory, what was right."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
EDITS = 200


def resident_kib():
    with open("/proc/self/status") as file:
        return int(file.read().split("VmRSS:")[1].split()[0])


def main(tool):
    sys.path.insert(0, os.path.join(HERE, "replay"))
    import tools

    folder = tempfile.mkdtemp(prefix="baton-latency-")
    try:
        source = os.path.join(HERE, *[".."] * 2, "examples", "gui", "draw.py")
        path = os.path.join(folder, "draw.py")
        shutil.copy(source, path)
        os.utime(path, (1, 1))
        sys.path.insert(0, folder)
        reloader = getattr(tools, tool)()
        reloader.before(folder)
        draw = reloader.load(lambda: importlib.import_module("draw"))
        held = draw.bar
        reloader.ready(["draw"])
        with open(path) as file:
            text = file.read()
        times, works, right, first = [], [], 0, 0
        for number in range(EDITS):
            with open(path, "w") as file:
                file.write(text.replace("12 + row", f"{number} + row"))
            os.utime(path, (number + 2, number + 2))
            started, worked = time.perf_counter(), time.process_time()
            reloader.reload([path])
            times.append((time.perf_counter() - started) * 1000)
            works.append((time.process_time() - worked) * 1000)
            right += number in held.__code__.co_consts or number == 0
            if number == 9:
                first = resident_kib()
        times.sort()
        works.sort()
        print(json.dumps({
            "tool": tool, "edits": EDITS, "ms": round(times[EDITS // 2], 2), "p95": round(times[EDITS * 95 // 100], 2),
            "cpuMs": round(works[EDITS // 2], 2), "right": right, "grownKiB": resident_kib() - first,
        }))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "one":
        main(sys.argv[2])
    else:
        for each in sys.argv[1:]:
            done = subprocess.run([sys.executable, __file__, "one", each], capture_output=True, text=True)
            print(next((line for line in done.stdout.splitlines() if line.startswith('{"tool"')), json.dumps({"tool": each, "failed": done.stderr[-200:]})), flush=True)
