import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { type ClientProgram, withClient } from "../support/client_program.ts";

const COUNTER = "../../examples/counter/main.ts";

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

async function ask(port: number): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}/`);
  return await response.json();
}

/** Opens the counter's barrier with this state, and resolves once it serves. */
async function start({ peer, folder }: ClientProgram, state: string, generation: number) {
  await peer.take("hello");
  const stateFile = join(folder, "state");
  Deno.writeTextFileSync(stateFile, state);
  peer.send({ type: "start", generation, reason: "test", changed: [], stateFile });
  await peer.take("ready");
}

Deno.test("examples/counter: goes on where it was, and answers what it has begun", async () => {
  const port = freePort();
  await withClient("deno", COUNTER, async (program) => {
    await start(program, `{"count":41}`, 2);
    assertEquals(await ask(port), { count: 42, generation: 2, version: 1 });
    const missing = await fetch(`http://127.0.0.1:${port}/favicon.ico`);
    assertEquals([missing.status, await missing.text()], [404, "Not found\n"]);

    const out = join(program.folder, "final");
    program.peer.send({ type: "shutdown", reason: "test", changed: [], out, deadlineMs: 10_000 });
    await program.peer.take("stopped");
    await program.peer.take("saved");
    assertEquals(Deno.readTextFileSync(out), `{"count":42}`);
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    program.peer.send({ type: "exit" });
    assertMatch(
      (await program.ended()).stdout,
      /^Counter, version 1, at 41: http:\/\/127\.0\.0\.1:/,
    );
  }, { PORT: String(port) });
});
