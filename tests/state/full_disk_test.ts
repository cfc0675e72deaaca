import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { openStore, type Store } from "../../lib/state/store.ts";
import { explained } from "../support/explained.ts";
import { good, newestText, refused, Scratch } from "./support/scratch.ts";
import { withTmpfs } from "./support/tmpfs.ts";

/** Fills the disk to its last byte; returns what frees it again. */
function fill(folder: string): () => void {
  const path = join(folder, "ballast");
  using file = Deno.openSync(path, { write: true, create: true });
  for (const size of [65_536, 4_096, 1]) {
    try {
      for (;;) file.writeSync(new Uint8Array(size));
    } catch (error) {
      if (!/No space left/.test(String(error))) throw error;
    }
  }
  return () => Deno.removeSync(path);
}

function onFullDisk(test: (scratch: Scratch, store: Store, free: () => void) => void): void {
  using scratch = new Scratch();
  withTmpfs(scratch.root, "256k", (folder) => {
    const settings = { dir: join(folder, ".baton"), keep: 3, maxAgeMs: 30_000 };
    const store = openStore(scratch.platform(), settings);
    scratch.save(store, "the last good state");
    store.flush();
    store.makeRoom(2);
    Deno.writeTextFileSync(store.outPath(2), "the new state");
    test(scratch, store, fill(folder));
  });
}

Deno.test("on a full disk the new state is handed over all the same, and kept once there is room", () => {
  onFullDisk((scratch, store, free) => {
    const saved = { path: store.outPath(2), generation: 2, kind: "final", reason: "" } as const;
    const claim = scratch.claimOf("the new state");
    const reading = good(store.admit({ ...saved, claim }));
    assertMatch(reading.unrecorded ?? "", /^cannot create ".+": no space left on device/);
    assertEquals(Deno.readTextFileSync(reading.path), "the new state");
    assertMatch(explained(() => store.flush()).what, /no space left on device/);
    assertEquals(Deno.readTextFileSync(reading.path), "the new state");

    free();
    store.flush();
    const { reading: kept, rejected } = store.newest({ startedAnew: false });
    assertEquals([good(kept).path, rejected], [reading.path, []]);
    assertEquals(newestText(store), "the new state");
  });
});

Deno.test("on a disk that stays full the states that nobody could find again do not pile up", () => {
  onFullDisk((scratch, store) => {
    let { path } = good(store.newest({ startedAnew: false }).reading);
    for (let number = 1; number <= 8; number++) {
      const out = store.outPath(2);
      scratch.real.files.remove(out);
      Deno.linkSync(path, out);
      const saved = { path: out, generation: 2, kind: "final", reason: "" } as const;
      ({ path } = good(store.admit(saved)));
    }
    const states = [...Deno.readDirSync(join(store.dir, "good"))]
      .filter(({ name }) => name.endsWith(".state"));
    assertEquals(states.length <= 5, true, `${states.length} states`);
  });
});

Deno.test("a state that is cut short by a full disk is not what was claimed", () => {
  onFullDisk((scratch, store) => {
    const claim = scratch.claimOf("the new state, whole");
    const path = store.outPath(2);
    const reading = store.admit({ path, generation: 2, kind: "final", reason: "", claim });
    assertEquals(refused(reading).why, "is 13 bytes, 20 were saved");
    assertEquals(newestText(store), "the last good state");
  });
});

Deno.test("on a full disk there is no copy to resume from, and the error says so", () => {
  onFullDisk((scratch, store, free) => {
    const { reading } = store.newest({ startedAnew: false });
    const { what } = explained(() => store.prepare(3, good(reading)));
    assertMatch(what, /^Cannot lay out the state for generation 3: .+ no space left on device/);
    assertEquals(scratch.real.files.stat(store.resumePath(3)), null);
    assertEquals(newestText(store), "the last good state");
    free();
    assertEquals(store.prepare(3, good(reading)), store.resumePath(3));
  });
});

Deno.test("a store opens on a full disk", () => {
  onFullDisk((scratch, { dir }) => {
    const store = openStore(scratch.platform(), { dir, keep: 3, maxAgeMs: 30_000 });
    assertEquals(store.fallback, null);
    assertEquals(newestText(store), "the last good state");
  });
});

Deno.test("a folder that could not be made on a full disk is made whole once there is room", () => {
  onFullDisk((scratch, { dir }, free) => {
    const made = { dir: `${dir}/another`, keep: 3, maxAgeMs: 30_000 };
    const open = () => openStore(scratch.platform(), made);
    assertMatch(explained(open).what, /cannot write ".+marker\.json": no space left on device$/);
    free();
    open();
    assertEquals(Deno.readTextFileSync(`${made.dir}/.gitignore`), "*\n");
  });
});
