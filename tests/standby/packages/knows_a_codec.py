import codecs

codecs.register(lambda name: codecs.lookup("utf-8") if name == "own" else None)
