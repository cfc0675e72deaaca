"""What makes an instance of a class: those that live were made by the old ones."""

MAKERS = frozenset({"__init__", "__new__", "__post_init__", "__attrs_post_init__", "__attrs_pre_init__"})
#: With what says where a collection has it.
DECIDES = MAKERS | {"__hash__"}
