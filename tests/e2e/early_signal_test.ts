import { assertEquals } from "@std/assert";
import { fixture, Stage } from "./fixtures.ts";

Deno.test("a signal while baton is still starting the program stops both", async () => {
  await using stage = new Stage(fixture("leaves_a_state.sh"));
  const { baton } = stage;
  await baton.event("hello");
  baton.kill("SIGINT");
  assertEquals(await baton.end(), 0, baton.transcript());
  assertEquals(baton.events.at(-1)?.type, "stopped");
});
