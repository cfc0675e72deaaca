/** What a program takes along with its states. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { ensureDirSync } from "@std/fs/ensure-dir";
import { dirname } from "@std/path";
import { BatonError } from "../../lib/errors.ts";
import { alsoOf } from "../../lib/state/slots.ts";
import type { Good, Store } from "../../lib/state/store.ts";
import { good, Scratch } from "./support/scratch.ts";

/** A project with what is taken along, and the store of its states. */
class Scene implements Disposable {
  readonly scratch = new Scratch();
  readonly cwd = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton-also-" }));

  store(...also: string[]) {
    return this.scratch.store({ also, cwd: this.cwd });
  }

  save(store: Store, text: string): Good {
    return good(this.scratch.save(store, text));
  }

  write(name: string, text: string): void {
    ensureDirSync(dirname(`${this.cwd}/${name}`));
    Deno.writeTextFileSync(`${this.cwd}/${name}`, text);
  }

  /** Everything in the project, by path. */
  tree(folder = this.cwd): Record<string, string> {
    const found: Record<string, string> = {};
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      const path = `${folder}/${name}`;
      const shown = path.slice(this.cwd.length + 1);
      if (isDirectory) Object.assign(found, { [`${shown}/`]: "" }, this.tree(path));
      else found[shown] = Deno.readTextFileSync(path);
    }
    return found;
  }

  [Symbol.dispose](): void {
    this.scratch[Symbol.dispose]();
    Deno.removeSync(this.cwd, { recursive: true });
  }
}

Deno.test("files, folders and what SQLite keeps beside a database come back as they were, and nothing else", () => {
  using scene = new Scene();
  scene.write("data.db", "one");
  scene.write("data.db-wal", "log");
  scene.write("up/a/b.png", "image");
  scene.write("other.txt", "stays");
  Deno.mkdirSync(`${scene.cwd}/up/empty`, { mode: 0o750 });
  Deno.chmodSync(`${scene.cwd}/data.db`, 0o640);
  const store = scene.store("data.db", "up");
  const first = scene.save(store, "first");
  store.keepAlso(first);
  const before = scene.tree();

  scene.write("data.db", "two");
  scene.write("data.db-shm", "index");
  Deno.removeSync(`${scene.cwd}/data.db-wal`);
  Deno.removeSync(`${scene.cwd}/up/a`, { recursive: true });
  scene.write("up/new.png", "other");
  const second = scene.save(store, "second");
  store.keepAlso(second);
  const after = scene.tree();

  assertEquals(store.putBackAlso(first, second), null);
  assertEquals(scene.tree(), before);
  assertEquals(Deno.statSync(`${scene.cwd}/data.db`).mode! & 0o777, 0o640);
  assertEquals(Deno.statSync(`${scene.cwd}/up/empty`).mode! & 0o777, 0o750);
  assertEquals(store.putBackAlso(second, first), null);
  assertEquals(scene.tree(), after);
});

Deno.test("what was kept with no state is kept aside before it is replaced", () => {
  using scene = new Scene();
  scene.write("data.db", "one");
  const store = scene.store("data.db");
  const first = scene.save(store, "first");
  store.keepAlso(first);
  scene.write("data.db", "what a crash has left");
  const aside = store.putBackAlso(first, null)!;
  assertEquals(scene.tree(), { "data.db": "one" });
  assertEquals(Deno.readTextFileSync(`${aside}/0`), "what a crash has left");
});

