import { assertEquals } from "@std/assert";
import { ensureDirSync } from "@std/fs/ensure-dir";
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
  store.makeRoom(2);
  Deno.writeTextFileSync(store.outPath(2), "left by an earlier generation 2");
  const path = store.prepare(2, reading);
  assertEquals(path, store.resumePath(2));
  assertEquals(Deno.readTextFileSync(store.resumePath(2)), "count=7");
  Deno.writeTextFileSync(store.resumePath(2), "scribbled");
  assertEquals(store.newest({ startedAnew: false }).reading, reading);
  assertEquals(names(join(store.dir, "generations", "2")), ["resume"]);
});

Deno.test("a large state is on the disk once, and may not be written to", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  store.makeRoom(1);
  const path = store.outPath(1);
  Deno.writeTextFileSync(path, "");
  Deno.truncateSync(path, 16_777_216);
  const reading = good(store.admit({ path, generation: 1, kind: "final", reason: "" }));
  const resume = store.prepare(2, reading)!;
  const { ino, mode } = Deno.statSync(resume);
  assertEquals([ino, mode! & 0o777], [Deno.statSync(reading.path).ino, 0o400]);
  assertEquals(store.newest({ startedAnew: false }).reading, reading);
  store.cleanUp(2);
  assertEquals(store.newest({ startedAnew: false }).reading, reading);
  const files = {
    ...scratch.real.files,
    link: () => {
      throw new PlatformError("EPERM", "no");
    },
  };
  const without = scratch.store({ platform: scratch.files(files) });
  assertEquals(Deno.statSync(without.prepare(3, reading)!).size, 16_777_216);
});

Deno.test("without a state, prepare makes sure that nothing is there", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  store.makeRoom(2);
  Deno.writeTextFileSync(store.resumePath(2), "stale");
  assertEquals(store.prepare(2, null), null);
  assertEquals(names(join(store.dir, "generations", "2")), []);
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
  assertEquals(names(store.dir), [".gitignore", "marker.json"]);
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

Deno.test("cleanUp removes what generations left, up to the one that is named, and nothing else", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  scratch.save(store, "kept");
  const others = [
    "out-1",
    "resume-2024.pdf",
    "timeout-30.log",
    "run-1.json",
    "generations/notes.txt",
  ];
  for (const name of others) Deno.writeTextFileSync(join(store.dir, name), name);
  ensureDirSync(join(store.dir, "layout-1", "deep"));
  for (const generation of [1, 2, 10]) {
    store.makeRoom(generation);
    for (const name of ["out", "out.1", "out.tmp", ".out~", "resume"]) {
      Deno.writeTextFileSync(join(store.outPath(generation), "..", name), name);
    }
    Deno.mkdirSync(join(store.outPath(generation), "..", "made by the program"));
  }
  const generations = () =>
    [...Deno.readDirSync(join(store.dir, "generations"))].map(({ name }) => name).sort();
  store.cleanUp(2);
  assertEquals(generations(), ["10", "notes.txt"]);
  store.cleanUp(Infinity);
  assertEquals(generations(), ["notes.txt"]);
  for (const name of others) Deno.statSync(join(store.dir, name));
  Deno.statSync(join(store.dir, "layout-1", "deep"));
  assertEquals(store.list().length, 1);
});

Deno.test("what an earlier run left for a generation is gone before it starts, what it left itself is not", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  store.makeRoom(3);
  Deno.writeTextFileSync(store.outPath(3, 1), "a participant's of an earlier run");
  store.prepare(3, null);
  assertEquals(scratch.real.files.stat(store.outPath(3, 1)), null);
  Deno.writeTextFileSync(store.outPath(3, 1), "a participant's");
  store.prepare(3, null);
  assertEquals(Deno.readTextFileSync(store.outPath(3, 1)), "a participant's");
});
