"""For gunicorn, which knows nothing of baton: `gunicorn app_wsgi:app` finds it by LISTEN_FDS."""

VERSION = 0


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"%d\n" % VERSION]
