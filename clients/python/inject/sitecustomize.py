"""Run by Python at start-up under baton, which puts this folder on PYTHONPATH.

Makes `import baton` work without installing it, where an installed one wins, and then runs the
`sitecustomize` that Python would have run.
"""

import os
import sys


def _install():
    here = os.path.dirname(__file__)
    sys.path[:] = [entry for entry in sys.path if entry != here]
    sys.path.append(os.path.dirname(here))


_install()
_this = sys.modules.pop(__name__)
try:
    import sitecustomize  # noqa: F401  The next one on the path; what it raises, Python shows.
except ModuleNotFoundError as error:
    if error.name != "sitecustomize":
        raise
    sys.modules[__name__] = _this
