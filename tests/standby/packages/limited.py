import sys

LIMIT = sys.getrecursionlimit()
