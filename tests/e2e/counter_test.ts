/** The counter example: a client that asks again for a second never sees it restart. */
import { assert, assertEquals } from "@std/assert";
import { freePort } from "../support/free_port.ts";
import { Hammer } from "../support/hammer.ts";
import { Running } from "../support/running.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Baton, Project } from "./baton.ts";
import { COUNTER_COMMAND, counterSource } from "./counter.ts";

const RESTARTS = 20;

Deno.test(`the counter has no gap and no repeat over ${RESTARTS} restarts`, async () => {
  const port = freePort();
  using project = new Project({ "main.ts": counterSource(1) });
  await using baton = new Baton(project, COUNTER_COMMAND, { env: { PORT: String(port) } });
  await baton.event("armed");
  await baton.event("ready", ({ announced }) => announced);
  await using hammer = new Hammer(`http://127.0.0.1:${port}/`, { attempts: 40, pauseMs: 25 });
  try {
    for (let version = 2; version <= RESTARTS + 1; version++) {
      project.write("main.ts", counterSource(version));
      await waitUntil(`version ${version} answers`, (saw) => {
        if (hammer.failure !== null) throw hammer.failure;
        return saw(hammer.answers.at(-1))?.version === version;
      }, { withinMs: 15_000 });
    }
    await hammer.stop();
    const counts = hammer.answers.map(({ count }) => count!);
    const gap = counts.findIndex((count, at) => count !== at + 1);
    assert(gap === -1, `Answer ${gap} says ${counts.slice(gap - 2, gap + 3)}`);
    const handoffs = baton.events.filter(({ type, from }) => type === "ready" && from !== null);
    assertEquals(handoffs.map(({ mode }) => mode), Array(RESTARTS).fill("overlapped"));
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${baton.transcript().slice(-4_000)}`);
  }
});

Deno.test("the counter runs without baton, and counts from 0", async () => {
  const port = freePort();
  using project = new Project({ "main.ts": counterSource(1) });
  const env = { PORT: String(port), BATON_PIPE: "" };
  await using program = new Running(COUNTER_COMMAND, env, project.dir);
  const address = `http://127.0.0.1:${port}/`;
  assertEquals(
    await program.line(),
    `Counter, version 1, at 0: ${address}  (try: curl ${address})`,
  );
  const answer = await (await fetch(address)).json();
  assertEquals(answer, { count: 1, generation: 1, version: 1 });
});
