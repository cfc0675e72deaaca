/** Checkpoints that are saved faster than baton reads them. */
import { assertEquals } from "@std/assert";
import { fixture, Stage } from "./fixtures.ts";

Deno.test("a checkpoint that the next one overtook is no fault; the same saved once more is believed", async () => {
  await using stage = new Stage(fixture("overtakes_its_checkpoints.py"));
  const { baton } = stage;
  await baton.event("armed");
  await baton.event("checkpoint");
  stage.touch();
  const ready = await baton.event("ready", ({ generation }) => generation === 2);
  assertEquals([ready.state.envelope.generation, ready.state.envelope.sizeBytes], [1, 14]);
  assertEquals(baton.count("distrusted"), 0, baton.transcript());
});
