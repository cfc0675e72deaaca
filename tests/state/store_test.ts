import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { basename, join } from "@std/path";
import { PlatformError } from "../../lib/platform/platform.ts";
import { good, newestText, refused, Scratch } from "./support/scratch.ts";

function names(dir: string): string[] {
  return [...Deno.readDirSync(dir)].map(({ name }) => name).sort();
}

Deno.test("a folder is made, private and ignored by git", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  assertEquals(store.dir, scratch.dir);
  assertEquals(store.fallback, null);
  assertEquals(Deno.statSync(store.dir).mode! & 0o777, 0o700);
  assertEquals(Deno.readTextFileSync(join(store.dir, ".gitignore")), "*\n");
  assertEquals(names(store.dir), [".gitignore", "bad", "generations", "good", "marker.json"]);
});

Deno.test("a claimed state is admitted, and found by a store that is opened later", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  const claim = scratch.claimOf("count=7");
  const reading = good(scratch.save(store, "count=7", { generation: 4, claim }));
  assertEquals(reading.envelope, {
    format: 1,
    ...claim,
    generation: 4,
    kind: "final",
    savedAt: scratch.wallMs,
    reason: "a test",
  });
  assertEquals(scratch.store().newest({ startedAnew: false }), { reading, rejected: [] });
  const envelope = reading.path.replace(".state", ".json");
  assertEquals(Deno.statSync(envelope).mode! & 0o777, 0o600);
});

Deno.test("half a copy that a killed baton left is copied over", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  Deno.writeTextFileSync(join(store.dir, "good", "000001.partial"), "a longer half of a state");
  const reading = good(scratch.save(store, "count=7", { claim: scratch.claimOf("count=7") }));
  assertEquals(Deno.readTextFileSync(reading.path), "count=7");
  assertEquals(names(join(store.dir, "good")), ["000001.json", "000001.state"]);
});

Deno.test("nothing there is missing", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  const path = store.outPath(1);
  assertEquals(store.admit({ path, generation: 1, kind: "file", reason: "" }), {
    found: "missing",
  });
  assertEquals(store.newest({ startedAnew: true }), {
    reading: { found: "missing" },
    rejected: [],
  });
});

Deno.test("a state that is not what was claimed is set aside", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  const readings = [
    [scratch.save(store, "", { kind: "file" }), "torn", "is empty"],
    [
      scratch.save(store, "12345", { claim: scratch.claimOf("123456") }),
      "torn",
      "is 5 bytes, 6 were saved",
    ],
    [
      scratch.save(store, "1234567", { claim: scratch.claimOf("123456") }),
      "torn",
      "is 7 bytes, 6 were saved",
    ],
    [
      scratch.save(store, "123457", { claim: scratch.claimOf("123456") }),
      "corrupt",
      `has SHA-256 ${scratch.claimOf("123457").sha256}`,
    ],
  ] as const;
  for (const [reading, found, why] of readings) {
    assertEquals(reading.found, found);
    assertStringIncludes(refused(reading).why, why);
    assertMatch(refused(reading).path, /\/bad\/\d{6}\.state$/);
  }
  assertEquals(newestText(store), null);
  assertEquals(
    store.list().map(refused).map(({ path }) => path),
    readings.map(([reading]) => refused(reading).path).reverse(),
  );
});

Deno.test("a checkpoint that is not what was claimed stays, as the next one may be there already", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  const first = scratch.save(store, "second", {
    kind: "checkpoint",
    claim: scratch.claimOf("first"),
  });
  assertEquals([first.found, refused(first).path], ["torn", store.outPath(1)]);
  const saved = { path: store.outPath(1), generation: 1, kind: "checkpoint", reason: "" } as const;
  assertEquals(store.admit({ ...saved, claim: scratch.claimOf("second") }).found, "good");
  assertEquals(newestText(store), "second");
});

Deno.test("what is not a file is no state", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  Deno.writeTextFileSync(join(scratch.root, "elsewhere"), "mine");
  for (const generation of [1, 2]) store.makeRoom(generation);
  Deno.symlinkSync(join(scratch.root, "elsewhere"), store.outPath(1));
  Deno.mkdirSync(store.outPath(2));
  for (const [generation, kind] of [[1, "link"], [2, "folder"]] as const) {
    const path = store.outPath(generation);
    const reading = refused(store.admit({ path, generation, kind: "file", reason: "" }));
    assertEquals([reading.found, reading.why], ["corrupt", `is a ${kind}, not a file`]);
  }
});

Deno.test("a state beyond the limit is refused unread", () => {
  using scratch = new Scratch();
  const { files } = scratch.real;
  const store = scratch.store({
    platform: scratch.files({
      lstat: (path) => {
        const stat = files.lstat(path);
        return stat && { ...stat, sizeBytes: 1_073_741_825 };
      },
      digestRegular: (path) => assertNever(path),
    }),
  });
  const reading = refused(scratch.save(store, "x"));
  assertEquals([reading.found, reading.why], [
    "corrupt",
    "is 1073741825 bytes, 1073741824 at most",
  ]);
});

function assertNever(what: string): never {
  throw new Error(`must not be read: ${what}`);
}

Deno.test("a state that cannot be read is corrupt, and says why", () => {
  using scratch = new Scratch();
  const path = "/x";
  const store = scratch.store({
    platform: scratch.files({
      digestRegular: () => {
        throw new PlatformError("EIO", "Cannot read: input/output error", path);
      },
    }),
  });
  const reading = refused(scratch.save(store, "x"));
  assertEquals([reading.found, reading.why], [
    "corrupt",
    "cannot be read: cannot read: input/output error",
  ]);
});

