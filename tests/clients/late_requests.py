"""What becomes of uvicorn where baton holds the socket: run by late_requests_test.ts, with the hook on PYTHONPATH."""

import importlib
import os
import sys
import types

KINDS = {"h11_impl": "H11Protocol", "httptools_impl": "HttpToolsProtocol"}


class Played:
    """What ``shutdown`` uses of a connection, and what it does with that."""

    def __init__(self, cycle):
        self.cycle, self.later, self.did = cycle, [], []
        self.loop = types.SimpleNamespace(call_later=lambda seconds, run, *args: self.later.append((run, args)))
        close, is_closing = lambda: self.did.append("close"), lambda: "close" in self.did
        self.transport = types.SimpleNamespace(close=close, is_closing=is_closing)
        self.conn = types.SimpleNamespace(send=lambda event: None)


def answering():
    return types.SimpleNamespace(response_complete=False, keep_alive=True)


def tell(kind):
    told = []
    for cycle in (None, types.SimpleNamespace(response_complete=True)):
        for asks in (True, False):
            played = Played(cycle)
            kind.shutdown(played)
            at_once = list(played.did)
            if asks:
                played.cycle = answering()
            for run, args in played.later:
                run(*args)
            told.append([at_once, played.did, getattr(played.cycle, "keep_alive", None)])
    gone = Played(None)
    kind.shutdown(gone)
    gone.did.append("close")
    for run, args in gone.later:
        run(*args)
    busy = Played(answering())
    kind.shutdown(busy)
    return told, gone.did, busy.did + [busy.cycle.keep_alive, len(busy.later)]


for module, name in KINDS.items():
    kind = getattr(importlib.import_module("uvicorn.protocols.http." + module), name)
    if kind.shutdown.__code__.co_filename.endswith(os.path.join("servers", "late_requests.py")):
        print(name, *tell(kind))
    else:
        print(name, "as it is")
print(sum(type(finder).__module__ == "baton_late_requests" for finder in sys.meta_path), "left")
