/** The whole loop, from a file that changes to the program that takes over, on a platform that is played. */
import { assertEquals } from "@std/assert";
import { PlayedBaton } from "../support/played_baton.ts";

const PLAYER = { capabilities: ["handoff"], state: "1" };

Deno.test("a save boots the next beside live; live saves and goes, and the next resumes", async () => {
  await using baton = await new PlayedBaton(PLAYER).start();
  await baton.ready(1);
  assertEquals(baton.last.resumed, null);
  baton.save("two", { state: "2" });
  const ready = await baton.ready(2);
  assertEquals([ready.mode, ready.changed, ready.state?.envelope.generation], [
    "overlapped",
    ["app.py"],
    1,
  ]);
  assertEquals(baton.programs.map(({ process }) => process.tree.length), [0, 1]);
  assertEquals(baton.last.resumed, "1");
});

Deno.test("one without the pipe is signaled, and the next is started once it is gone", async () => {
  await using baton = await new PlayedBaton({ capabilities: null, state: null }).start();
  baton.save("two");
  const ready = await baton.item("ready", ({ generation }) => generation === 2);
  assertEquals([ready.mode, baton.programs[0]?.process.signals], ["sequential", ["SIGTERM"]]);
});

Deno.test("an edit that does not come up costs nothing", async () => {
  await using baton = await new PlayedBaton(PLAYER).start();
  await baton.ready(1);
  baton.save("broken", { capabilities: null });
  await baton.until("a candidate is there", () => baton.programs.length === 2);
  baton.last.exit(1);
  const failed = await baton.item("candidate failed");
  assertEquals([failed.generation, failed.live, failed.status], [2, 1, {
    kind: "exited",
    code: 1,
  }]);
  baton.save("mended", PLAYER);
  await baton.ready(3);
  assertEquals(baton.last.resumed, "1");
});

Deno.test("one that never answers is signaled, one that does not go is killed", async () => {
  await using baton = await new PlayedBaton({ ...PLAYER, state: null }).start();
  await baton.ready(1);
  baton.programs[0]!.process.onSignal = () => {};
  baton.save("two", PLAYER);
  await baton.ready(2);
  const types = baton.items.map(({ type }) => type);
  assertEquals(["hook", "escalated"].map((type) => types.includes(type as "hook")), [true, true]);
  assertEquals(baton.programs[0]?.process.signals, ["SIGTERM", "SIGKILL"]);
});

Deno.test("one that crashes is started again with its last checkpoint, where that is asked for", async () => {
  await using baton = await new PlayedBaton(PLAYER).start({ onCrash: "restart" });
  await baton.ready(1);
  const first = baton.last;
  first.save("checkpoint", first.process.request.env.BATON_STATE_OUT!, "so far");
  await baton.item("checkpoint");
  first.exit(1);
  await baton.ready(2);
  assertEquals(baton.last.resumed, "so far");
});

Deno.test("asked to stop it ends, and what was saved is kept", async () => {
  const baton = await new PlayedBaton(PLAYER).start();
  await baton.ready(1);
  baton.run.stop("SIGINT");
  const stopped = await baton.item("stopped");
  assertEquals([stopped.status, stopped.state?.envelope.generation], [0, 1]);
  await baton[Symbol.asyncDispose]();
  assertEquals(baton.status, 0);
});

Deno.test("a hold waits for what is under way, and says so where it is over before", async () => {
  await using baton = await new PlayedBaton(PLAYER).start();
  await baton.ready(1);
  baton.save("never there", { capabilities: null });
  await baton.until("a candidate is there", () => baton.programs.length === 2);
  const early = baton.run.hold("early", 500).then(() => null, (error) => error.what);
  await baton.item("released", ({ by }) => by === "time");
  assertEquals(await early, 'The hold "early" was over before what was under way was');
  const held = baton.run.hold("held", null);
  baton.last.exit(1);
  await baton.item("candidate failed");
  await baton.pass(100);
  assertEquals(await held, { name: "held", leftMs: null });
});

Deno.test("while it is held nothing is started, a crash or the end of a burst or not", async () => {
  await using baton = await new PlayedBaton(PLAYER).start({ onCrash: "restart" });
  await baton.ready(1);
  await baton.run.hold("an agent", null);
  baton.last.exit(1);
  await baton.item("ended");
  for (let passed = 0; passed < 5_000; passed += 100) await baton.pass(100);
  assertEquals(baton.programs.length, 1);
  const released = baton.run.release("an agent", null);
  await baton.ready(2);
  assertEquals((await released).holds, []);
});
