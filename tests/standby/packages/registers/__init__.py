"""Leaves something in every place that an import may leave it in."""

import atexit
import copyreg
import logging
import mimetypes
import os
import sys
import time
import warnings

LOADED = time.time()
logger = logging.getLogger("registers.inner")
logger.addHandler(logging.NullHandler())
mimetypes.types_map[".registers"] = "application/registers"
os.environ["REGISTERS"] = "yes"
warnings.filterwarnings("ignore", module="registers")


class Thing:
    pass


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        return None


copyreg.pickle(Thing, lambda thing: (Thing, ()))
sys.meta_path.append(Finder)
atexit.register(lambda: None)
