"""Notes which imports a program begins, in their order, and what each of them could see.

Loaded by the ``sitecustomize`` of baton in a run that another may follow from standby. The notes go to a
file that baton reads once the program is ready; what is not in it by then is not preloaded, which is
right: any first part of the list will do. Nothing is left in ``sys.modules``, no thread is started, and
no file is kept open.
"""

import os
import sys
import time
from _thread import get_ident

_FLUSH_S = 0.005
_LAST_S = 20.0


def escaped(field):
    return field.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def encoded(*fields):
    """One line: fields between tabs, and the items of a field between unit separators."""
    texts = (field if isinstance(field, str) else "\x1f".join(field) for field in fields)
    return ("\t".join(map(escaped, texts)) + "\n").encode("utf-8", "surrogateescape")


def command_line():
    """As the system was given it."""
    given = getattr(sys, "orig_argv", None)
    if given is not None:
        return list(given)
    with open("/proc/self/cmdline", "rb") as file:
        return [os.fsdecode(word) for word in file.read().split(b"\0")[:-1]]


def lineage():
    """This process and those above it, up to the first that is not of its session: for each its pid, whether
    it has reaped a child so far, how many it has, and what it runs. A process that reaped one had other work
    done before this one was started."""
    rows = []
    pid, session = os.getpid(), None
    while pid > 1:
        try:
            with open("/proc/%d/stat" % pid, "rb") as file:
                stat = file.read().rpartition(b")")[2].split()
            if session is not None and stat[3] != session:
                break
            session = stat[3]
            children = set()
            for task in os.listdir("/proc/%d/task" % pid):
                with open("/proc/%d/task/%s/children" % (pid, task), "rb") as file:
                    children.update(file.read().split())
            exe = os.readlink("/proc/%d/exe" % pid)
        except OSError:
            rows.append("%d,1,0,?" % pid)
            break
        rows.append("%d,%d,%d,%s" % (pid, int(stat[8]) + int(stat[10]) > 0, len(children), exe))
        pid = int(stat[1])
    return rows


def streams():
    """Where the standard streams lead, in their order, and then what else is open."""
    found = []
    for number in sorted(map(int, os.listdir("/proc/self/fd"))):
        try:
            link = os.readlink("/proc/self/fd/%d" % number)
        except OSError:
            continue  # The folder itself was open for the list.
        if number < 3 or link[:1] == "/" and not link.startswith("/dev/") and not link.endswith("/fd"):
            found.append(link)
    return found


def has_written(bytecode):
    """Whether anything but these groups of files was written since the system made this process: by what executed it."""
    with open("/proc/self/io", "rb") as file:
        written = int(file.read().split(b"wchar:")[1].split()[0])
    sizes = {0}
    for paths in bytecode:
        together = sum(os.path.getsize(path) for path in paths if os.path.exists(path))
        sizes |= {size + together for size in sizes}
    return written not in sizes


def identity(bytecode):
    """Who this is: what baton compares a standby with."""
    written = "1" if has_written(bytecode) else ""
    return (str(os.getpid()), sys.executable or "", os.getcwd(), command_line(), lineage(), streams(), written)


def who_started_over(folder):
    """The line of a process that has started over, as it was at its first start: what the program has done since
    then is not what was done before it. Gives it the name that it had."""
    try:
        with open(os.path.join(folder, "over"), "rb") as file:
            _, line, name = file.read().splitlines(True)
        if not line.startswith(b"who\t%d\t" % os.getpid()):
            return None
        with open("/proc/self/comm", "wb") as file:
            file.write(name.rstrip(b"\n"))
    except (OSError, ValueError):
        return None
    return line


def oddities():
    """What makes a process unfit to wait: it prints, measures or traces while it imports."""
    found = []
    if sys.flags.verbose or "importtime" in sys._xoptions or os.environ.get("PYTHONPROFILEIMPORTTIME"):
        found.append("it prints its imports")
    if sys.gettrace() is not None or sys.getprofile() is not None:
        found.append("it is traced")
    if "tracemalloc" in sys._xoptions or os.environ.get("PYTHONTRACEMALLOC", "0") not in ("", "0"):
        found.append("its memory is traced")
    if not getattr(sys, "_is_gil_enabled", lambda: True)():
        found.append("it has no global interpreter lock")
    return found


class Recorder:
    """First on ``sys.meta_path``; finds nothing."""

    def __init__(self, folder, bytecode):
        self.pid, self.thread = os.getpid(), get_ident()
        self.file = os.path.join(folder, str(self.pid))
        self.first = dict(os.environ._data)
        self.env, self.path, self.argv, self.main = dict(self.first), None, None, None
        self.ends = time.monotonic() + _LAST_S
        self.top, self.flushed = "", 0.0
        self.lines = [who_started_over(folder) or encoded("who", *identity(bytecode), oddities())]

    def find_spec(self, name, path=None, target=None):
        try:
            self.note(name)
        except Exception:  # The program's own import must not fail for it.
            self.end()
        return None

    def note(self, name):
        now = time.monotonic()
        if os.getpid() != self.pid or get_ident() != self.thread or now > self.ends or self.is_at_barrier():
            return self.end()
        if os.environ._data != self.env:
            self.env = dict(os.environ._data)
            every = [*self.first, *(key for key in self.env if key not in self.first)]
            changed = [key for key in every if self.env.get(key) != self.first.get(key)]
            self.lines.append(encoded("env", [self.change(key) for key in changed]))
        if sys.path != self.path:
            self.path = list(sys.path)
            self.lines.append(encoded("path", self.path))
        if sys.argv != self.argv:
            self.argv = list(sys.argv)
            self.lines.append(encoded("argv", self.argv))
        main = getattr(sys.modules.get("__main__"), "__file__", None)
        if main != self.main:
            self.main = main
            self.lines.append(encoded("main", main or ""))
        self.lines.append(encoded("import", name))
        top = name.partition(".")[0]
        if top != self.top or now - self.flushed >= _FLUSH_S:  # It may be the last, and take the longest.
            self.flush()
            self.top, self.flushed = top, now

    def is_at_barrier(self):
        """From there on nobody serves: what starts over then would be dark for the time of a cold start."""
        names = ("baton._participant", "baton_client._participant")
        return any(getattr(sys.modules.get(name), "greeted", False) for name in names)

    def change(self, key):
        value = self.env.get(key)
        return os.fsdecode(key) if value is None else "%s=%s" % (os.fsdecode(key), os.fsdecode(value))

    def flush(self):
        lines, self.lines = self.lines, []
        file = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            os.write(file, b"".join(lines))
        finally:
            os.close(file)

    def end(self):
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        if os.getpid() == self.pid and self.lines:
            try:
                self.flush()
            except OSError:
                self.lines.clear()  # Then there is no standby: nothing else depends on it.


def begin(folder, bytecode):
    """Notes in a file of ``folder`` from now on; ``bytecode``
    are files, in groups, that baton's own start may have written."""
    try:
        recorder = Recorder(folder, bytecode)
        recorder.flush()
    except OSError:
        return  # The folder is gone, or there is no `/proc`: nothing is learned.
    sys.meta_path.insert(0, recorder)
