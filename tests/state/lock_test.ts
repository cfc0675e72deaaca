import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { PlatformError } from "../../lib/platform/platform.ts";
import { explained } from "../support/explained.ts";
import { Contenders, interrupted, locked } from "./support/contenders.ts";
import { Fixture } from "./support/fixture.ts";
import { Scratch } from "./support/scratch.ts";

function recordsIn(dir: string): string[] {
  return [...Deno.readDirSync(dir)].map(({ name }) => name).filter((name) =>
    name.startsWith("run-")
  );
}

Deno.test("the first one gets the folder, the second hears who holds it", () => {
  using scratch = new Scratch();
  const contenders = new Contenders(scratch);
  assertEquals(locked(contenders.lock(10)).orphaned, null);
  const holder = {
    pid: 10,
    startTime: "start of 10",
    startedAt: scratch.wallMs,
    command: ["program", "10"],
    mark: { BATON_RUN: "10" },
    generations: [],
  };
  assertEquals(contenders.lock(11), { locked: false, holder });
  assertEquals(contenders.lock(12), { locked: false, holder });
});

Deno.test("a folder that was removed under its holder is held still, and given back with it", () => {
  using scratch = new Scratch();
  const contenders = new Contenders(scratch);
  const note = `${scratch.root}/note.json`;
  const { record } = locked(contenders.lock(10));
  record.control({ address: "/control", protocol: 1, version: "1" });
  const clean = () => {
    Deno.removeSync(scratch.dir, { recursive: true });
    scratch.store();
  };
  clean();
  const second = contenders.lock(11);
  assertEquals(second.locked === false && second.holder.pid, 10);
  assertEquals(recordsIn(scratch.dir), []);
  record.release();
  assertThrows(() => Deno.statSync(note), Deno.errors.NotFound);
  clean();
  assertEquals(locked(contenders.lock(11)).orphaned, null);
});

Deno.test("what a dead baton ran is taken over, also where its folder was removed", () => {
  using scratch = new Scratch();
  const contenders = new Contenders(scratch);
  locked(contenders.lock(10)).record.control({ address: "/control", protocol: 1, version: "1" });
  Deno.removeSync(scratch.dir, { recursive: true });
  scratch.store();
  contenders.living.delete(10);
  assertEquals(locked(contenders.lock(11)).orphaned?.mark, { BATON_RUN: "10" });
  assertEquals(recordsIn(scratch.dir), ["run-1.json"]);
});

Deno.test("a folder that was given back is free, and nothing is left over", () => {
  using scratch = new Scratch();
  const contenders = new Contenders(scratch);
  const first = locked(contenders.lock(10));
  first.record.generation(1, 100);
  first.record.release();
  assertEquals(locked(contenders.lock(11)).orphaned, null);
  assertEquals(recordsIn(scratch.dir), ["run-2.json"]);
});

Deno.test("a dead holder is taken over with what it ran, also where its pid lives again", () => {
  for (const reborn of [false, true]) {
    using scratch = new Scratch();
    const contenders = new Contenders(scratch);
    contenders.living.set(100, "start of 100");
    const first = locked(contenders.lock(10));
    for (const [generation, pid] of [[1, 100], [2, 101], [3, 100]]) {
      first.record.generation(generation!, pid!);
    }
    first.record.gone(1);
    contenders.living.delete(10);
    if (reborn) contenders.living.set(10, "a later start");
    assertEquals(locked(contenders.lock(11)).orphaned?.generations, [
      { generation: 2, pid: 101, startTime: null },
      { generation: 3, pid: 100, startTime: "start of 100" },
    ]);
    assertEquals(recordsIn(scratch.dir), ["run-2.json"]);
  }
});

Deno.test("what is left over stays known until the first generation of the next run", () => {
  using scratch = new Scratch();
  const contenders = new Contenders(scratch);
  locked(contenders.lock(10)).record.generation(1, 100);
  contenders.living.delete(10);
  locked(contenders.lock(11));
  contenders.living.delete(11);
  const third = locked(contenders.lock(12));
  assertEquals(third.orphaned?.pid, 10);
  third.record.release();
  const fourth = locked(contenders.lock(13));
  assertEquals(fourth.orphaned?.pid, 10);
  fourth.record.generation(1, 100);
  fourth.record.gone(1);
  contenders.living.delete(13);
  assertEquals(locked(contenders.lock(14)).orphaned?.pid, 13);
});

Deno.test("a run that had no generation may have left one: it was about to be written down", () => {
  using scratch = new Scratch();
  const contenders = new Contenders(scratch);
  locked(contenders.lock(10));
  contenders.living.delete(10);
  assertEquals(locked(contenders.lock(11)).orphaned?.mark, { BATON_RUN: "10" });
});

