/** Processes that do not leave: nothing of a generation is alive when the next one is started. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fixture, Stage } from "./fixtures.ts";

const ARGS = ["--stop-timeout", "200ms"];

function lives(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The pids that a generation has printed at the end of a line. */
function pidsOf({ baton }: Stage, generation: number): number[] {
  const lines = baton.stdout.matchAll(new RegExp(`^generation ${generation} .* (\\d+)$`, "gm"));
  return [...lines].map(([, pid]) => Number(pid));
}

async function goneBeforeNext(name: string, escalated: readonly string[]): Promise<void> {
  await using stage = new Stage(fixture(name), { args: ARGS });
  const { baton } = stage;
  await baton.up();
  await baton.line(/^generation 1 /m);
  const [pid] = pidsOf(stage, 1);
  assert(lives(pid!));
  stage.touch();
  const started = await baton.event("started", ({ generation }) => generation === 2);
  assert(!lives(pid!), `process ${pid} of generation 1 is alive when generation 2 is started`);
  assertEquals(started.mode, "sequential");
  const escalations = baton.events.filter(({ type }) => type === "escalated");
  assertEquals(escalations.map(({ by }) => by), [...escalated]);
  if (escalated.length > 0) assertEquals(escalations[0]?.afterMs, 200);
  await baton.line(/^generation 2 /m);
  const [last] = pidsOf(stage, 2);
  assertEquals(await baton.stop(), 0);
  assert(!lives(last!), `process ${last} is alive after baton has ended`);
}

Deno.test("a program that ignores the stop signal is killed", () =>
  goneBeforeNext("ignores_the_signal.sh", ["kill"]));

Deno.test("a grandchild that ignores the stop signal is killed", () =>
  goneBeforeNext("leaves_a_deaf_grandchild.sh", ["kill"]));

Deno.test({
  name: "a grandchild that left by setsid gets the stop signal too, and needs no killing",
  ignore: Deno.build.os !== "linux",
  fn: () => goneBeforeNext("leaves_a_stray_grandchild.sh", []),
});

Deno.test({
  name: "a grandchild that left by setsid and ignores the stop signal is killed",
  ignore: Deno.build.os !== "linux",
  fn: () => goneBeforeNext("leaves_a_deaf_stray_grandchild.sh", ["kill"]),
});

Deno.test("people read that it was killed, why, and what to do", async () => {
  await using stage = new Stage(fixture("ignores_the_signal.sh"), { args: ARGS, log: "text" });
  const { baton } = stage;
  await baton.text("baton: Watches 1 file");
  await baton.line(/^generation 1 /m);
  stage.touch();
  await baton.line(/^generation 2 /m);
  assertMatch(
    baton.others.join("\n"),
    /baton: Generation 1 stopped: "touched.txt" changed, alive 200 ms after the stop signal, killed\n +Next: Let it end on the stop signal, or give it longer with "--stop-timeout"/,
  );
});
