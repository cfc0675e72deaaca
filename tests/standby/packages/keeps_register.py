import atexit


class Keeps:
    register = staticmethod(atexit.register)
