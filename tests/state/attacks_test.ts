/** Folders that somebody else prepared: nothing in them is deleted, believed or waited for. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { ensureDirSync } from "@std/fs/ensure-dir";
import { walkSync } from "@std/fs/walk";
import { join } from "@std/path";
import type { Platform } from "../../lib/platform/platform.ts";
import { lockFolder } from "../../lib/state/lock.ts";
import { findFolder } from "../../lib/state/folder.ts";
import { Sealer } from "../../lib/state/sealer.ts";
import { openSecret } from "../../lib/state/secret.ts";
import { openStore, type Store } from "../../lib/state/store.ts";
import { locked } from "./support/contenders.ts";
import { good, newestText, Scratch } from "./support/scratch.ts";

const NOBODY = 65_534;
const isRoot = Deno.uid() === 0;

/** Everything below a folder: kinds, contents and where links lead. */
function listing(folder: string): string[] {
  return [...walkSync(folder)].slice(1).map(({ path, isDirectory, isFile, isSymlink }) => {
    if (isDirectory) return `${path}/`;
    if (isSymlink) return `${path} -> ${Deno.readLinkSync(path)}`;
    return isFile ? `${path}: ${Deno.readTextFileSync(path).slice(0, 200)}` : `${path} (special)`;
  }).sort();
}

function write(path: string, text: string): void {
  ensureDirSync(join(path, ".."));
  Deno.writeTextFileSync(path, text);
}

function fifo(path: string): void {
  const { success } = new Deno.Command("mkfifo", { args: [path] }).outputSync();
  assert(success, "mkfifo");
}

/** A state that is sealed as baton would, but not with this user's key. */
function forge(scratch: Scratch, dir: string): void {
  const sealer = new Sealer(scratch.real.hmac, "0".repeat(64));
  const text = "forged";
  const about = { generation: 1, kind: "final", savedAt: scratch.wallMs, reason: "final" };
  write(join(dir, "good", "000001.state"), text);
  const envelope = { format: 1, ...scratch.claimOf(text), ...about };
  write(join(dir, "good", "000001.json"), sealer.seal("state", envelope));
  const { inode } = Deno.statSync(dir) as unknown as { inode: number };
  const marker = { format: 1, inode: inode ?? Deno.statSync(dir).ino, bornMs: null };
  write(join(dir, "marker.json"), sealer.seal("folder", marker));
}

interface Attack {
  /** Prepares `dir`, the state folder, and what is around it. */
  plant(scratch: Scratch, dir: string, platform: Platform): void;
  /** What is said of it. */
  readonly why: RegExp;
  readonly asRoot?: boolean;
}

const PRECIOUS = [
  "resume-2024.pdf",
  "timeout-30.log",
  "checkout-12.csv",
  "rollout-3.yaml",
  "layout-7/deep/x",
  "run-1.json",
  "good/best-photo.jpg",
  "good/000001.state",
  "bad/000001.json",
  "generations/1/out",
  "python/baton.py",
];

function precious(folder: string): void {
  for (const name of PRECIOUS) write(join(folder, name), "precious");
}

const FOREIGN = /^it holds ".+", and this user's baton did not make it here/;