Deno.test("a file that is as it was costs no second copy, one that was written in the meantime does", () => {
  using scene = new Scene();
  scene.write("up/old", "as ever");
  scene.write("up/new", "at first");
  Deno.utimeSync(`${scene.cwd}/up/old`, 1_000, 1_000);
  scene.scratch.wallMs = Date.now() + 60_000;
  const store = scene.store("up");
  const [first, second] = ["first", "second"].map((text) => {
    const state = scene.save(store, text);
    store.keepAlso(state);
    scene.write("up/new", text);
    return alsoOf(state.path);
  });
  const inodes = (dir: string) =>
    Object.fromEntries(
      [...Deno.readDirSync(dir)].filter(({ name }) => name !== "list.json")
        .map((
          { name },
        ) => [Deno.readTextFileSync(`${dir}/${name}`), Deno.statSync(`${dir}/${name}`).ino]),
    );
  const [one, two] = [inodes(first!), inodes(second!)];
  assertEquals(two["as ever"], one["as ever"]);
  assertEquals(Object.keys(two).toSorted(), ["as ever", "first"]);
});

Deno.test("copies go with their state, and a state that is recalled has its own", () => {
  using scene = new Scene();
  scene.write("data.db", "one");
  const store = scene.store("data.db");
  const first = scene.save(store, "first");
  store.keepAlso(first);
  const recalled = store.recall(first);
  assert(recalled.found === "good");
  for (let more = 0; more < 3; more++) scene.save(store, `more ${more}`);
  store.flush();
  const dirs = () =>
    [...Deno.readDirSync(`${store.dir}/good`)].filter(({ isDirectory }) => isDirectory);
  assertEquals(dirs().length, 0);
  const again = scene.save(store, "again");
  store.keepAlso(again);
  const copy = store.recall(again);
  assert(copy.found === "good");
  Deno.removeSync(alsoOf(again.path), { recursive: true });
  scene.write("data.db", "two");
  store.putBackAlso(copy, null);
  assertEquals(scene.tree(), { "data.db": "one" });
});

Deno.test("nothing is replaced where a copy is damaged, or its list is not baton's", () => {
  using scene = new Scene();
  for (const name of ["a", "b"]) scene.write(name, "one");
  const store = scene.store("a", "b");
  const first = scene.save(store, "first");
  store.keepAlso(first);
  for (const name of ["a", "b"]) scene.write(name, "two");
  const now = scene.tree();
  Deno.writeTextFileSync(`${alsoOf(first.path)}/1`, "xxx");
  assertThrows(() => store.putBackAlso(first, null), BatonError, 'the copy of "b" is damaged');
  assertEquals(scene.tree(), now);
  const list = `${alsoOf(first.path)}/list.json`;
  Deno.writeTextFileSync(list, Deno.readTextFileSync(list).replace('"a"', '"/etc/hosts"'));
  assertThrows(() => store.putBackAlso(first, null), BatonError, "was not copied with that state");
  assertEquals(scene.tree(), now);
});

Deno.test("links, devices, and what leads out of the project are never taken along", () => {
  using scene = new Scene();
  using other = new Scene();
  other.write("secret", "theirs");
  Deno.symlinkSync(`${other.cwd}/secret`, `${scene.cwd}/link`);
  Deno.symlinkSync(other.cwd, `${scene.cwd}/folder`);
  Deno.mkdirSync(`${scene.cwd}/up`);
  const refused: [string, string][] = [
    ["link", "it is a link"],
    ["folder", "it is a link"],
    ["folder/secret", "a link on the way leads out of the project"],
    ["../secret", "it is not in the project"],
    ["..", "it is not in the project"],
    [".", "it is not in the project"],
  ];
  for (const [path, why] of refused) {
    assertThrows(
      () => scene.store(path),
      BatonError,
      `Cannot take "${path}" along with the state: ${why}`,
    );
  }
  const store = scene.store("up");
  const state = scene.save(store, "first");
  Deno.symlinkSync("/etc/hosts", `${scene.cwd}/up/hosts`);
  assertThrows(() => store.keepAlso(state), BatonError, 'Cannot take "up/hosts" along');
  Deno.removeSync(`${scene.cwd}/up/hosts`);
  new Deno.Command("mkfifo", { args: [`${scene.cwd}/up/pipe`] }).outputSync();
  assertThrows(() => store.keepAlso(state), BatonError, "it is a device, a pipe or a socket");
});
