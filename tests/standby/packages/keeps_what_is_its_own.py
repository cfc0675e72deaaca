"""Keeps what is another in each process: how to print, clocks; and all modules by another name."""

import sys
import time
from sys import modules as known  # noqa: F401

say = sys.stderr.write
BEGAN = time.monotonic(), time.monotonic_ns()
began, began_ns, counter = time.monotonic(), time.monotonic_ns(), time.perf_counter()
