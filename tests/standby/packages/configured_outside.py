import os

with open(os.environ["SEEN"] + "-config") as _file:
    VALUE = _file.read()
