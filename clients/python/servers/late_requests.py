"""Has uvicorn wait for who has connected, and is about to ask, before it closes that connection.

Where baton holds the socket, whoever comes next is served by the next generation. uvicorn closes at once, when it is to
end, the connections that it has taken and not read yet, which resets them. Its classes are changed as they are
imported, and left alone where they are not as they are known here.
"""

import sys

SECONDS = 0.08  # uvicorn itself waits longer, for answers: this adds nothing

_IDLE = {"cycle", "response_complete", "transport", "close", "keep_alive"}
#: By module: its class, and the names that its ``shutdown`` uses (0.20 to 0.54).
_KNOWN = {
    "uvicorn.protocols.http.h11_impl": ("H11Protocol", _IDLE | {"h11", "ConnectionClosed", "conn", "send"}),
    "uvicorn.protocols.http.httptools_impl": ("HttpToolsProtocol", _IDLE),
}


def _change(module, name, names):
    kind = getattr(module, name, None)
    known = getattr(kind, "shutdown", None)
    code = getattr(known, "__code__", None)
    if code is None or set(code.co_names) != names or code.co_argcount != 1:
        return

    def shutdown(self):
        """Closes what is idle, else has the answer be the last one."""
        if self.cycle is None or self.cycle.response_complete:
            self.loop.call_later(SECONDS, close, self)
        else:
            known(self)

    def close(self):
        if not self.transport.is_closing():
            known(self)

    kind.shutdown = shutdown


class _Finder:
    """First on ``sys.meta_path`` until nothing is left to be found."""

    def __init__(self):
        self.wanted = dict(_KNOWN)

    def find_spec(self, name, path=None, target=None):
        if name not in self.wanted:
            return None
        known = self.wanted.pop(name)
        if not self.wanted and self in sys.meta_path:
            sys.meta_path.remove(self)
        from _frozen_importlib import _find_spec

        spec = _find_spec(name, path, target)
        loader = getattr(spec, "loader", None)
        run = getattr(loader, "exec_module", None)

        def exec_module(module):
            run(module)
            _change(module, *known)

        if run is not None and hasattr(loader, "__dict__"):  # Else it is none of Python's own: it stays as it is.
            loader.exec_module = exec_module
        return spec


def begin():
    sys.meta_path.insert(0, _Finder())
