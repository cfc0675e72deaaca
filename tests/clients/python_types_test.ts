/** The types of the Python client, as a program that is checked strictly sees them. */
import { assertEquals } from "@std/assert";
import { toolFromNpm } from "../../tools/tool_from_npm.ts";

const pyright = await toolFromNpm("pyright", "pyright@1.1.407");
if (pyright === null) {
  console.warn("SKIPPED: the Python client's types, as npm cannot install pyright");
}

const PROGRAM = `from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterable
from typing import Any

import baton
import baton_client
from baton import App, BatonError

app: App = baton.join(exclusive=True)
state: dict[str, int] = app.restore({"count": 0})
listener: socket.socket = app.listener(default=("127.0.0.1", 8000))
ending = threading.Event()


@app.component("http", serves=True)
def stop() -> None:
    ending.set()


app.component("queue", save=lambda: [1], start=lambda saved: print(saved))
app.component("loop", ending.set, join=lambda: None, timeout=1.0, start=lambda: stop())


@app.on_change("data/*.json")
def read(paths: list[str]) -> None:
    print(paths)


app.on_change("*.json", lambda paths: print(paths[0].upper()))
app.on_reload(lambda error: print(error.upper() if error else None))


@app.on_save
async def save() -> dict[str, int]:
    return state


@app.on_reload
def reloaded(error: str | None) -> None:
    print(error, read, save)


@app.hot_module(keep=["scroll"])
def draw(width: int) -> int:
    return width


app.hot("gui", keep=["scroll"], of=state)
reloads: tuple[bool, str | None] = app.reload(), app.reload_error
number: int = draw(3)
app.checkpoint_every(5.0)
app.checkpoint()
app.recycle()
app.ready()
place: tuple[int, tuple[str, ...]] = app.generation, app.changed


async def asgi(scope: Any, receive: Any, send: Any) -> None: ...


def wsgi(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    return [b"", repr((environ, start_response, reloaded)).encode()]


wrapped = baton.asgi(asgi, state), baton.wsgi(wsgi, state)
try:
    baton_client.join()
    asyncio.run(app.wait_async())
    app.wait()
except BatonError as error:
    print(error)
`;

Deno.test({
  name: "a program that uses all of the Python client passes pyright's strict check",
  ignore: pyright === null,
  async fn() {
    const folder = Deno.makeTempDirSync({ prefix: "baton-types-" });
    try {
      const client = new URL("../../clients/python", import.meta.url).pathname;
      const settings = { typeCheckingMode: "strict", pythonVersion: "3.9", extraPaths: [client] };
      Deno.writeTextFileSync(`${folder}/pyrightconfig.json`, JSON.stringify(settings));
      Deno.writeTextFileSync(`${folder}/app.py`, PROGRAM);
      const { stdout } = await new Deno.Command(pyright!, { args: ["--outputjson"], cwd: folder })
        .output();
      const { generalDiagnostics } = JSON.parse(new TextDecoder().decode(stdout));
      assertEquals(generalDiagnostics, []);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
