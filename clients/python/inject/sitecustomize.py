"""Run by Python at start-up under baton, which puts this folder on PYTHONPATH.

Makes `import baton` work without installing it, where an installed one wins, and then runs the
`sitecustomize` that Python would have run.
"""

import atexit
import os
import sys


def _after_atexit():
    client = sys.modules.get("baton")
    leave = getattr(client, "_after_atexit", None)
    if leave is not None:
        leave()


def _install():
    here = os.path.dirname(__file__)
    sys.path[:] = [entry for entry in sys.path if entry != here]
    sys.path.append(os.path.dirname(here))
    # Exit functions run last registered first: this one runs last if it is the first.
    if getattr(atexit, "_ncallbacks", lambda: None)() == 0:
        atexit.register(_after_atexit)


_install()
_this = sys.modules.pop(__name__)
try:
    import sitecustomize  # noqa: F401  The next one on the path; what it raises, Python shows.
except ModuleNotFoundError as error:
    if error.name != "sitecustomize":
        raise
    sys.modules[__name__] = _this
