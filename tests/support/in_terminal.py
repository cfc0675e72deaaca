"""Runs a command in a terminal of its own: ``in_terminal.py COMMAND...``.

What the terminal shows goes to standard output. Orders come on standard input, a JSON object a line:
``{"type": "..."}`` types the text, ``{"columns": 100}`` resizes, ``{"close": true}`` closes the
terminal's window, ``{"echoes": 1}`` asks whether what is typed is shown. Standard error tells, a JSON
object a line: ``{"pid": ...}``, ``{"echoes": ..., "order": 1}``, and at the end
``{"code": ..., "restored": ...}``: whether the terminal's modes are those it began with.
"""

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import threading

master, slave = pty.openpty()
found = termios.tcgetattr(slave)


def resize(columns):
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


def tell(**fields):
    sys.stderr.write(json.dumps(fields) + "\n")
    sys.stderr.flush()


def show():
    """Whether there was something to show."""
    if not select.select([master], [], [], 0.02)[0]:
        return False
    os.write(1, os.read(master, 65_536))
    return True


def obey(orders):
    for line in orders:
        order = json.loads(line)
        if "type" in order:
            os.write(master, order["type"].encode())
        elif "columns" in order:
            resize(order["columns"])
        elif "echoes" in order:
            tell(echoes=bool(termios.tcgetattr(slave)[3] & termios.ECHO), order=order["echoes"])
        else:
            closed.set()


resize(80)
child = os.fork()
if child == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for descriptor in (0, 1, 2):
        os.dup2(slave, descriptor)
    os.closerange(3, 64)
    os.execvp(sys.argv[1], sys.argv[1:])

tell(pid=child)
closed = threading.Event()
threading.Thread(target=obey, args=(sys.stdin,), daemon=True).start()
status = None
while status is None and not closed.is_set():
    show()
    pid, ended = os.waitpid(child, os.WNOHANG)
    status = ended if pid else None
if closed.is_set():
    os.close(slave)
    os.close(master)
    tell(code=os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), restored=None)
else:
    while show():
        pass
    tell(code=os.waitstatus_to_exitcode(status), restored=termios.tcgetattr(slave) == found)