Deno.test("a record that is not one holds nothing, is left alone and told of, and its number counts for nothing", () => {
  for (const text of ["", "{", "null", '{"pid":10}', '{"pid":"10"}']) {
    for (const name of ["run-1.json", "run-7.json", "run-999999999999999.json"]) {
      using scratch = new Scratch();
      const contenders = new Contenders(scratch);
      const path = join(scratch.dir, name);
      Deno.writeTextFileSync(path, text);
      const own = name === "run-1.json" ? "run-2.json" : "run-1.json";
      const first = locked(contenders.lock(11));
      assertEquals([first.orphaned, first.strange], [null, [path]]);
      assertEquals(recordsIn(scratch.dir).sort(), [own, name].sort());
      assertEquals(contenders.lock(12).locked, false);
      first.record.release();
      assertEquals(contenders.lock(12).locked, true);
      assertEquals(Deno.readTextFileSync(path), text);
    }
  }
});

Deno.test("a record counts under its own number and in its own folder alone", () => {
  using scratch = new Scratch();
  const contenders = new Contenders(scratch);
  const first = locked(contenders.lock(10));
  first.record.generation(1, 100);
  contenders.living.set(100, "start of 100");
  const [own, copy] = ["run-1.json", "run-999999999999999.json"].map((name) =>
    join(scratch.dir, name)
  );
  Deno.copyFileSync(own!, copy!);
  first.record.release();
  const second = locked(contenders.lock(11));
  assertEquals([second.orphaned, second.strange], [null, [copy]]);
  assertEquals(recordsIn(scratch.dir).sort(), ["run-2.json", "run-999999999999999.json"]);
});

Deno.test("a record that cannot be written is an error that says where", () => {
  using scratch = new Scratch();
  const contenders = new Contenders(scratch);
  const { what, where } = explained(() =>
    contenders.lock(10, {
      ...scratch.real.files,
      createExclusively: (path) => {
        throw new PlatformError("ENOSPC", `Cannot create "${path}": no space left on device`, path);
      },
    })
  );
  assertMatch(what, /^Cannot lock the state folder: cannot create ".+": no space left on device$/);
  assertEquals(where, join(scratch.dir, "run-1.json"));
});

Deno.test("wherever others lock in the middle of a lock, exactly one gets the folder", () => {
  for (const before of ["nothing", "a strange record", "a dead holder", "a folder given back"]) {
    for (let outer = 1, wasReached = true; wasReached; outer++) {
      wasReached = false;
      for (let inner = 1, innerReached = true; innerReached; inner++) {
        innerReached = false;
        using scratch = new Scratch();
        const contenders = new Contenders(scratch);
        const strange = before === "a strange record" ? ["run-7.json"] : [];
        for (const name of strange) Deno.writeTextFileSync(join(scratch.dir, name), "");
        if (["a dead holder", "a folder given back"].includes(before)) {
          const earlier = locked(contenders.lock(10));
          if (before === "a folder given back") earlier.record.release();
          contenders.living.delete(10);
        }
        const { files } = scratch.real;
        const locks: boolean[] = [];
        const third = () => {
          innerReached = true;
          locks.push(contenders.lock(13).locked);
        };
        const second = () => {
          wasReached = true;
          locks.push(contenders.lock(12, interrupted(files, inner, third)).locked);
        };
        locks.push(contenders.lock(11, interrupted(files, outer, second)).locked);
        const won = locks.filter((isLocked) => isLocked).length;
        assertEquals(won, 1, `after ${before}, steps ${outer} and ${inner}: ${locks}`);
        assertEquals(recordsIn(scratch.dir).length, 1 + strange.length);
      }
    }
  }
});

Deno.test("who read a record before it was filled steps back", () => {
  using scratch = new Scratch();
  const contenders = new Contenders(scratch);
  locked(contenders.lock(10));
  const path = join(scratch.dir, "run-1.json");
  const filled = Deno.readTextFileSync(path);
  Deno.writeTextFileSync(path, "");
  // Its steps: list, read, create, fill.
  const files = interrupted(scratch.real.files, 4, () => Deno.writeTextFileSync(path, filled));
  assertEquals(contenders.lock(11, files).locked, false);
  assertEquals(recordsIn(scratch.dir), ["run-1.json"]);
});

Deno.test("who looked before others came and went does not get an old number", () => {
  using scratch = new Scratch();
  const contenders = new Contenders(scratch);
  // Its steps: list, create.
  const files = interrupted(scratch.real.files, 2, () => {
    locked(contenders.lock(12));
    contenders.living.delete(12);
    locked(contenders.lock(13)).record.release();
  });
  locked(contenders.lock(11, files));
  assertEquals(recordsIn(scratch.dir), ["run-3.json"]);
});

Deno.test("of batons that start at once, exactly one gets the folder, also from a dead one", async () => {
  using scratch = new Scratch();
  scratch.store();
  for (let round = 0; round < 3; round++) {
    await using racers = new AsyncDisposableStack();
    const fixtures = Array.from({ length: 4 }, () => {
      return racers.use(new Fixture("locks_the_folder.ts", [scratch.dir]));
    });
    for (const fixture of fixtures) assertEquals(await fixture.line(), "there");
    Deno.writeTextFileSync(join(scratch.dir, "go"), "");
    const lines = await Promise.all(fixtures.map((fixture) => fixture.line()));
    assertEquals(lines.filter((line) => line === "locked").length, 1, lines.join());
    assertEquals(lines.filter((line) => line?.startsWith("held by ")).length, 3, lines.join());
    Deno.removeSync(join(scratch.dir, "go"));
  }
});
