import os

for _name in ("SET_ONE", "SET_TWO", "SET_THREE", "SET_FOUR", "SET_FIVE"):
    os.environ[_name] = "1"
