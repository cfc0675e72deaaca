import os

FOUND = os.path.exists(os.environ["SEEN"] + "-config.d/local")
