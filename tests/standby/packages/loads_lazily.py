"""Has a module that is loaded when it is asked for something."""

import importlib.util
import sys

spec = importlib.util.find_spec("envy")
spec.loader = importlib.util.LazyLoader(spec.loader)
envy = importlib.util.module_from_spec(spec)
sys.modules["envy"] = envy
spec.loader.exec_module(envy)
