"""Keeps when it was loaded where that is found and can be read anew."""

import time


class Started:
    def __init__(self):
        self.at = time.monotonic()


KEPT = {"at": time.time()}
STARTED = Started()
