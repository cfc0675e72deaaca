import logging

logging.getLogger("logs").debug("is loaded")
