with open("data.txt") as file:
    TEXT = file.read()
