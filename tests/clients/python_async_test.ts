/** Async functions of a program that waits on no loop. */
import { assertEquals } from "@std/assert";
import { FakeBaton } from "../support/fake_baton.ts";
import { Running } from "../support/running.ts";

Deno.test("Python client: an async function that needs a loop says what to wait by, one that does not is run", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("stops_by_async_functions", baton.env);
  const participant = await baton.accept();
  await participant.start();
  await participant.shutDown(baton.out);
  await participant.expect("stopping");
  const { error } = await participant.expect("failed");
  assertEquals(error, "An async function waits for a loop: have it run `await app.wait_async()`");
  await participant.expect("saved");
  assertEquals(baton.state(), "saved");
  await participant.send({ type: "exit" });
  assertEquals((await program.end()).code, 0);
});
