import { assertEquals } from "@std/assert";
import { StateTransfer } from "../../lib/act/state_transfer.ts";
import { BatonError, type Explanation } from "../../lib/errors.ts";
import { explained } from "../../lib/explain.ts";
import { PlatformError } from "../../lib/platform/platform.ts";
import type { Store } from "../../lib/state/store.ts";
import { good, Scratch } from "../state/support/scratch.ts";

function unexpected({ what }: Explanation): never {
  throw new Error(what);
}

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
  const transfer = new StateTransfer({ store: watched, onTrouble: unexpected });
  const first = good(scratch.save(store, "one"));
  assertEquals(transfer.layOut(2, null), null);
  assertEquals(transfer.layOut(2, first), store.resumePath(2));
  assertEquals(transfer.layOut(2, first), store.resumePath(2));
  assertEquals(prepared, [2, 2]);
  const second = good(scratch.save(store, "two"));
  assertEquals(transfer.layOut(2, second), store.resumePath(2));
  assertEquals(Deno.readTextFileSync(store.resumePath(2)), "two");
  assertEquals(transfer.layOut(3, second), store.resumePath(3));
  assertEquals(prepared, [2, 2, 2, 3]);
});

Deno.test("what was saved twice, the same both times, may have been taken with the first claim", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  const transfer = new StateTransfer({ store, onTrouble: unexpected });
  const said = { type: "saved", participant: 0, at: 0, kind: "checkpoint", bytes: 4 } as const;
  const claim = (text: string, generation: number) =>
    transfer.check({ ...said, generation, sha256: scratch.claimOf(text).sha256 }).found;
  store.makeRoom(1);
  Deno.writeTextFileSync(store.outPath(1), "same");
  assertEquals([claim("same", 1), claim("same", 1)], ["good", "good"]);
  assertEquals([claim("same", 1), claim("else", 1), claim("same", 2)], [
    "good",
    "missing",
    "missing",
  ]);
});

Deno.test("what cannot be laid out is read where it is stored; what was removed is done without", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  const troubles: string[] = [];
  const refuses = {
    ...store,
    prepare: (generation: number, state: { readonly path: string } | null) => {
      if (state === null) return store.prepare(generation, state);
      throw new BatonError({ what: "No room", next: "Make some" });
    },
  };
  const transfer = new StateTransfer({
    store: refuses,
    onTrouble: ({ what }) => void troubles.push(what),
  });
  const state = good(scratch.save(store, "one"));
  assertEquals([transfer.layOut(2, state), transfer.laidOut(2)], [state.path, state.path]);
  Deno.removeSync(store.dir, { recursive: true });
  transfer.makeRoom(1, null);
  assertEquals([transfer.layOut(3, state), transfer.laidOut(3)], [null, null]);
  assertEquals(transfer.laidOut(2), null);
  assertEquals(troubles, [
    "No room",
    "The state was removed from outside: the next generation starts without it",
  ]);
});

Deno.test("what fails at each generation is told of once, until it does not", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  const troubles: string[] = [];
  const transfer = new StateTransfer({
    store,
    onTrouble: ({ what }) => void troubles.push(what),
  });
  let code = "";
  const write = (path: string) =>
    transfer.tolerate("write down", () => {
      if (code === "") return;
      explained("Cannot write", "Make room", () => {
        throw new PlatformError(code, `Cannot write ${path}: ${code}`, path);
      });
    });
  for (
    const [now, path] of ["ENOSPC 1", "ENOSPC 2", "EIO 3", " 4", "EIO 5", "EIO 6"].map((a) =>
      a.split(" ")
    )
  ) {
    code = now!;
    write(path!);
  }
  assertEquals(troubles, [
    "Cannot write: cannot write 1: ENOSPC",
    "Cannot write: cannot write 3: EIO",
    "Cannot write: cannot write 5: EIO",
  ]);
});

Deno.test("that a state cannot be kept is told of once, until one can", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  const troubles: string[] = [];
  let unrecorded: string | undefined = "no room 1";
  const full: Store = {
    ...store,
    admit(saved) {
      const reading = store.admit(saved);
      return reading.found === "good" && unrecorded !== undefined
        ? { ...reading, unrecorded }
        : reading;
    },
  };
  const transfer = new StateTransfer({
    store: full,
    onTrouble: ({ what }) => void troubles.push(what),
  });
  const generations = ["no room 1", "no room 2", undefined, "no room 4"];
  for (const [index, failure] of generations.entries()) {
    unrecorded = failure;
    store.makeRoom(index);
    Deno.writeTextFileSync(store.outPath(index), `state ${index}`);
    assertEquals(transfer.bury(index, false).found, "good");
  }
  assertEquals(troubles.map((what) => what.split(": ")[1]), ["no room 1", "no room 4"]);
});
