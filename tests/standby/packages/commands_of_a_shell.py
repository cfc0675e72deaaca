import replaces_itself  # noqa: F401
