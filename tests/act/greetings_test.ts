import { assertEquals } from "@std/assert";
import { Greetings } from "../../lib/act/greetings.ts";
import { FakeClock } from "../support/fake_clock.ts";

function scene() {
  const clock = new FakeClock();
  const done: string[] = [];
  const greetings = new Greetings(
    clock,
    { speaks: (generation) => void done.push(`speaks ${generation}`) },
    { tolerate: (_, run) => run() },
    { makeRoom: (generation) => void done.push(`room ${generation}`) },
  );
  return { clock, done, greetings };
}

Deno.test("greetings: one that is alone is seen to at once, when it first says hello", () => {
  const { clock, done, greetings } = scene();
  greetings.hear(1, true);
  assertEquals(done, ["speaks 1", "room 1"]);
  greetings.hear(1, true);
  assertEquals(done.length, 2);
  clock.advance(50);
  assertEquals(done, ["speaks 1", "room 1", "speaks 1", "room 1"]);
});

Deno.test("greetings: a candidate is seen to after the handoff that its hello begins, once", () => {
  const { clock, done, greetings } = scene();
  greetings.hear(2, false);
  clock.advance(49);
  greetings.hear(2, true);
  clock.advance(49);
  assertEquals(done, []);
  clock.advance(1);
  assertEquals(done, ["speaks 2", "room 2"]);
});

Deno.test("greetings: nothing is done for one that is gone, nor once baton ends", () => {
  const { clock, done, greetings } = scene();
  greetings.hear(1, false);
  greetings.hear(2, false);
  greetings.forget(1);
  greetings.close();
  assertEquals(clock.pending, 0);
  clock.advance(100);
  assertEquals(done, []);
});
