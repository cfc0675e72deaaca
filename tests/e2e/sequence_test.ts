/** Programs of which two cannot run at once, under `--handoff auto`. */
import { assertEquals, assertMatch } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { freePort } from "../support/free_port.ts";
import { Baton, Project } from "./baton.ts";

const PORT = freePort();

const LISTENS_EARLY = `import socket, baton
VERSION = 1
listener = socket.create_server(("127.0.0.1", ${PORT}))
app = baton.join()
state = app.restore({"n": 0})
state["n"] += 1
print("version", VERSION, "count", state["n"], flush=True)
app.component("listener", listener.close)
app.on_save(lambda: state)
app.ready()
app.wait()
`;

Deno.test("one that listens before its barrier is followed in sequence, with its state, and that is told once", async () => {
  using project = new Project({ "app.py": LISTENS_EARLY });
  await using baton = new Baton(project, [PYTHON, "app.py"]);
  await baton.event("armed");
  const { generation, why } = await baton.event("in-sequence");
  assertEquals(generation, 1);
  assertMatch(why, new RegExp(`port ${PORT}`));
  for (const version of [2, 3]) {
    await baton.event("ready", (one) => one.generation === version - 1 && one.announced);
    project.write("app.py", LISTENS_EARLY.replace("VERSION = 1", `VERSION = ${version}`));
    await baton.prints(`version ${version} count ${version}`);
  }
  const { mode } = await baton.event("ready", ({ generation }) => generation === 3);
  assertEquals([mode, baton.count("in-sequence"), baton.count("candidate-failed")], [
    "sequential",
    1,
    0,
  ]);
});

Deno.test("one that has bound its port before its barrier, and listens later, is followed in sequence", async () => {
  const binds = `listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", ${PORT}))`;
  const text = LISTENS_EARLY.replace(/^listener.*$/m, binds).replace(
    "app.ready()",
    "listener.listen()\napp.ready()",
  );
  using project = new Project({ "app.py": text });
  await using baton = new Baton(project, [PYTHON, "app.py"]);
  await baton.event("armed");
  await baton.event("ready", ({ announced }) => announced);
  project.write("app.py", text.replace("VERSION = 1", "VERSION = 2"));
  await baton.prints("version 2 count 2");
  assertEquals(baton.count("candidate-failed"), 0);
});

const MOVES_THE_PORT = LISTENS_EARLY.replace(/^listener.*\n/m, "").replace(
  "app.ready()",
  `listener = socket.create_server(("127.0.0.1", 0))\napp.ready()`,
).replace(`app.component("listener", listener.close)\n`, "");

Deno.test("one that joins exclusively from now on is heeded beside one that does not", async () => {
  using project = new Project({ "app.py": MOVES_THE_PORT });
  await using baton = new Baton(project, [PYTHON, "app.py"]);
  await baton.event("armed");
  await baton.event("ready", ({ announced }) => announced);
  const text = MOVES_THE_PORT.replace("VERSION = 1", "VERSION = 2");
  project.write("app.py", text.replace("join()", "join(exclusive=True)"));
  await baton.prints("version 2 count 2");
  const ready = await baton.event("ready", ({ from }) => from === 1);
  const told = await baton.event("in-sequence");
  assertEquals([ready.mode, told.why], ["sequential", "it runs exclusively"]);
});