const ATTACKS: Readonly<Record<string, Attack>> = {
  "a folder with files of the user's": {
    plant: (_, dir) => precious(dir),
    why: FOREIGN,
  },
  "a folder with nothing but folders of the names that baton uses": {
    plant: (_, dir) => {
      for (const name of ["good", "bad", "generations"]) {
        ensureDirSync(join(dir, name));
      }
    },
    why: FOREIGN,
  },
  "a file in its place": {
    plant: (_, dir) => write(dir, "precious"),
    why: /^".+\.baton" is no folder$/,
  },
  "a FIFO in its place": {
    plant: (_, dir) => fifo(dir),
    why: /^".+\.baton" is no folder$/,
  },
  "a link to the folder above": {
    plant(scratch, dir) {
      precious(scratch.root);
      Deno.symlinkSync("..", dir);
    },
    why: /^".+\.baton" is a link$/,
  },
  "a link to a folder that is not there": {
    plant: (_, dir) => Deno.symlinkSync("nowhere", dir),
    why: /^".+\.baton" is a link$/,
  },
  "a folder whose folder good is a link": {
    plant(scratch, dir) {
      precious(join(scratch.root, "home"));
      Deno.mkdirSync(dir);
      Deno.symlinkSync("../home", join(dir, "good"));
    },
    why: FOREIGN,
  },
  "states and a marker that are sealed with another key": {
    plant: (scratch, dir) => {
      Deno.mkdirSync(dir);
      forge(scratch, dir);
    },
    why: FOREIGN,
  },
  "a marker that is a FIFO": {
    plant: (_, dir) => {
      Deno.mkdirSync(dir);
      fifo(join(dir, "marker.json"));
    },
    why: FOREIGN,
  },
  "a marker that is a link to /dev/zero": {
    plant: (_, dir) => {
      Deno.mkdirSync(dir);
      Deno.symlinkSync("/dev/zero", join(dir, "marker.json"));
    },
    why: FOREIGN,
  },
  "a marker of 100 MB": {
    plant: (_, dir) => {
      write(join(dir, "marker.json"), "");
      Deno.truncateSync(join(dir, "marker.json"), 100_000_000);
    },
    why: FOREIGN,
  },
  "a marker that is nested deeply": {
    plant: (_, dir) => write(join(dir, "marker.json"), "[".repeat(1_000)),
    why: FOREIGN,
  },
  "a name with an escape sequence in it": {
    plant: (_, dir) => write(join(dir, "\x1b]0;owned\x07"), ""),
    why: /^it holds "\\u001b\]0;owned\\u0007"/,
  },
  "a copy of a folder that baton made, as a clone or a backup brings it": {
    plant(scratch, dir, platform) {
      const original = join(scratch.root, "original");
      const store = openStore(platform, { dir: original, keep: 3, maxAgeMs: 30_000 });
      scratch.save(store, "of another place");
      const { success } = new Deno.Command("cp", { args: ["-a", original, dir] }).outputSync();
      assert(success);
    },
    why: FOREIGN,
  },
  "a folder with files in it that all may write to": {
    plant(_, dir) {
      precious(dir);
      Deno.chmodSync(dir, 0o777);
    },
    why: /^other users can write to it$/,
  },
  "a folder of baton's that all may write to by now": {
    plant(scratch, dir, platform) {
      scratch.store({ platform });
      Deno.chmodSync(dir, 0o777);
    },
    why: /^other users can write to it$/,
  },
  "a folder of baton's that an access list lets others write to, which shows as its group's mode": {
    plant(scratch, dir, platform) {
      scratch.store({ platform });
      Deno.chmodSync(dir, 0o770);
    },
    why: /^other users can write to it$/,
  },
  "a folder of baton's whose folder good was made a link": {
    plant(scratch, dir, platform) {
      scratch.store({ platform });
      precious(join(scratch.root, "home"));
      Deno.removeSync(join(dir, "good"));
      Deno.symlinkSync("../home", join(dir, "good"));
    },
    why: /^".+\.baton\/good" is a link$/,
  },
  "a project that all may write to": {
    plant: (scratch) => Deno.chmodSync(scratch.root, 0o777),
    why: /^other users can write to ".+" above it$/,
  },
  "a project that a group may write to": {
    plant(scratch) {
      Deno.chownSync(scratch.root, 0, 50);
      Deno.chmodSync(scratch.root, 0o775);
    },
    why: /^other users can write to ".+" above it$/,
    asRoot: true,
  },
  "an empty folder of another user's": {
    plant(_, dir) {
      Deno.mkdirSync(dir);
      Deno.chownSync(dir, NOBODY, NOBODY);
    },
    why: /^it belongs to another user \(65534\)$/,
    asRoot: true,
  },
  "a folder in a project of another user's": {
    plant: (scratch) => Deno.chownSync(scratch.root, NOBODY, NOBODY),
    why: /^".+" above it belongs to another user \(65534\)$/,
    asRoot: true,
  },
};

for (const [name, { plant, why, asRoot = false }] of Object.entries(ATTACKS)) {
  Deno.test(`left alone: ${name}`, { ignore: asRoot && !isRoot }, () => {
    using scratch = new Scratch();
    const home = Deno.makeTempDirSync({ prefix: "baton-home-" });
    try {
      const env = () => ({ XDG_STATE_HOME: join(home, ".local/state") });
      const platform = scratch.platform({ env });
      plant(scratch, scratch.dir, platform);
      const before = listing(scratch.root);
      const store = openStore(platform, { dir: scratch.dir, keep: 1, maxAgeMs: 30_000 });
      assertMatch(store.fallback?.why ?? "nothing was said", why);
      assert(store.dir.startsWith(join(home, ".local/state/baton/")), store.dir);
      assertEquals(newestText(store), null);
      live(scratch, store);
      assertEquals(listing(scratch.root), before);
      assertEquals(findFolder(platform, scratch.dir)?.dir, store.dir);
    } finally {
      Deno.removeSync(home, { recursive: true });
    }
  });
}
if (!isRoot) console.error("Attacks by another user are skipped: only root can play two users");

