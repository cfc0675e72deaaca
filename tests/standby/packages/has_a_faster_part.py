try:
    import faster_part  # noqa: F401

    FAST = True
except ImportError:
    FAST = False
