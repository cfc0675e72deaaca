"""Flask's development server on descriptor 3. On SIGTERM it finishes its answers, which it does not by itself."""

import signal
import threading

from flask import Flask
from werkzeug.serving import make_server

VERSION = 0
app = Flask(__name__)


@app.route("/")
def version():
    return f"{VERSION}\n"


server = make_server("127.0.0.1", 0, app, threaded=True, fd=3)
server.daemon_threads = False  # serve_forever waits for their answers at its end
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever(poll_interval=0.02)
