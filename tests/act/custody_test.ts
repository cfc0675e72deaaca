import { assertEquals } from "@std/assert";
import { Custody } from "../../lib/act/custody.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { good, Scratch } from "../state/support/scratch.ts";

Deno.test("a state is laid out once for a generation, and again once there is a newer one", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  const prepared: number[] = [];
  const watched = {
    ...store,
    prepare: (generation: number, state: { readonly path: string } | null) => {
      prepared.push(generation);
      return store.prepare(generation, state);
    },
  };
  const custody = new Custody(watched, new FakeClock(), ({ what }) => {
    throw new Error(what);
  });
  const first = good(scratch.save(store, "one"));
  assertEquals(custody.layOut(2, null), null);
  assertEquals(custody.layOut(2, first), store.resumePath(2));
  assertEquals(custody.layOut(2, first), store.resumePath(2));
  assertEquals(prepared, [2, 2]);
  const second = good(scratch.save(store, "two"));
  assertEquals(custody.layOut(2, second), store.resumePath(2));
  assertEquals(Deno.readTextFileSync(store.resumePath(2)), "two");
  assertEquals(custody.layOut(3, second), store.resumePath(3));
  assertEquals(prepared, [2, 2, 2, 3]);
});
