FLAGS = {"one": True, "two": True, "three": True}
