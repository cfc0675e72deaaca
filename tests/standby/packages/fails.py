raise RuntimeError("it cannot be loaded")
