import warnings

warnings.warn("it is old", DeprecationWarning)
