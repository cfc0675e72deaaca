/** From when it is dark: programs that stop other parts first. */
import { assert, assertEquals } from "@std/assert";
import { freePort } from "../support/free_port.ts";
import { PYTHON } from "../support/running.ts";
import type { LogEvent } from "./baton.ts";
import { Stage } from "./fixtures.ts";

const PROGRAM = new URL("../../bench/listen/servers/stops_its_parts.py", import.meta.url).pathname;

/** How a program with these parts was handed over. */
async function handedOver(...parts: string[]): Promise<LogEvent> {
  await using stage = new Stage([PYTHON, PROGRAM, `${freePort()}`, ...parts]);
  await stage.baton.event("armed");
  const isReady = (generation: number) => (event: LogEvent) =>
    event.generation === generation && event.announced;
  await stage.baton.event("ready", isReady(1));
  stage.touch();
  return await stage.baton.event("ready", isReady(2));
}

function stopped({ hook }: LogEvent): string[] {
  return hook.stopped.map(({ component }: { component: string }) => component);
}

/** What the first part took to stop, and that is long, was not dark. */
function assertDarkAfterTheFirst({ marks, hook, timings }: LogEvent): void {
  const { elapsedMs } = hook.stopped[0];
  assert(marks.dark - marks.stopping >= elapsedMs / 2, JSON.stringify({ marks, hook }));
  assertEquals(timings.stoppingMs, undefined);
}

Deno.test("it is dark from when the server closes its socket, as baton sees, and not from the first stop", async () => {
  const ready = await handedOver("http", "slow");
  assertEquals(stopped(ready), ["slow", "http"]);
  assertDarkAfterTheFirst(ready);
});

Deno.test("it is dark from the stop of what says that it serves, which comes last", async () => {
  const ready = await handedOver("told", "http+serves", "slow");
  assertEquals(stopped(ready), ["slow", "told 0", "http+serves"]);
  assertDarkAfterTheFirst(ready);
});

Deno.test("where nothing is known to serve, it is told how long it was stopping", async () => {
  const { marks, timings } = await handedOver("loop");
  assertEquals([marks.dark, timings.darkMs], [undefined, undefined]);
  assert(timings.stoppingMs > 0);
});
