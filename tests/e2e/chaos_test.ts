/** 200 saves at random moments, good ones and broken ones, while a client goes on asking. */
import { assert, assertEquals } from "@std/assert";
import { freePort } from "../support/free_port.ts";
import { Hammer } from "../support/hammer.ts";
import { pause } from "../support/pause.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Baton, Project } from "./baton.ts";
import { COUNTER_COMMAND, counterSource } from "./counter.ts";

const SAVES = 200;

/** A small generator of pseudo-random numbers (mulberry32), so that a failure can be had again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function broken(version: number, chance: number): string {
  const source = counterSource(version);
  if (chance < 0.4) return `${source}\nconst = (`;
  if (chance < 0.7) return `import "./nowhere.ts";\n${source}`;
  return `throw new Error("before the barrier");\n${source}`;
}

Deno.test(`${SAVES} saves, breaks and repairs under load: no gap, no repeat, the newest runs`, async () => {
  const seed = Number(Deno.env.get("SEED") ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`SEED=${seed}`);
  const next = random(seed);
  const port = freePort();
  using project = new Project({ "main.ts": counterSource(1) });
  await using baton = new Baton(project, COUNTER_COMMAND, { env: { PORT: String(port) } });
  await baton.event("armed");
  await baton.event("ready", ({ announced }) => announced);
  // A save every 60 ms or so: the second attempt may well meet the next handoff.
  const patience = { attempts: 20, pauseMs: 50 };
  const hammer = new Hammer(`http://127.0.0.1:${port}/`, patience);
  for (let save = 1; save <= SAVES; save++) {
    const source = next() < 0.4 ? broken(save, next()) : counterSource(save + 1);
    if (next() < 0.5) {
      project.write("main.ts", source);
    } else {
      project.write(".main.ts.tmp~", source);
      Deno.renameSync(project.path(".main.ts.tmp~"), project.path("main.ts"));
    }
    await pause(next() < 0.5 ? next() * 20 : next() * 250);
  }
  const last = SAVES + 2;
  project.write("main.ts", counterSource(last));
  try {
    await waitUntil("the newest runs", () => {
      if (hammer.failure !== null) throw hammer.failure;
      return hammer.answers.at(-1)?.version === last;
    }, {
      withinMs: 20_000,
    });
    await hammer.stop();
    console.log(`${hammer.answers.length} answers, ${hammer.retries} attempts again`);
    const counts = hammer.answers.map(({ count }) => count!);
    const gap = counts.findIndex((count, at) => count !== at + 1);
    assert(gap === -1, `answer ${gap} says ${counts.slice(gap - 2, gap + 3)}`);
    assertEquals(baton.count("ended"), 0);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${baton.transcript().slice(-8_000)}`);
  }
});
