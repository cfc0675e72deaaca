import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { PlatformError } from "../../lib/platform/platform.ts";
import { explained } from "../support/explained.ts";
import { good, Scratch } from "./support/scratch.ts";

function names(dir: string): string[] {
  return [...Deno.readDirSync(dir)].filter(({ isFile }) => isFile).map(({ name }) => name).sort();
}

Deno.test("every generation and participant has paths of its own", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  const paths = [1, 11].flatMap((generation) => [
    store.outPath(generation),
    store.outPath(generation, 1),
    store.outPath(generation, 11),
    store.resumePath(generation),
  ]);
  assertEquals(new Set(paths).size, 8);
  assertEquals(store.outPath(1), store.outPath(1, 0));
});

Deno.test("prepare gives a copy: what the program does to it does not reach the store", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  const reading = good(scratch.save(store, "count=7"));
  Deno.writeTextFileSync(store.outPath(2), "left by an earlier generation 2");
  const path = store.prepare(2, reading);
  assertEquals(path, store.resumePath(2));
  assertEquals(Deno.readTextFileSync(store.resumePath(2)), "count=7");
  Deno.writeTextFileSync(store.resumePath(2), "scribbled");
  assertEquals(store.newest({ startedAnew: false }).reading, reading);
  assertEquals(names(store.dir), [".gitignore", "resume-2"]);
});

Deno.test("without a state, prepare makes sure that nothing is there", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  Deno.writeTextFileSync(store.resumePath(2), "stale");
  assertEquals(store.prepare(2, null), null);
  assertEquals(names(store.dir), [".gitignore"]);
});

Deno.test("prepare makes a folder that was removed again", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  Deno.removeSync(store.dir, { recursive: true });
  store.cleanUp(1);
  store.flush();
  assertEquals(store.newest({ startedAnew: false }).reading, { found: "missing" });
  store.prepare(2, null);
  assertEquals(scratch.save(store, "again", { generation: 2 }).found, "good");
  assertEquals(names(store.dir), [".gitignore"]);
});

Deno.test("a copy that cannot be made is an error that says where", () => {
  using scratch = new Scratch();
  const store = scratch.store({
    platform: scratch.files({
      copy: (path) => {
        throw new PlatformError("ENOSPC", `Cannot copy "${path}": no space left on device`, path);
      },
    }),
  });
  const reading = good(scratch.save(store, "count=7"));
  const error = explained(() => store.prepare(2, reading));
  assertEquals(
    error.what,
    `Cannot lay out the state for generation 2: cannot copy "${reading.path}": no space left on device`,
  );
  assertEquals(error.where, reading.path);
});

Deno.test("cleanUp removes what generations left, up to the one that is named", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  scratch.save(store, "kept");
  for (
    const name of ["out-1", "out-2.1", "out-2.tmp", ".out-2~", "resume-2", "out-10", "run-1.json"]
  ) {
    Deno.writeTextFileSync(join(store.dir, name), name);
  }
  Deno.mkdirSync(join(store.dir, "resume-1", "made by the program"), { recursive: true });
  store.cleanUp(2);
  assertEquals(names(store.dir), [".gitignore", "out-10", "run-1.json"]);
  store.cleanUp(Infinity);
  assertEquals(names(store.dir), [".gitignore", "run-1.json"]);
  assertEquals(store.list().length, 1);
});
