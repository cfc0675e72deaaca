import os

VALUE = os.environ.get("ENVY")
