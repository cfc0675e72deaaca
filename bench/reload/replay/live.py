"""One live process: it imports a package, gets an edit, has a tool reload it, and is compared with a cold start."""

import json
import keyword
import os
import shutil
import sys
import time

import describe
import tools


def main(tool, package, root, after, truth_path):
    sys.path.insert(0, root)
    with open(truth_path) as file:
        truth = json.load(file)
    reloader = getattr(tools, tool)()
    reloader.before(root)
    names = reloader.load(lambda: describe.modules_of(package, root))
    before = {name: describe.describe_module(name, package) for name in names}
    holders = hold(names, before, truth, os.path.dirname(truth_path))
    for holder in holders.values():
        reloader.load(lambda holder=holder: __import__(holder))
    classes = {(m, n): v for m in names for n, v in vars(sys.modules[m]).items() if isinstance(v, type)}
    reloader.ready(names)
    changed = apply(root, after, package)
    started = time.perf_counter()
    told = reloader.reload(changed)
    ms = (time.perf_counter() - started) * 1000
    print(json.dumps({"ms": round(ms, 2), "told": told, **compare(names, holders, truth, package, before, told)}))


def hold(names, before, truth, folder):
    """Modules that hold every name that both versions have, as `from module import name` does."""
    holders = {}
    sys.path.insert(0, folder)
    for index, name in enumerate(names):
        common = [each for each in before[name] if each in truth.get(name, {}) and is_name(each)]
        if common and not any(map(keyword.iskeyword, name.split("."))):
            holders[name] = f"holder_{index}"
            with open(os.path.join(folder, f"holder_{index}.py"), "w") as file:
                file.writelines(f"from {name} import {each}\n" for each in common)
            os.utime(file.name, (1, 1))
    return holders


def is_name(text):
    return text.isidentifier() and not keyword.iskeyword(text) and text != "__all__"


def apply(root, after, package):
    """The edit: files that differ are written, those that are gone are deleted."""
    changed = []
    for top, _, files in os.walk(after):
        for each in files:
            target = os.path.join(root, os.path.relpath(os.path.join(top, each), after))
            with open(os.path.join(top, each), "rb") as file:
                data = file.read()
            old = open(target, "rb").read() if os.path.exists(target) else None
            if data != old:
                os.makedirs(os.path.dirname(target), exist_ok=True)
                with open(target, "wb") as file:
                    file.write(data)
                if old is not None and each.endswith(".py"):
                    changed.append(target)
    for top, _, files in os.walk(root):
        for each in files:
            path = os.path.join(top, each)
            if not os.path.exists(os.path.join(after, os.path.relpath(path, root))) and "__pycache__" not in top:
                os.remove(path)
    return changed


def compare(names, holders, truth, package, before, told):
    # Where its file is gone, the tool may have taken the module away.
    now = {name: describe.describe_module(name, package) for name in names if name in sys.modules}
    wrong = []
    for name in now:
        wanted = truth.get(name)
        if wanted is None:
            continue  # Its file is gone.
        for key in sorted({*now[name], *wanted}):
            if key not in wanted:
                # A submodule that somebody imports becomes a name of its package.
                if not str(now[name][key]).startswith("module "):
                    wrong.append(["zombie", name, key])
            elif now[name].get(key) != wanted[key]:
                if not str(wanted[key]).startswith("module "):
                    wrong.append(["module", name, key])
        holder = vars(sys.modules[holders[name]]) if name in holders else {}
        for key, value in holder.items():
            if key.startswith("__") or key not in wanted:
                continue
            if isinstance(value, type) and value is not vars(sys.modules[name]).get(key):
                wrong.append(["identity", name, key])
            elif describe.describe(value, package) != wanted[key] and not str(wanted[key]).startswith("module "):
                wrong.append(["held", name, key])
    return {"wrong": len(wrong), "first": wrong[:4], "untouched": now == before}


if __name__ == "__main__":
    main(*sys.argv[1:])
