import { assertEquals, assertMatch } from "@std/assert";
import { basename, join } from "@std/path";
import { PlatformError } from "../../lib/platform/platform.ts";
import { explained } from "../support/explained.ts";
import { good, newestText, Scratch } from "./support/scratch.ts";

Deno.test("flush syncs what was admitted, then keeps the newest", () => {
  using scratch = new Scratch();
  const { files } = scratch.real;
  const done: string[] = [];
  const platform = scratch.files({
    sync: (path) => {
      done.push(`sync ${basename(path)}`);
      files.sync(path);
    },
    remove: (path, options) => {
      done.push(`remove ${basename(path)}`);
      files.remove(path, options);
    },
  });
  const store = scratch.store({ keep: 2, platform });
  for (const text of ["a", "b", "c"]) scratch.save(store, text);
  Deno.writeTextFileSync(
    join(store.dir, "good", "000009.json.3f2b8c1e-0000-4000-8000-000000000000.tmp"),
    "left by a killed baton",
  );
  Deno.writeTextFileSync(join(store.dir, "good", "best-photo.jpg"), "somebody else's");
  done.length = 0;
  store.flush();
  assertEquals(done, [
    ...["000001", "000002", "000003"].flatMap((
      name,
    ) => [`sync ${name}.state`, `sync ${name}.json`]),
    "sync good",
    "remove 000001.state",
    "remove 000001.json",
    "remove 000009.json.3f2b8c1e-0000-4000-8000-000000000000.tmp",
  ]);
  assertEquals([...Deno.readDirSync(join(store.dir, "good"))].length, 5);
  assertEquals(newestText(store), "c");
  done.length = 0;
  store.flush();
  assertEquals(done, []);
});

Deno.test("a flush that the disk refuses says so, and is made up for by the next", () => {
  using scratch = new Scratch();
  let broken = true;
  const synced: string[] = [];
  const platform = scratch.files({
    sync: (path) => {
      if (broken) throw new PlatformError("EIO", `Cannot sync "${path}": input/output error`, path);
      synced.push(basename(path));
    },
  });
  const store = scratch.store({ keep: 1, platform });
  for (const text of ["a", "b"]) scratch.save(store, text);
  const { what } = explained(() => store.flush());
  assertMatch(what, /^Cannot put the state on the disk: cannot sync ".+": input\/output error$/);
  assertEquals(store.list().length, 2);
  broken = false;
  store.flush();
  assertEquals(synced.length, 5);
  assertEquals(store.list().length, 1);
});

Deno.test("a state that somebody removed meanwhile keeps no other from the disk", () => {
  using scratch = new Scratch();
  const store = scratch.store({ keep: 1 });
  for (const text of ["a", "b", "c"]) scratch.save(store, text);
  Deno.removeSync(join(store.dir, "good", "000002.state"));
  store.flush();
  assertEquals(newestText(store), "c");
  const left = [...Deno.readDirSync(join(store.dir, "good"))].map(({ name }) => name);
  assertEquals(left.filter((name) => name.endsWith(".state")), ["000003.state"]);
});

Deno.test("the last state of a generation takes the place of its checkpoints, and of no others", () => {
  using scratch = new Scratch();
  const store = scratch.store({ keep: 9 });
  const kept = () => store.list().map((reading) => Deno.readTextFileSync(good(reading).path));
  scratch.save(store, "1a", { kind: "checkpoint", generation: 1 });
  store.flush();
  scratch.save(store, "1b", { kind: "checkpoint", generation: 1 });
  scratch.save(store, "2a", { kind: "checkpoint", generation: 2 });
  scratch.save(store, "1", { kind: "final", generation: 1 });
  assertEquals(kept(), ["1", "2a", "1b", "1a"]);
  store.flush();
  assertEquals(kept(), ["1", "2a"]);
  scratch.save(store, "2", { kind: "final", generation: 2 });
  store.flush();
  assertEquals(kept(), ["2", "1"]);
});
