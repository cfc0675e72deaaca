/** What a program does with the socket that it should not, and is told. */
import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { pause } from "../support/pause.ts";
import { waitUntil } from "../support/wait_until.ts";
import { PYTHON, Running } from "../support/running.ts";
import { fixture, FIXTURES, Stage } from "./fixtures.ts";

const LISTEN = ["--listen", "0", "--boot-timeout", "1500ms"];

/** The warning that begins so. */
async function told(stage: Stage, expected: RegExp): Promise<string> {
  const { what, next } = await stage.baton.event("warning", ({ what }) => expected.test(what));
  assertMatch(next, /\S/);
  return what;
}

Deno.test("--listen: a program that closes the socket is told of, once", async () => {
  await using stage = new Stage(fixture("closes_its_socket.py"), { args: LISTEN });
  await told(stage, /^Generation 1 has closed the socket at 127\.0\.0\.1:\d+/);
  stage.touch();
  await stage.baton.up(2);
  stage.touch();
  await stage.baton.up(3);
  assertEquals(stage.baton.count("warning"), 1, stage.baton.transcript());
});

Deno.test("--listen: one that listens elsewhere is told of, and where that is", async () => {
  await using stage = new Stage(fixture("listens_elsewhere.py"), { args: LISTEN });
  const what = await told(stage, /^Generation 1 accepts nobody at 127\.0\.0\.1:\d+; it listens on/);
  await stage.baton.line(/^port \d+$/m);
  const port = /port (\d+)/.exec(stage.baton.stdout)![1];
  assertMatch(what, RegExp(`listens on port ${port} instead$`));
});

Deno.test("--listen: Bun's silent other port is told of", async () => {
  const bun = Deno.env.get("BUN");
  if (bun === undefined) return console.warn("SKIPPED: Bun is not here");
  const command = [bun, `${FIXTURES}listens_on_bun.mjs`];
  await using stage = new Stage(command, { args: LISTEN });
  const what = await told(stage, /^Generation 1 accepts nobody at/);
  const port = /^port (\d+)$/m.exec(stage.baton.stdout)![1];
  assertMatch(what, RegExp(`listens on port ${port} instead$`));
});

/** Whether a process is gone, or is only still to be reaped. */
function hasEnded(pid: number): boolean {
  try {
    return / Z /.test(Deno.readTextFileSync(`/proc/${pid}/stat`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
}

Deno.test("--listen: nothing is told of servers that accept, nor of their children, which end with them", async () => {
  await using stage = new Stage(fixture("serves_on_descriptor.py", "child"), { args: LISTEN });
  const { port } = await stage.baton.event("listening");
  const ask = async () => await (await fetch(`http://127.0.0.1:${port}/`)).json();
  await stage.baton.up();
  const first = await ask();
  stage.touch();
  await stage.baton.up(2);
  for (let count = 0; count < 60; count++) {
    const { child } = await ask();
    assertNotEquals(child, first.child);
    await pause(50);
  }
  await waitUntil("the first child has ended", () => hasEnded(first.child));
  assertEquals(stage.baton.count("warning"), 0, stage.baton.transcript());
});

Deno.test("--listen: who keeps the socket of a generation that is gone is named; the next serves", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "baton-keeper-" });
  try {
    const path = `${folder}/keeper.sock`;
    await using keeper = new Running(
      [PYTHON, `${FIXTURES}keeps_what_it_is_given.py`, path],
      {},
    );
    assertEquals(await keeper.line(), "listens");
    await using stage = new Stage(fixture("gives_its_socket_away.py", path), { args: LISTEN });
    const { port } = await stage.baton.event("listening");
    await told(
      stage,
      RegExp(`^Process ${keeper.pid}, ".*keeps_what_it_is_given.*", keeps the socket`),
    );
    stage.touch();
    await stage.baton.up(2);
    assertEquals(await (await fetch(`http://127.0.0.1:${port}/`)).text(), "2");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