/** All that a run does in its folder, from the claim to the end. */
function live(scratch: Scratch, store: Store): void {
  const claim = locked(lockFolder(scratch.platform(), store, ["program"], { BATON_RUN: "x" }));
  assertEquals(claim.orphaned, null);
  for (let generation = 1; generation <= 3; generation++) {
    store.prepare(generation, null);
    good(scratch.save(store, `state ${generation}`, { generation }));
    store.flush();
    store.cleanUp(generation);
  }
  store.list();
  store.cleanUp(Infinity);
  claim.record.release();
}

Deno.test("records and states that nobody sealed are passed over in a folder of baton's own, and none is waited for", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  good(scratch.save(store, "mine"));
  const record = {
    pid: 1,
    startTime: null,
    startedAt: 0,
    command: ["x"],
    mark: { VICTIM: "yes" },
    generations: [],
  };
  write(join(store.dir, "run-7.json"), JSON.stringify({ ...record, seal: "0".repeat(64) }));
  fifo(join(store.dir, "run-8.json"));
  Deno.symlinkSync("/dev/zero", join(store.dir, "run-9.json"));
  write(join(store.dir, "run-9007199254740992.json"), "");
  write(join(store.dir, "run-99999999999999999999999.json"), "");
  fifo(join(store.dir, "good", "000900.json"));
  write(join(store.dir, "good", "000900.state"), "forged");
  Deno.symlinkSync("/dev/zero", join(store.dir, "good", "000901.state"));
  fifo(join(store.dir, "good", "000902.state"));
  write(join(store.dir, "good", "9007199254740992.state"), "forged");
  write(join(store.dir, "good", "99999999999999999999999999.state"), "forged");
  const { orphaned } = locked(lockFolder(scratch.platform(), store, ["program"], { A: "b" }));
  assertEquals(orphaned, null);
  assertEquals(newestText(scratch.store()), "mine");
});

Deno.test("a state whose number is the last that can be read keeps none that comes after from being found", () => {
  using scratch = new Scratch();
  good(scratch.save(scratch.store(), "before"));
  write(join(scratch.dir, "good", "999999999999999.state"), "forged");
  for (const text of ["first", "second"]) {
    good(scratch.save(scratch.store(), text));
    assertEquals(newestText(scratch.store()), text);
  }
});

/** Copies what is in one state folder into another, but for what marks it. */
function copyInto(from: string, to: string): void {
  for (const { path, isFile } of walkSync(from)) {
    const name = path.slice(from.length + 1);
    if (isFile && name !== "marker.json") write(join(to, name), Deno.readTextFileSync(path));
  }
}

Deno.test("states and records of another project of the same user's are not believed", () => {
  using scratch = new Scratch();
  const settings = { keep: 3, maxAgeMs: 30_000 };
  const platform = scratch.platform();
  const other = openStore(platform, { dir: join(scratch.root, "other"), ...settings });
  good(scratch.save(other, "of another project"));
  const self = scratch.real.processes.self;
  locked(lockFolder(platform, other, ["program"], { VICTIM: "yes" })).record.generation(1, self);
  const store = scratch.store();
  copyInto(other.dir, store.dir);
  const { reading, rejected } = scratch.store().newest({ startedAnew: true });
  assertEquals(reading.found, "missing");
  assertMatch(rejected[0]?.why ?? "", /was not made here by this user's baton$/);
  assertEquals(Deno.readTextFileSync(join(store.dir, "bad", "000001.state")), "of another project");
  const { orphaned, strange } = locked(lockFolder(platform, store, ["program"], { A: "b" }));
  assertEquals([orphaned, strange], [null, [join(store.dir, "run-1.json")]]);
});

Deno.test("an earlier state under a later number is not believed", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  for (const text of ["earlier", "later"]) good(scratch.save(store, text));
  for (const suffix of ["state", "json"]) {
    const [from, to] = ["000001", "000009"].map((name) => join(store.dir, "good", name));
    Deno.copyFileSync(`${from}.${suffix}`, `${to}.${suffix}`);
  }
  assertEquals(newestText(scratch.store()), "later");
});

