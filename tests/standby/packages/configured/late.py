from configured import options

BACKEND = options["backend"]
