import { assertEquals } from "@std/assert";
import type { ChildEvent } from "../../lib/act/child_event.ts";
import { HeldHello } from "../../lib/act/held_hello.ts";
import { FakeClock } from "../support/fake_clock.ts";

const HELLO = {
  type: "hello",
  participant: 1,
  pid: 7,
  capabilities: ["handoff"],
  components: [],
} as unknown as ChildEvent;
const READY = { type: "ready", participant: 1 } as unknown as ChildEvent;

function holding() {
  const clock = new FakeClock();
  const passed: string[] = [];
  const files = Promise.withResolvers<void>();
  let asked = 0;
  const hello = new HeldHello(
    clock,
    () => {
      asked += 1;
      return files.promise;
    },
    ({ type }) => passed.push(type),
  );
  return { clock, passed, files, hello, asked: () => asked };
}

Deno.test("one that boots beside another is at its barrier once it is known what happened to the files", async () => {
  const { clock, passed, files, hello } = holding();
  hello.hear(HELLO, true);
  assertEquals(passed, []);
  files.resolve();
  await files.promise;
  assertEquals([passed, clock.pending], [["hello"], 0]);
});

Deno.test("one that boots alone is heard at once, as is what it says later", () => {
  const { passed, hello, asked } = holding();
  hello.hear(HELLO, false);
  hello.hear(HELLO, true);
  assertEquals([passed, asked()], [["hello", "hello"], 0]);
});

Deno.test("what else it tells comes after its hello, which then waits no more", async () => {
  const { clock, passed, files, hello } = holding();
  hello.hear(HELLO, true);
  hello.hear(READY, true);
  assertEquals([passed, clock.pending], [["hello", "ready"], 0]);
  files.resolve();
  await files.promise;
  assertEquals(passed, ["hello", "ready"]);
});

Deno.test("a file that is written all the time puts a hello off for a moment, and no longer", () => {
  const { clock, passed, hello } = holding();
  hello.hear(HELLO, true);
  clock.advance(200);
  assertEquals(passed, ["hello"]);
});
