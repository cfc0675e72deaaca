import os

FOUND = os.path.exists("looked-for.ini")
