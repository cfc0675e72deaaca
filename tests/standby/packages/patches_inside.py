"""Changes a class, an object and loggers of others."""

import logging

import patched

patched.Thing.kind = patched.thing.kind = "patched"
patched.Thing.__repr__ = lambda self: "patched"
logging.basicConfig(level=logging.CRITICAL)
logging.getLogger("patched").propagate = False
