/** What batons have left in the user's private folders, and which of it goes. */
import { assert, assertEquals } from "@std/assert";
import { walkSync } from "@std/fs/walk";
import { join } from "@std/path";
import type { Platform } from "../../lib/platform/platform.ts";
import { lockFolder } from "../../lib/state/lock.ts";
import { openStore, type Store } from "../../lib/state/store.ts";
import { sweep } from "../../lib/state/sweep.ts";
import { locked } from "./support/contenders.ts";
import { good, newestText, Scratch } from "./support/scratch.ts";

const DAY_MS = 86_400_000;

/** A user with a home folder of its own, and projects in which no states can be kept. */
class Home implements Disposable {
  readonly scratch = new Scratch();
  readonly folder = join(this.scratch.root, "home", "baton");
  readonly platform: Platform = this.scratch.platform({
    // Else folders of the one who runs the test would be swept.
    env: () => ({ XDG_STATE_HOME: join(this.scratch.root, "home"), TMPDIR: this.scratch.root }),
  });

  /** The states of a project of this name, which is a file's: they are kept in the private folder. */
  store(project: string): Store {
    const dir = join(this.scratch.root, project);
    Deno.writeTextFileSync(dir, "");
    return openStore(this.platform, { dir, keep: 3, maxAgeMs: 30_000 });
  }

  /** Has a baton run there, as another process, that saved a state; `ends` before the other does. */
  run(project: string, how: "ends" | "is killed" | "lives"): Store {
    const store = this.store(project);
    const { processes } = this.platform;
    const startTime = (pid: number) =>
      pid === 10 ? (how === "lives" ? "start" : null) : processes.startTime(pid);
    const other = { ...this.platform, processes: { ...processes, self: 10, startTime } };
    const { record } = locked(lockFolder(other, store, ["program"], { BATON_RUN: project }));
    record.control({ address: "/control", protocol: 1, version: "1" });
    good(this.scratch.save(store, project));
    if (how === "ends") record.release();
    return store;
  }

  /** As many days later; the process 10 lives, with this start. */
  later(days: number, startOf10: string | null = null, marked: readonly string[] = []): Platform {
    const { processes, clock } = this.platform;
    const startTime = (pid: number) => pid === 10 ? startOf10 : null;
    const withMark = ({ BATON_RUN: run = "" }) => marked.includes(run) ? [11] : [];
    return {
      ...this.platform,
      clock: { ...clock, wallNow: () => Date.now() + days * DAY_MS },
      processes: { ...processes, startTime, withMark },
    };
  }

  names(): string[] {
    return [...Deno.readDirSync(this.folder)].map(({ name }) => name).sort();
  }

  [Symbol.dispose](): void {
    this.scratch[Symbol.dispose]();
  }
}

function sweepAll(platform: Platform, used: readonly string[] = []): void {
  for (let left = 200; sweep(platform, used); left--) assert(left > 0, "it goes on for ever");
}

Deno.test("a folder of states that nothing has used for a month goes, with the note of a run that was killed", () => {
  using home = new Home();
  home.run("ended", "ends");
  home.run("killed", "is killed");
  const before = home.names();
  assertEquals(before.length, 4); // The key, two folders, and a note.
  sweepAll(home.later(6));
  assertEquals(home.names(), before);
  sweepAll(home.later(29));
  assertEquals(home.names(), before.filter((name) => !name.startsWith("run-")));
  sweepAll(home.later(31));
  assertEquals(home.names(), ["key"]);
});

Deno.test("what is in use stays, however old it is: by a baton, by what it has left, or by this one", () => {
  using home = new Home();
  const living = home.run("living", "lives");
  const before = home.names();
  sweepAll(home.later(90, "start"));
  sweepAll(home.later(90, null, ["living"]));
  assertEquals(home.names(), before);
  sweepAll(home.later(8), [living.dir]);
  sweepAll(home.later(90), [living.dir]);
  assertEquals(newestText(living), "living");
});

Deno.test("what was set aside for a person to look at stays", () => {
  using home = new Home();
  const store = home.run("project", "ends");
  Deno.writeTextFileSync(join(store.dir, "bad", "000009.state"), "torn");
  sweepAll(home.later(90));
  assertEquals(Deno.readTextFileSync(join(store.dir, "bad", "000009.state")), "torn");
});

Deno.test("what is not provably baton's stays: foreign folders, links, records of others, other names", () => {
  using home = new Home();
  home.store("project");
  const victim = join(home.scratch.root, "victim");
  Deno.mkdirSync(victim);
  Deno.writeTextFileSync(join(victim, "letter"), "precious");
  const at = (name: string) => join(home.folder, name);
  Deno.mkdirSync(at("0123456789abcdef"));
  Deno.writeTextFileSync(at("0123456789abcdef/letter"), "precious");
  Deno.symlinkSync(victim, at("fedcba9876543210"));
  Deno.symlinkSync(victim, at("clients-fedcba9876543210"));
  Deno.writeTextFileSync(at("run-0123456789abcdef.json"), '{"pid":1,"generations":[]}');
  for (const name of ["letters", "clients-of-mine", "run-1.json", "key.bak"]) {
    Deno.writeTextFileSync(at(name), "precious");
  }
  const kept = () =>
    [...walkSync(home.scratch.root)].map(({ path }) => path).filter((path) =>
      /letter|fedc|precious|run-|clients|key/.test(path)
    ).sort();
  const before = kept();
  sweepAll(home.later(90));
  assertEquals(kept(), before);
});

Deno.test("of two versions at once neither takes the other's clients, and both go once neither runs", () => {
  using home = new Home();
  home.store("project");
  const [older, newer] = ["clients-00000000000000aa", "clients-00000000000000bb"].map((name) =>
    join(home.folder, name)
  );
  for (const folder of [older!, newer!]) Deno.mkdirSync(folder);
  for (let day = 0; day <= 90; day += 10) {
    sweepAll(home.later(day), [older!]);
    sweepAll(home.later(day), [newer!]);
  }
  assertEquals(home.names().filter((name) => name.startsWith("clients-")).length, 2);
  sweepAll(home.later(111), [newer!]);
  sweepAll(home.later(121), [newer!]);
  assertEquals(home.names().filter((name) => name.startsWith("clients-")), [
    "clients-00000000000000bb",
  ]);
});

Deno.test("one thing goes at a time, and of a thousand names only so many are looked at", () => {
  using home = new Home();
  home.store("project");
  for (let number = 0; number < 1_000; number++) {
    Deno.writeTextFileSync(join(home.folder, `letter-${number}`), "");
  }
  for (const name of ["aa", "bb"]) {
    Deno.mkdirSync(join(home.folder, `clients-00000000000000${name}`));
  }
  let looks = 0;
  const later = home.later(90);
  const lstat = (path: string) => (looks++, later.files.lstat(path));
  const counting = { ...later, files: { ...later.files, lstat } };
  const left = () => home.names().filter((name) => name.startsWith("clients-")).length;
  for (let round = 0, before = left(); round < 5_000 && before > 0; round++) {
    looks = 0;
    const hasMore = sweep(counting, []);
    assert(looks <= 100, `${looks} looks`);
    assertEquals(left(), before - (hasMore && left() < before ? 1 : 0));
    before = left();
  }
  assertEquals(left(), 0);
});
