import sqlite3

FILE = sqlite3.__name__
