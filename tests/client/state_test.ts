import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { defineComponent } from "../../lib/client/components.ts";
import { collectState, readState } from "../../lib/client/state.ts";

const none = () => {};
const queue = defineComponent("queue", none, { save: () => Promise.resolve(["event"]) });
const plain = defineComponent("plain", none);

async function collect(...args: Parameters<typeof collectState>): Promise<string> {
  return new TextDecoder().decode(await collectState(...args));
}

Deno.test("state: what onSave returns, and a key a component that saves", async () => {
  assertEquals(await collect(() => null, [plain]), "null");
  assertEquals(await collect(() => [1], [plain]), "[1]");
  assertEquals(await collect(() => Promise.resolve("é"), []), `"é"`);
  assertEquals(await collect(null, [queue, plain]), `{"queue":["event"]}`);
  assertEquals(await collect(() => ({ tick: 1 }), [queue]), `{"tick":1,"queue":["event"]}`);
});

Deno.test("state: what cannot be a state is refused, saying why", async () => {
  const broken = defineComponent("broken", none, {
    save: () => {
      throw new Error("no");
    },
  });
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const bad: [Parameters<typeof collectState>, string][] = [
    [[null, [plain]], "Nothing saves"],
    [[() => undefined, []], "nothing that JSON can hold"],
    [[() => 1n, []], "BigInt"],
    [[() => circular, []], "circular"],
    [[() => [1], [queue]], "onSave must return an object"],
    [[null, [queue, broken]], `Component "broken" cannot save: no`],
  ];
  for (const [args, why] of bad) await assertRejects(() => collectState(...args), Error, why);
});

Deno.test("state: one that is gone, not UTF-8 or not JSON is an error", () => {
  const read = (bytes: Uint8Array | null) => readState({ readBytes: () => bytes }, "in");
  assertEquals(read(new TextEncoder().encode(`{"count":1}`)), { count: 1 });
  assertThrows(() => read(null), Error, `The state "in" is gone`);
  assertThrows(() => read(new Uint8Array([0x22, 0xff, 0x22])), Error, `Cannot read the state "in"`);
  assertThrows(() => read(new Uint8Array(0)), Error, `Cannot read the state "in"`);
});