Deno.test("what was checked is what is kept, whatever the program does to its file afterwards", () => {
  using scratch = new Scratch();
  const { files } = scratch.real;
  const open = Deno.openSync(join(scratch.root, "out"), { create: true, write: true });
  const store = scratch.store({
    platform: scratch.files({
      digestRegular(path, maxBytes, copyTo) {
        const digest = files.digestRegular(path, maxBytes, copyTo);
        open.seekSync(0, Deno.SeekMode.Start);
        open.writeSync(new TextEncoder().encode("later"));
        return digest;
      },
    }),
  });
  for (const kind of ["checkpoint", "final", "file"] as const) {
    store.makeRoom(1);
    Deno.writeTextFileSync(join(scratch.root, "out"), "saved");
    files.remove(store.outPath(1));
    Deno.linkSync(join(scratch.root, "out"), store.outPath(1));
    const saved = { path: store.outPath(1), generation: 1, kind, reason: "" };
    good(store.admit({ ...saved, claim: scratch.claimOf("saved") }));
    assertEquals(newestText(store), "saved");
  }
  open.close();
});

Deno.test("a checkpoint that the program replaces meanwhile is not lost: it will be claimed, too", () => {
  using scratch = new Scratch();
  const { files } = scratch.real;
  const store = scratch.store({
    platform: scratch.files({
      digestRegular(path, maxBytes, copyTo) {
        const digest = files.digestRegular(path, maxBytes, copyTo);
        if (copyTo !== undefined) {
          Deno.writeTextFileSync(`${path}.tmp`, "next!");
          Deno.renameSync(`${path}.tmp`, path);
        }
        return digest;
      },
    }),
  });
  const claim = scratch.claimOf("first");
  good(scratch.save(store, "first", { kind: "checkpoint", claim }));
  assertEquals(newestText(store), "first");
  const next = { path: store.outPath(1), generation: 1, kind: "final", reason: "" } as const;
  good(store.admit({ ...next, claim: scratch.claimOf("next!") }));
  assertEquals(newestText(store), "next!");
});

Deno.test("a newer format, a missing and a half-written envelope are told apart, and set aside", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  scratch.save(store, "good");
  const why = ["newer", "half", "none"].map((text) => {
    const envelope = good(scratch.save(store, text)).path.replace(".state", ".json");
    const sealed = Deno.readTextFileSync(envelope);
    if (text === "newer") {
      Deno.writeTextFileSync(envelope, sealed.replace('"format":1', '"format":2'));
    }
    if (text === "half") Deno.writeTextFileSync(envelope, sealed.slice(0, sealed.length / 2));
    if (text === "none") Deno.removeSync(envelope);
    const { rejected } = store.newest({ startedAnew: false });
    assertEquals(rejected.map(({ path }) => basename(join(path, ".."))), ["bad"]);
    assertEquals(store.list()[0], rejected[0]);
    return `${rejected[0]!.found}: ${rejected[0]!.why}`;
  });
  assertEquals(
    why[0],
    "corrupt: was written by a newer baton (format 2, this one reads 1): to resume it, move it and " +
      'its ".json" back to "good" and run that baton',
  );
  assertMatch(why[1]!, /^torn: its envelope is half-written$/);
  assertEquals(why[2], "torn: has no envelope");
  assertEquals(newestText(store), "good");
  assertEquals(names(join(store.dir, "bad")).filter((name) => name.endsWith(".state")).length, 3);
});

Deno.test("too old counts only for a baton that was started anew, and sets nothing aside", () => {
  using scratch = new Scratch();
  const store = scratch.store({ maxAgeMs: 30_000 });
  const reading = good(scratch.save(store, "old"));
  scratch.wallMs += 30_000;
  assertEquals(store.newest({ startedAnew: true }).reading, reading);
  scratch.wallMs += 1;
  const tooOld = {
    found: "too old",
    why: "is 31 s old, 30 s at most",
    path: reading.path,
  } as const;
  assertEquals(store.newest({ startedAnew: true }), {
    reading: { found: "missing" },
    rejected: [tooOld],
  });
  assertEquals(store.newest({ startedAnew: false }), { reading, rejected: [] });
});

Deno.test("a state from after now, as the clock was set back, is of no known age; a few seconds are forgiven", () => {
  using scratch = new Scratch();
  const store = scratch.store({ maxAgeMs: 30_000 });
  const reading = good(scratch.save(store, "from then"));
  scratch.wallMs -= 30_000;
  assertEquals(store.newest({ startedAnew: true }).reading, reading);
  scratch.wallMs -= 3 * 86_400_000;
  const { reading: found, rejected } = store.newest({ startedAnew: true });
  assertEquals([found.found, rejected.map((one) => one.found)], ["missing", ["too old"]]);
  assertMatch(rejected[0]!.why, /^is dated 3 days from now, .+: the clock was set back$/);
  assertEquals(store.newest({ startedAnew: false }), { reading, rejected: [] });
});

Deno.test("numbers go on after what was set aside, so that nothing is overwritten", () => {
  using scratch = new Scratch();
  scratch.save(scratch.store(), "one", { claim: scratch.claimOf("other") });
  scratch.save(scratch.store(), "two", { claim: scratch.claimOf("other") });
  const bad = join(scratch.dir, "bad");
  const texts = names(bad).filter((name) => name.endsWith(".state"))
    .map((name) => Deno.readTextFileSync(join(bad, name)));
  assertEquals(texts, ["one", "two"]);
});
