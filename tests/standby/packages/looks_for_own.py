import sys

FOUND = "own" in sys.modules
