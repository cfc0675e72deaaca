"""Run by Python at start-up under baton, which puts this folder on PYTHONPATH.

Makes `import baton` work without installing it, where an installed one wins, and then runs the
`sitecustomize` that Python would have run.
"""

import os
import sys


def _install():
    here = os.path.dirname(__file__)
    sys.path[:] = [entry for entry in sys.path if entry != here]
    if sys.version_info < (3, 9):
        return  # The client is not for these: what imports it is told that there is none.
    if any(_is_foreign(os.path.join(entry, "baton")) for entry in sys.path):
        sys.meta_path.insert(0, _Warner())
    sys.path.append(os.path.dirname(here))
    if sys.dont_write_bytecode:
        _keep_compiled(os.path.join(os.path.dirname(here), "baton"))
    if sys.pycache_prefix and os.environ.get("BATON_CHANGED"):
        _remove_stale(os.environ["BATON_CHANGED"].split("\n"))


def _is_foreign(package):
    """Whether that is another project, which `import baton` finds before the client."""
    if not any(os.path.exists(package + file) for file in ("/__init__.py", ".py")):
        return False
    installed = os.path.join(os.path.dirname(os.path.dirname(package)), "baton_client")
    return not any(os.path.exists(each + "/_participant.py") for each in (package, installed))


class _Warner:
    """Says so to whoever imports that, once."""

    def find_spec(self, name, path=None, target=None):
        if name == "baton":
            sys.meta_path.remove(self)
            sys.stderr.write(
                'baton: "import baton" finds another project that is installed here; '
                'the client is "import baton_client as baton"\n'
            )
        return None


def _leave_out_of_node():
    """Below a package manager Node's own hook is in the environment; the program and its children are without."""
    options, mark = os.environ.get("NODE_OPTIONS", ""), "/node/standby/hook.cjs"
    end = options.find(mark) + len(mark)
    start = options.rfind("--require=", 0, end)
    if mark not in options or start < 0:
        return
    end += options[end : end + 1] == '"'
    rest = options[:start] + options[end:].lstrip(" ")
    if rest:
        os.environ["NODE_OPTIONS"] = rest
    else:
        del os.environ["NODE_OPTIONS"]


def _keep_compiled(package):
    """Python would compile the client at every start, in 10 ms: here, its bytecode is in nobody's way. Nothing is
    imported for that: the program would find it there, though not at its next start."""
    from _frozen_importlib_external import SourceFileLoader, cache_from_source

    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, False
    try:
        for name in os.listdir(package):
            if not name.endswith(".py"):
                continue
            source = os.path.join(package, name)
            cached = cache_from_source(source)
            if not os.path.exists(cached) or os.path.getmtime(cached) < os.path.getmtime(source):
                SourceFileLoader(name[:-3], source).get_code(name[:-3])
    except (OSError, NotImplementedError):
        return  # The folder is read-only, or this Python has no bytecode.
    finally:
        sys.dont_write_bytecode = writes


def _remove_stale(changed):
    """Baton removes the bytecode that Python would run in place of a source with the same size and
    second, but may not know the prefix: one that a script sets, say."""
    from _frozen_importlib_external import cache_from_source

    for source in changed:
        for optimization in ("", 1, 2):
            cached = cache_from_source(os.path.abspath(source), optimization=optimization)
            try:
                found = os.stat(source)
                with open(cached, "rb") as file:
                    header = file.read(16)
                trusted = (0, int(found.st_mtime) & 0xFFFFFFFF, found.st_size & 0xFFFFFFFF)
                if header[4:] == b"".join(part.to_bytes(4, "little") for part in trusted):
                    os.unlink(cached)
            except OSError:
                continue  # There is none, as a rule.


def _run(module, path, shown=None):
    """Leaves nothing in `sys.modules`, nor in the caches of paths. What is ``shown`` as its file tells what measures
    coverage that it is none."""
    from _frozen_importlib_external import SourceFileLoader
    from _imp import _fix_co_filename

    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, False
    try:
        code = SourceFileLoader(module.__name__, path).get_code(module.__name__)
    finally:
        sys.dont_write_bytecode = writes
    _fix_co_filename(code, shown or path)
    exec(code, module.__dict__)


def _wait_for_late_requests():
    """Where baton holds the socket: see `docs/listen.md`."""
    folder = os.path.join(os.path.dirname(os.path.dirname(__file__)), "servers")
    module = type(sys)("baton_late_requests")
    _run(module, os.path.join(folder, "late_requests.py"))
    module.begin()


def _standby(mode, place, view, held):
    """Learns for a process that waits, or is one: see `docs/standby.md`."""
    folder = os.path.join(os.path.dirname(os.path.dirname(__file__)), "standby")
    if sys.version_info < (3, 9) or sys.implementation.name != "cpython":
        raise NotImplementedError("standby for this Python")
    from _frozen_importlib_external import cache_from_source

    loaded = {}

    def load(name):
        if name not in loaded:
            module = loaded[name] = type(sys)("baton_standby_" + name)
            path = os.path.join(folder, name + ".py")
            _run(module, path, "<%s>" % path)
        return loaded[name]

    if mode == "park":
        load("park").park(place, load, view, held)
    elif mode == "learn":
        package = os.path.join(os.path.dirname(folder), "baton")
        client = [os.path.join(package, name) for name in os.listdir(package) if name.endswith(".py")]
        own = ([__file__], [os.path.join(folder, "learn.py")], client)
        load("learn").begin(place, [[cache_from_source(path) for path in paths] for paths in own])
    if view:
        load("view").begin(view, int(place) if mode == "cold" else 0)


_install()
_leave_out_of_node()
if "LISTEN_FDS" in os.environ and os.environ.get("BATON_PATCH_SERVERS") != "0" and sys.version_info >= (3, 9):
    _wait_for_late_requests()
_how, _view, _held = (os.environ.pop("BATON_STANDBY", "").split("\n") + ["", ""])[:3]
_mode, _, _place = _how.partition(":")
if _mode:
    try:
        _standby(_mode, _place, _view, _held)
        if _held:  # A package manager has printed it before its script.
            os.write(1, bytes.fromhex(_held))
    except BaseException:
        if _mode == "park":  # It must not run: it would be a second instance of the program.
            os._exit(98)
_this = sys.modules.pop(__name__)
try:
    import sitecustomize  # noqa: F401  The next one on the path; what it raises, Python shows.
except ImportError as error:
    if getattr(error, "name", "sitecustomize") != "sitecustomize":  # Python 2 gives no name.
        raise
    sys.modules[__name__] = _this
