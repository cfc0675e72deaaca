import { assertEquals } from "@std/assert";
import { Deadline } from "../../lib/proxy/deadline.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("a deadline is set again and again by one timer, and is due when the last one says", () => {
  const clock = new FakeClock();
  let armed = 0;
  const due: number[] = [];
  const counting = {
    now: () => clock.now(),
    wallNow: () => clock.wallNow(),
    after: (ms: number, run: () => void) => {
      armed += 1;
      return clock.after(ms, run);
    },
  };
  const deadline = new Deadline(counting, () => void due.push(clock.now()));
  for (let request = 0; request < 100; request++) {
    deadline.set(600_000);
    clock.advance(10);
    deadline.set(30_000);
    clock.advance(10);
    deadline.clear();
  }
  assertEquals([armed, clock.pending, due], [2, 1, []]); // the first, and the shorter one
  clock.advance(600_000);
  assertEquals([clock.pending, due], [0, []]); // it was cleared
  deadline.set(30_000);
  clock.advance(20_000);
  deadline.set(30_000);
  clock.advance(29_999);
  assertEquals(due, []);
  clock.advance(1);
  assertEquals(due, [632_000 + 20_000]);
  deadline.set(600_000);
  deadline.end();
  assertEquals(clock.pending, 0);
});
