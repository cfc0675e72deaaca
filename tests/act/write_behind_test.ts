import { assertEquals } from "@std/assert";
import { StateTransfer } from "../../lib/act/state_transfer.ts";
import { WriteBehind } from "../../lib/act/write_behind.ts";
import type { Explanation } from "../../lib/errors.ts";
import type { Store } from "../../lib/state/store.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { good, Scratch } from "../state/support/scratch.ts";

function onTrouble({ what }: Explanation): never {
  throw new Error(what);
}

Deno.test("a state is laid out a moment later, or when it is needed, but once", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  const laidOut: number[] = [];
  const watched: Store = {
    ...store,
    prepare(generation, state) {
      laidOut.push(generation);
      return store.prepare(generation, state);
    },
  };
  const transfer = new StateTransfer({ store: watched, onTrouble });
  const clock = new FakeClock();
  const work = new WriteBehind(transfer, { gone() {} }, clock, () => 1);
  const state = good(scratch.save(store, "one"));
  work.layOutSoon(2, state);
  assertEquals(laidOut, []);
  clock.advance(1);
  assertEquals(laidOut, [2]);
  work.layOutSoon(3, state);
  work.layOutNow();
  assertEquals(laidOut, [2, 3]);
  clock.advance(1);
  work.layOutNow();
  assertEquals(laidOut, [2, 3]);
});

Deno.test("the record forgets a generation later, and at once when baton ends", () => {
  using scratch = new Scratch();
  const transfer = new StateTransfer({ store: scratch.store(), onTrouble });
  const clock = new FakeClock();
  const forgotten: number[] = [];
  const record = { gone: (generation: number) => void forgotten.push(generation) };
  const work = new WriteBehind(transfer, record, clock, () => 3);
  work.bury(1);
  clock.advance(10);
  assertEquals(forgotten, []);
  clock.advance(50);
  assertEquals(forgotten, [1]);
  work.bury(2);
  work.now();
  clock.advance(100);
  assertEquals(forgotten, [1, 2]);
});
