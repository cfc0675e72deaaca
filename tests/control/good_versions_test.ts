import { assertEquals } from "@std/assert";
import { GOOD_MS, GoodVersions } from "../../lib/control/good_versions.ts";
import { LOG_EXAMPLES } from "../../tools/log_examples.ts";
import { FakeClock } from "../support/fake_clock.ts";

function scene(): { clock: FakeClock; versions: GoodVersions; ready(generation: number): void } {
  const clock = new FakeClock();
  const versions = new GoodVersions(clock);
  const ready = (generation: number) => versions.note({ ...LOG_EXAMPLES["ready"], generation });
  return { clock, versions, ready };
}

Deno.test("one that was ready and has lived for a while is good, also while the next is ready", () => {
  const { clock, versions, ready } = scene();
  ready(1);
  clock.advance(GOOD_MS - 1);
  ready(1); // It says so once more.
  assertEquals(versions.isGood(1), false);
  clock.advance(1);
  ready(2);
  assertEquals([versions.isGood(1), versions.isGood(2)], [true, false]);
});

Deno.test("one after which an edit failed, that ended, or was followed soon, is not", () => {
  const { clock, versions, ready } = scene();
  ready(1);
  versions.note({ ...LOG_EXAMPLES["candidate failed"], generation: 2 });
  clock.advance(GOOD_MS);
  ready(3);
  versions.note({ ...LOG_EXAMPLES["ended"], generation: 3 });
  clock.advance(GOOD_MS);
  ready(4);
  ready(5);
  clock.advance(GOOD_MS);
  assertEquals([1, 3, 4, 5].map((one) => versions.isGood(one)), [false, false, false, true]);
});
