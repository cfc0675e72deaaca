import os

PLUGINS = sorted(os.listdir("."))
