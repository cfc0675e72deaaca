import socket

CLASS = socket.socket
