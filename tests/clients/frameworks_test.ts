/**
 * Real frameworks under load, saved again and again: no request that was answered is missing from the count of
 * the next generation. Each program has the lines that its framework's documentation has, and up to four more.
 */
import { type Counting, countsUnderLoad } from "../support/counts_under_load.ts";
import { tellsOfNoComponent } from "../support/no_component.ts";
import { MANAGE_PY, pythonEnvironment } from "../support/python_environment.ts";

const BIN = await pythonEnvironment("wrappers", [
  ...["uvicorn", "fastapi", "flask", "django", "gunicorn", "uvicorn-worker"],
  ...["trio", "anyio", "hypercorn", "daphne"],
]);

const FASTAPI = `import baton
from fastapi import FastAPI
VERSION = 1
state = {"count": 0}
app = FastAPI()
@app.get("/")
async def root():
    state["count"] += 1
    return {"version": VERSION, "count": state["count"]}
app = baton.asgi(app, state)
`;

const FLASK = `import baton, threading
from flask import Flask
VERSION = 1
state = {"count": 0}
lock = threading.Lock()
app = Flask(__name__)
@app.route("/")
def root():
    with lock:
        state["count"] += 1
        return {"version": VERSION, "count": state["count"]}
app.wsgi_app = baton.wsgi(app.wsgi_app, state)
`;

const ANSWER = `
def answer():
    state["count"] += 1
    body = json.dumps({"version": VERSION, "count": state["count"]})
    return f"HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: {len(body)}\\r\\n\\r\\n{body}".encode()
async def save():
    await sleep(0.001)
    return state
app.on_save(save)
`;

const ASYNCIO = `import asyncio, json, sys
from asyncio import sleep
import baton
VERSION = 1
app = baton.join()
state = app.restore({"count": 0})
${ANSWER}
handlers = set()
async def handle(reader, writer):
    handlers.add(asyncio.current_task())
    await reader.readuntil(b"\\r\\n\\r\\n")
    writer.write(answer())
    await writer.drain()
    writer.close()
    handlers.discard(asyncio.current_task())
async def main():
    server = await asyncio.start_server(handle, "127.0.0.1", int(sys.argv[1]))
    async def stop():
        server.close()
        await asyncio.sleep(0)
        await asyncio.gather(*handlers)
    app.component("http", stop, serves=True)
    await app.wait_async()
asyncio.run(main())
`;

const ANYIO = `import json, sys
import anyio
from anyio import sleep
import baton
VERSION = 1
app = baton.join()
state = app.restore({"count": 0})
${ANSWER}
open_streams = set()
async def handle(stream):
    async with stream:
        open_streams.add(stream)
        await stream.receive()
        await stream.send(answer())
        open_streams.discard(stream)
async def main():
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1", local_port=int(sys.argv[1]))
    async with anyio.create_task_group() as group:
        accepting = anyio.CancelScope()
        async def accept():
            with accepting:
                await listener.serve(handle, group)
        group.start_soon(accept)
        async def stop():
            accepting.cancel()
            await listener.aclose()
            while open_streams:
                await sleep(0.001)
        app.component("http", stop, serves=True)
        await app.wait_async()
anyio.run(main, backend=sys.argv[2])
`;

const DJANGO = {
  "manage.py": MANAGE_PY,
  "site_settings.py": `SECRET_KEY = "x"
DEBUG = True
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
WSGI_APPLICATION = "site_wsgi.application"
`,
  "site_wsgi.py": `import baton
from django.core.wsgi import get_wsgi_application
import views
application = baton.wsgi(get_wsgi_application(), views.state)
`,
  "urls.py": `from django.urls import path
import views
urlpatterns = [path("", views.root)]
`,
  "views.py": `import threading
from django.http import JsonResponse
VERSION = 1
state = {"count": 0}
lock = threading.Lock()
def root(request):
    with lock:
        state["count"] += 1
        return JsonResponse({"version": VERSION, "count": state["count"]})
`,
};

const PROGRAMS: Readonly<Record<string, Counting>> = {
  "uvicorn and FastAPI": {
    files: { "app.py": FASTAPI },
    edited: "app.py",
    command: (port) => ["uvicorn", "app:app", "--port", `${port}`],
  },
  "gunicorn with uvicorn's worker": {
    files: { "app.py": FASTAPI },
    edited: "app.py",
    command: (
      port,
    ) => ["gunicorn", "-k", "uvicorn_worker.UvicornWorker", "-b", `127.0.0.1:${port}`, "app:app"],
  },
  "hypercorn, whose master binds the port": {
    files: { "app.py": FASTAPI },
    edited: "app.py",
    command: (port) => ["hypercorn", "-b", `127.0.0.1:${port}`, "app:app"],
  },
  "daphne, which knows no lifespan": {
    files: { "app.py": FASTAPI },
    edited: "app.py",
    command: (port) => ["daphne", "-p", `${port}`, "app:app"],
  },
  "uvicorn without its lifespan": {
    files: { "app.py": FASTAPI },
    edited: "app.py",
    command: (port) => ["uvicorn", "--lifespan", "off", "--port", `${port}`, "app:app"],
  },
  "flask run": {
    files: { "app.py": FLASK },
    edited: "app.py",
    command: (port) => ["flask", "run", "--port", `${port}`],
  },
  "Flask with its reloader": {
    files: { "app.py": `${FLASK}import sys\napp.run(port=int(sys.argv[1]), debug=True)\n` },
    edited: "app.py",
    command: (port) => ["python", "app.py", `${port}`],
  },
  "gunicorn and Flask": {
    files: { "app.py": FLASK },
    edited: "app.py",
    command: (port) => ["gunicorn", "-b", `127.0.0.1:${port}`, "app:app"],
  },
  "gunicorn with threads": {
    files: { "app.py": FLASK },
    edited: "app.py",
    command: (port) => ["gunicorn", "--threads", "4", "-b", `127.0.0.1:${port}`, "app:app"],
  },
  "asyncio, with async functions": {
    files: { "app.py": ASYNCIO },
    edited: "app.py",
    command: (port) => ["python", "app.py", `${port}`],
  },
  "anyio on trio, with async functions": {
    files: { "app.py": ANYIO },
    edited: "app.py",
    command: (port) => ["python", "app.py", `${port}`, "trio"],
  },
  "Django's runserver": {
    files: DJANGO,
    edited: "views.py",
    command: (port) => ["python", "manage.py", "runserver", "--noreload", `${port}`],
  },
  "Django's runserver with its reloader": {
    files: DJANGO,
    edited: "views.py",
    command: (port) => ["python", "manage.py", "runserver", `${port}`],
  },
};

for (const [name, program] of Object.entries(PROGRAMS)) {
  Deno.test({
    name: `nothing answered is lost: ${name}`,
    ignore: BIN === null,
    fn: () =>
      countsUnderLoad({
        ...program,
        command: (port) => {
          const [name, ...args] = program.command(port);
          return [`${BIN}/${name}`, ...args];
        },
        env: { PATH: `${BIN}:${Deno.env.get("PATH")}` },
      }),
  });
}

Deno.test({
  name: "a server that is no component is told of: Flask",
  ignore: BIN === null,
  fn: () =>
    tellsOfNoComponent({
      files: {
        "app.py": FLASK.replace(
          /app.wsgi_app = .*/,
          "part = baton.join()\nstate.update(part.restore(state))\npart.on_save(lambda: state)\npart.ready()",
        ),
      },
      command: (port) => [`${BIN}/flask`, "run", "--port", `${port}`],
    }, "baton-python"),
});
