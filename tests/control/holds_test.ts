import { assertEquals } from "@std/assert";
import { Holds } from "../../lib/control/holds.ts";
import { FakeClock } from "../support/fake_clock.ts";

function scene() {
  const clock = new FakeClock();
  const said: string[] = [];
  const holds = new Holds(clock, {
    pause: () => void said.push("pause"),
    resume: (why) => void said.push(`resume: ${why}`),
    began: ({ name, leftMs }) => void said.push(`${name} for ${leftMs}`),
    ended: (name, why) => void said.push(`${name} ended: ${why}`),
  });
  return { clock, holds, take: () => said.splice(0) };
}

Deno.test("a hold pauses, and its release goes on", () => {
  const { holds, take } = scene();
  assertEquals(holds.hold("a", 100, null), { name: "a", leftMs: 100 });
  assertEquals(take(), ["pause", "a for 100"]);
  assertEquals(holds.release("a"), "asked");
  assertEquals(take(), ["a ended: asked", "resume: asked"]);
  assertEquals(holds.release("a"), null);
  assertEquals(take(), []);
});

Deno.test("holds nest by name: the last that ends goes on", () => {
  const { clock, holds, take } = scene();
  holds.hold("a", 100, null);
  holds.hold("b", null, null);
  clock.advance(40);
  assertEquals(holds.list(), [{ name: "a", leftMs: 60 }, { name: "b", leftMs: null }]);
  take();
  holds.release("a");
  assertEquals(take(), ["a ended: asked"]);
  holds.release("b");
  assertEquals(take(), ["b ended: asked", "resume: asked"]);
});

Deno.test("a hold ends by itself, and who releases it later learns that, once", () => {
  const { clock, holds, take } = scene();
  holds.hold("a", 100, null);
  clock.advance(99);
  take();
  clock.advance(1);
  assertEquals(take(), ["a ended: time", "resume: time"]);
  assertEquals(holds.release("a"), "time");
  assertEquals(holds.release("a"), null);
});

Deno.test("a hold of the same name begins its time anew", () => {
  const { clock, holds, take } = scene();
  holds.hold("a", 100, null);
  clock.advance(60);
  holds.hold("a", 100, null);
  take();
  clock.advance(60);
  assertEquals(take(), []);
  clock.advance(40);
  assertEquals(take(), ["a ended: time", "resume: time"]);
});

Deno.test("what somebody holds ends with them, and only that", () => {
  const { holds, take } = scene();
  const [one, other] = [{}, {}];
  holds.hold("a", 100, one);
  holds.hold("b", 100, other);
  holds.hold("c", 100, null);
  take();
  holds.drop(one);
  assertEquals(take(), ["a ended: owner"]);
  assertEquals(holds.release("a"), "owner");
  assertEquals(holds.list().map(({ name }) => name), ["b", "c"]);
});

Deno.test("nothing is to fire once baton ends", () => {
  const { clock, holds, take } = scene();
  holds.hold("a", 100, null);
  take();
  holds.close();
  assertEquals([clock.pending, take()], [0, []]);
});
