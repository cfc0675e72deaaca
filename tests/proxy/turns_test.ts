import { assertEquals } from "@std/assert";
import { LONG_MS, MOST_AT_ONCE, Turns } from "../../lib/proxy/turns.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** As many as may begin at once have; others wait, and are told by their numbers when it is their turn. */
function crowded(waiting: number) {
  const clock = new FakeClock();
  const turns = new Turns(clock);
  const ends = Array.from({ length: MOST_AT_ONCE }, () => {
    assertEquals(turns.next(), null);
    return turns.begin(clock.now());
  });
  const begun: number[] = [];
  for (let number = 0; number < waiting; number++) {
    turns.next()?.then(() => {
      begun.push(number);
      ends.push(turns.begin(clock.now()));
    });
  }
  return { clock, turns, ends, begun };
}

const settled = () => new Promise((done) => setTimeout(done));

Deno.test("where many requests come, the next begins when one has ended, in the order of coming", async () => {
  const { ends, begun } = crowded(3);
  await settled();
  assertEquals(begun, []);
  for (const number of [0, 1, 2]) {
    ends[number]!();
    ends[number]!(); // Told twice, it has ended once.
    await settled();
    assertEquals(begun.length, number + 1);
  }
  assertEquals(begun, [0, 1, 2]);
});

Deno.test("requests that take long keep nobody waiting, and the more of them do, the more begin", async () => {
  const { clock, turns, ends, begun } = crowded(2 * MOST_AT_ONCE + 1);
  clock.advance(LONG_MS - 1);
  await settled();
  assertEquals(begun, []);
  clock.advance(1);
  await settled();
  assertEquals(begun.length, 2 * MOST_AT_ONCE);
  ends[0]!(); // It does not count any more.
  await settled();
  assertEquals(begun.length, 2 * MOST_AT_ONCE);
  clock.advance(LONG_MS);
  await settled();
  assertEquals(begun.length, 2 * MOST_AT_ONCE + 1);
  assertEquals(turns.next(), null);
});
