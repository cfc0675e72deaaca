"""Asks what its process is set to."""

import csv
import multiprocessing
import os
import resource
import signal
import sys
import threading

MASK = os.umask(0o22)
os.umask(MASK)
SEEN = [MASK, os.nice(0), os.sched_getaffinity(0), resource.getrlimit(resource.RLIMIT_NOFILE), threading.stack_size()]
SEEN += [threading.active_count(), csv.list_dialects(), multiprocessing.get_start_method(allow_none=True)]
SEEN += [signal.getsignal(signal.SIGUSR2) == signal.SIG_DFL, getattr(sys, "get_int_max_str_digits", int)()]
