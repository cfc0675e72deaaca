import os
import sys

import __main__

SEEN = [sys.path[0], list(sys.argv), getattr(__main__, "__file__", None), os.getcwd()]
