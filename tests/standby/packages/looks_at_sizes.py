import os

SIZE = os.path.getsize("app.py")
