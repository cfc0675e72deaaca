"""The installed client, as ``import baton`` finds it where no other project of that name is installed."""

import sys

import baton_client
from baton_client import App, BatonError, __version__, asgi, join, wsgi

__all__ = ["App", "BatonError", "__version__", "asgi", "join", "wsgi"]

sys.modules[__name__] = baton_client
