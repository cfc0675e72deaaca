import logging


class Thing:
    kind = "plain"


thing = Thing()
logging.getLogger("patched")
