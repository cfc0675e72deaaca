import socket


def __getattr__(name):
    if name[:2] == "__":
        raise AttributeError(name)
    socket.socket = type("Other", (socket.socket,), {})
    return name