Deno.test("a project that is moved or renamed keeps its state and its record", () => {
  using scratch = new Scratch();
  const [before, after] = ["before", "after"].map((name) => join(scratch.root, name));
  const settings = { keep: 3, maxAgeMs: 30_000 };
  const platform = scratch.platform();
  const store = openStore(platform, { dir: join(before!, ".baton"), ...settings });
  good(scratch.save(store, "mine"));
  locked(lockFolder(platform, store, ["program"], { MINE: "yes" }));
  Deno.renameSync(before!, after!);
  const moved = openStore(platform, { dir: join(after!, ".baton"), ...settings });
  assertEquals([moved.fallback, newestText(moved)], [null, "mine"]);
  assertEquals(lockFolder(platform, moved, ["program"], { A: "b" }).locked, false);
});

Deno.test("what was sealed for one purpose does not pass for another", () => {
  const { sealer } = new Scratch();
  const text = sealer.seal("state", { a: 1 });
  assertEquals([sealer.open("state", text), sealer.open("run", text)], [{ a: 1 }, null]);
  for (let at = 0; at < text.length; at++) {
    const other = text.slice(0, at) + (text[at] === "1" ? "2" : "1") + text.slice(at + 1);
    assertEquals(sealer.open("state", other), null, other);
  }
});

Deno.test("the key is made once, is for this user alone, and is never one that others could have put there", () => {
  using scratch = new Scratch();
  const home = join(scratch.root, "home");
  const folder = join(home, ".local/state/baton");
  const platform = scratch.platform({ env: () => ({ HOME: home, TMPDIR: "/dev/null" }) });
  const open = () => openSecret(platform);
  const first = open();
  assertEquals(first.path, join(folder, "key"));
  assertEquals(Deno.statSync(join(folder, "key")).mode! & 0o777, 0o600);
  assertEquals(Deno.statSync(folder).mode! & 0o777, 0o700);
  const sealed = first.sealer.seal("x", {});
  assertEquals(open().sealer.seal("x", {}), sealed);
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["key"]);

  const spoil: Readonly<Record<string, () => void>> = {
    "readable by others": () => Deno.chmodSync(join(folder, "key"), 0o644),
    "in a folder that others can write to": () => Deno.chmodSync(folder, 0o777),
    "below a folder that others can write to": () => Deno.chmodSync(home, 0o777),
    "too short": () => Deno.writeTextFileSync(join(folder, "key"), "1234"),
    "empty": () => Deno.writeTextFileSync(join(folder, "key"), ""),
    "a link": () => {
      Deno.renameSync(join(folder, "key"), join(home, "key"));
      Deno.symlinkSync(join(home, "key"), join(folder, "key"));
    },
    "a FIFO": () => {
      Deno.removeSync(join(folder, "key"));
      fifo(join(folder, "key"));
    },
  };
  for (const [name, run] of Object.entries(spoil)) {
    Deno.removeSync(home, { recursive: true });
    open();
    run();
    assertEquals(open().path, null, name);
    Deno.chmodSync(home, 0o700);
  }
});

Deno.test("a key in the project is not used: it may have come with it", () => {
  using scratch = new Scratch();
  const env = () => ({ HOME: scratch.root, TMPDIR: scratch.root, XDG_RUNTIME_DIR: scratch.root });
  const secret = openSecret(scratch.platform({ cwd: scratch.root, env }));
  assertEquals(secret.path, null);
  assertEquals([...Deno.readDirSync(scratch.root)], []);
});

Deno.test("of many that make the key at once all have the same", async () => {
  using scratch = new Scratch();
  const program = new URL("../fixtures/seals_a_word.ts", import.meta.url).pathname;
  const flags = import.meta.resolve("@std/path").startsWith("jsr:")
    ? []
    : [`--import-map=${new URL("../../tools/offline/import_map.json", import.meta.url).pathname}`];
  const outputs = await Promise.all(
    Array.from({ length: 6 }, () =>
      new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", ...flags, program],
        env: { HOME: scratch.root },
      }).output()),
  );
  const words = outputs.map(({ stdout }) => new TextDecoder().decode(stdout));
  assertEquals(new Set(words).size, 1);
  assertMatch(words[0]!, /"seal"/);
});
