/** How uvicorn is ended: its own sleeps take an hour here, so whatever ends has not waited for them. */
import { assertEquals } from "@std/assert";
import { FakeBaton, type Participant } from "../support/fake_baton.ts";
import { freePort } from "../support/free_port.ts";
import { pythonFrameworks } from "../support/python_environment.ts";
import { INJECTED, Running } from "../support/running.ts";

const BIN = await pythonFrameworks();

const APP = `import asyncio, signal, types
import uvicorn.server
import baton

uvicorn.server.asyncio = types.SimpleNamespace(**vars(asyncio))
uvicorn.server.asyncio.sleep = lambda _: asyncio.sleep(3600)
state = {"count": 0}
let_go = asyncio.Event()

async def app(scope, receive, send):
    if scope["path"] == "/slow":
        print("asked", flush=True)
        await let_go.wait()
    state["count"] += 1
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
    await send({"type": "http.response.body", "body": b"%d" % state["count"]})

async def with_lifespan(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, let_go.set)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        return await send({"type": "lifespan.shutdown.complete"})
    await app(scope, receive, send)

served = baton.asgi(with_lifespan, state)
`;

interface Scene {
  readonly baton: FakeBaton;
  readonly program: Running;
  readonly participant: Participant;
  readonly url: string;
}

async function withUvicorn(play: (scene: Scene) => Promise<void>): Promise<void> {
  await using baton = new FakeBaton();
  const port = freePort();
  await Deno.writeTextFile(`${baton.folder}/app.py`, APP);
  const command = [`${BIN}/uvicorn`, "app:served", "--port", `${port}`, "--log-level", "error"];
  const env = { ...baton.env, PYTHONPATH: INJECTED };
  await using program = new Running(command, env, baton.folder);
  const participant = await baton.accept();
  await participant.start();
  await play({ baton, program, participant, url: `http://127.0.0.1:${port}` });
  await participant.send({ type: "exit" });
  assertEquals(await program.end(), { code: 0, stderr: "", lines: [] });
}

Deno.test({
  name: "uvicorn under baton ends without its sleeps, once it is told to",
  ignore: BIN === null,
  fn: () =>
    withUvicorn(async ({ baton, participant, url }) => {
      assertEquals(await (await fetch(`${url}/`)).text(), "1");
      await participant.shutDown(baton.out);
      const said = await participant.until("saved");
      assertEquals(said.map(({ type }) => type), ["stopping", "stopped", "saved"]);
      assertEquals(baton.state(), { count: 1 });
    }),
});

Deno.test({
  name: "uvicorn under baton first answers what is under way, and its state is saved with that",
  ignore: BIN === null,
  fn: () =>
    withUvicorn(async ({ baton, program, participant, url }) => {
      const slow = fetch(`${url}/slow`).then((answer) => answer.text());
      assertEquals(await program.line(), "asked");
      await participant.shutDown(baton.out);
      await participant.expect("stopping");
      program.kill("SIGUSR1");
      const said = await participant.until("saved");
      assertEquals(said.map(({ type }) => type), ["stopped", "saved"]);
      assertEquals([await slow, baton.state()], ["1", { count: 1 }]);
    }),
});

const LOADS = `import sys
import anyio
import baton

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "anyio._backends._asyncio":
            print("loads it", flush=True)

sys.meta_path.insert(0, Finder())
state = {}

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        raise RuntimeError
    await anyio.to_thread.run_sync(lambda: print("answers", flush=True))
    await send({"type": "http.response.start", "status": 204})
    await send({"type": "http.response.body"})

served = baton.asgi(app, state)
`;

Deno.test({
  name: "what anyio would load for the first answer is loaded before the barrier, below uvicorn",
  ignore: BIN === null,
  fn: async () => {
    await using baton = new FakeBaton();
    const port = freePort();
    await Deno.writeTextFile(`${baton.folder}/app.py`, LOADS);
    const command = [`${BIN}/uvicorn`, "app:served", "--port", `${port}`, "--log-level", "error"];
    const env = { ...baton.env, PYTHONPATH: INJECTED };
    await using program = new Running(command, env, baton.folder);
    const participant = await baton.accept();
    assertEquals(await program.line(), "loads it");
    await participant.start();
    await (await fetch(`http://127.0.0.1:${port}/`)).body?.cancel();
    assertEquals(await program.line(), "answers");
  },
});
