"""The client by a name that is no other project's: ``import baton_client as baton``.

Where ``import baton`` finds the client, the two are one module.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from importlib.machinery import PathFinder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from baton import App as App
    from baton import BatonError as BatonError
    from baton import __version__ as __version__
    from baton import asgi as asgi
    from baton import join as join
    from baton import wsgi as wsgi


def _load() -> None:
    found = getattr(sys.modules.get("baton"), "__spec__", None) or PathFinder.find_spec("baton")
    if found is not None and _is_client(os.path.dirname(found.origin or "")):
        sys.modules[__name__] = __import__("baton")
        return
    folder = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "baton")
    spec = importlib.util.spec_from_file_location(
        __name__, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    assert spec is not None and spec.loader is not None
    sys.modules[__name__] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)


def _is_client(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, "_participant.py"))


_load()
