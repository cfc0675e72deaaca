import os

os.umask(0o77)
