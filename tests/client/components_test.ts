import { assertEquals, assertThrows } from "@std/assert";
import { type Component, defineComponent, stopComponents } from "../../lib/client/components.ts";
import type { FromProgram } from "../../lib/protocol/message.ts";

Deno.test("components: what cannot be declared is refused with its value", () => {
  const declare = (name: string, timeoutMs?: number) => () =>
    defineComponent(name, () => {}, { timeoutMs });
  assertThrows(declare(""), RangeError, `1 to 200 characters, got ""`);
  assertThrows(declare("x".repeat(201)), RangeError, "1 to 200 characters");
  for (const bad of [0, -1, 1.5, NaN, Infinity]) {
    assertThrows(declare("http", bad), RangeError, `positive integer, got ${bad}`);
  }
  assertEquals(declare("x".repeat(200))().timeoutMs, 5_000);
});

/** Stops components that never end, with every timer running out at once. */
async function stopHanging(timeoutsMs: number[], deadlineMs: number) {
  const asked: number[] = [];
  const said: FromProgram[] = [];
  const components = timeoutsMs.map((timeoutMs, index): Component =>
    defineComponent(`c${index}`, () => new Promise(() => {}), { timeoutMs })
  );
  const host = {
    after(ms: number, run: () => void) {
      asked.push(ms);
      queueMicrotask(run);
      return () => {};
    },
  };
  await stopComponents(components, deadlineMs, host, (message) => said.push(message));
  return { asked, said };
}

Deno.test("components: each has its own timeout, the last declared first", async () => {
  const { asked, said } = await stopHanging([30, 20, 10], 10_000);
  assertEquals(asked, [10, 20, 30]);
  assertEquals(said.filter(({ type }) => type === "failed"), [
    { type: "failed", component: "c2", error: "Not stopped in 10 ms" },
    { type: "failed", component: "c1", error: "Not stopped in 20 ms" },
    { type: "failed", component: "c0", error: "Not stopped in 30 ms" },
  ]);
});

Deno.test("components: none gets more than the share of the whole deadline", async () => {
  const { asked } = await stopHanging([5_000], 1_000);
  assertEquals(asked.length, 1);
  assertEquals(asked[0]! <= 800 && asked[0]! > 0, true, `${asked[0]}`);
  assertEquals((await stopHanging([5_000], 0)).asked, [0]);
  const [longAsked] = (await stopHanging([60_000], 30_000)).asked;
  assertEquals(longAsked! > 28_000 && longAsked! <= 29_000, true, `${longAsked}`);
});

Deno.test("components: an error longer than a message can hold is cut", async () => {
  const said: FromProgram[] = [];
  const fails = defineComponent("fails", () => {
    throw new Error("x".repeat(100_000));
  });
  await stopComponents([fails], 1_000, { after: () => () => {} }, (message) => said.push(message));
  const failed = said[1];
  assertEquals(failed!.type === "failed" && failed!.error.length, 65_536);
});
