import { assertEquals } from "@std/assert";
import { MOST_AT_ONCE, Turns } from "../../lib/proxy/turns.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** As many as may begin in one turn have; others wait, and are told by their numbers when it is their turn. */
function crowded(waiting: number) {
  const clock = new FakeClock();
  const turns = new Turns(clock);
  const ends = Array.from({ length: 2 * MOST_AT_ONCE }, () => {
    assertEquals(turns.next(), null);
    return turns.begin();
  });
  const begun: number[] = [];
  for (let number = 0; number < waiting; number++) {
    turns.next()?.then(() => {
      begun.push(number);
      ends.push(turns.begin());
    });
  }
  return { clock, turns, ends, begun };
}

const settled = () => new Promise((done) => setTimeout(done));

Deno.test("where more requests come in one turn of the loop than begin, the others begin in later turns, in the order of coming", async () => {
  const { clock, begun } = crowded(MOST_AT_ONCE + 2);
  await settled();
  assertEquals(begun, []);
  clock.sleep(0);
  await settled();
  assertEquals(begun, Array.from({ length: MOST_AT_ONCE }, (_, number) => number));
  clock.sleep(0);
  await settled();
  assertEquals(begun.length, MOST_AT_ONCE + 2);
});

Deno.test("a program that is slow keeps none of its requests waiting", async () => {
  const { clock, turns, begun } = crowded(0);
  clock.sleep(0);
  assertEquals(turns.next(), null);
  await settled();
  assertEquals(begun, []);
});

Deno.test("where few requests are under way, the next one to wait begins when another has ended", async () => {
  const { ends, begun } = crowded(3);
  for (const end of ends.slice(0, MOST_AT_ONCE)) end();
  await settled();
  assertEquals(begun, []);
  for (const number of [0, 1, 2]) {
    const end = ends[MOST_AT_ONCE + number]!;
    end();
    end(); // Told twice, it has ended once.
    await settled();
    assertEquals(begun.length, number + 1);
  }
  assertEquals(begun, [0, 1, 2]);
});
