"""Asks a program over and over, each time on a new connection, until another version of it answers.

`asks.py PORT`: says `steady` after a few answers of the same version, and then, as an object of JSON, when
that version answered last and the next one first (Unix time in milliseconds), how many connections were
refused, and how many were cut: taken, but not answered.

It does little, so that it takes little from what it measures: a seventh of a core.
"""

import json
import re
import sys
from select import select
from socket import SO_ERROR, SOL_SOCKET, socket
from time import monotonic, time

EVERY = 0.001
TIMEOUT = 0.1
# Fewer than the shortest queue of a listener: one that is full would drop what comes, and say nothing.
MAX_OPEN = 4
STEADY = 5
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
ANSWER = re.compile(rb"\r\n\r\n(?:[0-9a-f]+\r\n)?(\d+) \d+\n")


class Question:
    def __init__(self, port: int) -> None:
        self.late = monotonic() + TIMEOUT
        self.sent = False
        self.text = b""
        self.socket = socket()
        self.socket.setblocking(False)
        self.socket.connect_ex(("127.0.0.1", port))

    def hear(self) -> "int | str | None":
        """The version that answered, `refused`, `cut`, or None for as long as nothing is known."""
        try:
            if not self.sent:
                if self.socket.getsockopt(SOL_SOCKET, SO_ERROR):
                    return "refused"
                self.socket.send(REQUEST)
                self.sent = True
                return None
            chunk = self.socket.recv(1024)
        except OSError:
            return "cut"
        self.text += chunk
        found = ANSWER.search(self.text)
        if found:
            return int(found[1])
        return None if chunk else "cut"


def main(port: int) -> None:
    questions: "list[Question]" = []
    counts = {"refused": 0, "cut": 0}
    version, answers, last_at = None, 0, 0.0
    first_at = None  # of the next version: then the rest is only heard out
    due = monotonic()
    while first_at is None or questions:
        now = monotonic()
        if first_at is None and now >= due and len(questions) < MAX_OPEN:
            questions.append(Question(port))
            due = max(due + EVERY, now)
        is_asking = first_at is None and len(questions) < MAX_OPEN
        reading = [each.socket for each in questions if each.sent]
        writing = [each.socket for each in questions if not each.sent]
        wait = due - now if is_asking else TIMEOUT
        ready = {*sum(select(reading, writing, [], max(0.0, wait))[:2], [])}
        for each in [*questions]:
            outcome = each.hear() if each.socket in ready else None
            if outcome is None and monotonic() > each.late:
                outcome = "cut"
            if outcome is None:
                continue
            each.socket.close()
            questions.remove(each)
            if first_at is not None:
                continue
            if isinstance(outcome, str):
                counts[outcome] += 1
            elif version in (None, outcome):
                version, last_at = outcome, time()
                answers += 1
                if answers == STEADY:
                    print("steady", flush=True)
            else:
                first_at = time()
    print(json.dumps({"lastAt": last_at * 1000, "firstAt": first_at * 1000, **counts}))


main(int(sys.argv[1]))
