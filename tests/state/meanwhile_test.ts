/** State folders, and temporary ones, that somebody replaces while baton runs, or prepares on the way to them. */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { ensureDirSync } from "@std/fs/ensure-dir";
import { walkSync } from "@std/fs/walk";
import { join } from "@std/path";
import { BatonError } from "../../lib/errors.ts";
import { PlatformError } from "../../lib/platform/platform.ts";
import { findFolder } from "../../lib/state/folder.ts";
import { isMarked, markFolder } from "../../lib/state/marker.ts";
import { keepRecord } from "../../lib/state/record.ts";
import { openSecret } from "../../lib/state/secret.ts";
import { openStore, type Store } from "../../lib/state/store.ts";
import { removeLeft, TemporaryFolder } from "../../lib/state/temporary.ts";
import { openTimeline } from "../../lib/report/timeline.ts";
import { layOutClients } from "../../lib/client/injections.ts";
import { good, newestText, Scratch } from "./support/scratch.ts";

const NOBODY = 65_534;
const isRoot = Deno.uid() === 0;
if (!isRoot) console.error("Attacks by another user are skipped: only root can play two users");

function write(path: string, text: string): void {
  ensureDirSync(join(path, ".."));
  Deno.writeTextFileSync(path, text);
}

/** Names and contents of everything below. */
function listing(folder: string): string[] {
  return [...walkSync(folder)].slice(1).map(({ path, isDirectory, isSymlink }) => {
    if (isSymlink) return `${path} -> ${Deno.readLinkSync(path)}`;
    return isDirectory ? `${path}/` : `${path}: ${Deno.readTextFileSync(path)}`;
  }).sort();
}

/** Files of the user's under each name that baton gives to one of its own. */
function precious(folder: string): void {
  for (
    const name of [
      "good/000001.state",
      "good/000001.json",
      "good/000002.partial",
      "bad/000001.state",
      "generations/1/letter",
      "generations/2/out",
      "python/letter",
      "run-1.json",
      "timeline.jsonl",
    ]
  ) write(join(folder, name), `precious ${name}`);
}

/** All that is done in a state folder from some moment on, each step though the one before has failed. */
async function goOn(scratch: Scratch, store: Store): Promise<void> {
  const platform = scratch.platform();
  const attempt = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      assertMatch(String(error), /^(BatonError|PlatformError): .*Cannot use ".+" any more/i);
    }
  };
  const run = { pid: 1, startTime: null, startedAt: 0, command: ["x"], mark: {}, generations: [] };
  const record = keepRecord(platform, store, join(store.dir, "run-1.json"), run);
  const timeline = openTimeline(platform, store, () => {});
  const clients = layOutClients(platform, () => (store.ensure(), store.dir));
  await clients.load();
  const path = join(scratch.root, "saved");
  for (let generation = 1; generation <= 3; generation++) {
    attempt(() => store.prepare(generation, null));
    attempt(() => record.generation(generation, 1));
    Deno.writeTextFileSync(path, `state ${generation}`);
    const claim = scratch.claimOf(`state ${generation}`);
    const saved = { generation, kind: "final", reason: "a test", claim } as const;
    const { path: kept } = good(store.admit({ ...saved, path }));
    assertEquals(Deno.readTextFileSync(kept), `state ${generation}`);
    store.admit({ ...saved, kind: "checkpoint", claim: { sizeBytes: 1, sha256: "" }, path });
    store.admit({ ...saved, path: store.outPath(generation) });
    attempt(() => store.makeRoom(generation));
    attempt(() => store.flush());
    attempt(() => store.cleanUp(generation));
    attempt(clients.layOut);
    attempt(() => store.newest({ startedAnew: false }));
  }
  attempt(() => store.cleanUp(Infinity));
  attempt(() => record.release());
  timeline.close();
}

const REPLACEMENTS: Readonly<Record<string, (scratch: Scratch, dir: string) => string>> = {
  "a link to a folder of the user's": (scratch, dir) => {
    const documents = join(scratch.root, "documents");
    precious(documents);
    Deno.symlinkSync("documents", dir);
    return documents;
  },
  "a folder with files of the same names": (_, dir) => {
    precious(dir);
    return dir;
  },
  "a folder with a marker of another's": (scratch, dir) => {
    precious(dir);
    const other = join(scratch.root, "other");
    Deno.mkdirSync(other, { mode: 0o700 });
    markFolder(scratch.real, scratch.sealer, other);
    Deno.copyFileSync(join(other, "marker.json"), join(dir, "marker.json"));
    return dir;
  },
};

for (const [name, replace] of Object.entries(REPLACEMENTS)) {
  Deno.test(`nothing is changed in what replaces the state folder while baton runs: ${name}`, async () => {
    using scratch = new Scratch();
    const store = scratch.store();
    good(scratch.save(store, "before"));
    Deno.removeSync(store.dir, { recursive: true });
    const theirs = replace(scratch, store.dir);
    Deno.chmodSync(theirs, 0o700);
    const before = listing(theirs);
    await goOn(scratch, store);
    assertEquals(listing(theirs), before);
  });
}

Deno.test("nothing is changed where one of the inner folders leads elsewhere meanwhile", async () => {
  for (const name of ["good", "generations"]) {
    using scratch = new Scratch();
    const store = scratch.store();
    const documents = join(scratch.root, "documents");
    precious(documents);
    Deno.removeSync(join(store.dir, name), { recursive: true });
    Deno.symlinkSync(join(documents, name), join(store.dir, name));
    const before = listing(documents);
    await goOn(scratch, store);
    assertEquals(listing(documents), before);
  }
});

Deno.test("a file in a folder that is not baton's by now is not taken for what a program has left", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  Deno.removeSync(store.dir, { recursive: true });
  write(store.outPath(1), "forged");
  const saved = { path: store.outPath(1), generation: 1, kind: "file", reason: "left" } as const;
  const reading = store.admit(saved);
  assertEquals(reading.found, "corrupt");
  assertEquals(Deno.readTextFileSync(store.outPath(1)), "forged");
});

Deno.test("where a generation can have no folder among the others it saves elsewhere, and that is handed on", () => {
  const claims = [undefined, "claimed"];
  for (const claim of claims) {
    using scratch = new Scratch();
    const store = scratch.store();
    const first = good(scratch.save(store, "1"));
    Deno.removeSync(store.dir, { recursive: true });
    Deno.writeTextFileSync(store.dir, "theirs");
    let path = first.path;
    for (const generation of [2, 3, 4]) {
      assertThrows(() => store.prepare(generation, { path }), BatonError);
      const out = store.outPath(generation);
      assertEquals(Deno.statSync(join(out, "..")).mode! & 0o777, 0o700);
      Deno.writeTextFileSync(out, `${generation}`);
      const about = { path: out, generation, kind: "file", reason: "a test" } as const;
      const saved = claim === undefined
        ? about
        : { ...about, claim: scratch.claimOf(`${generation}`) };
      const reading = good(store.admit(saved));
      assertMatch(reading.unrecorded!, /is no folder/);
      path = reading.path;
      assertThrows(() => store.cleanUp(generation), BatonError);
      assertEquals(Deno.readTextFileSync(path), `${generation}`);
    }
    assertThrows(() => store.cleanUp(Infinity), BatonError);
    assertThrows(() => Deno.statSync(join(path, "../..")), Deno.errors.NotFound);
    assertEquals(Deno.readTextFileSync(store.dir), "theirs");
  }
});

Deno.test("a marker does not fit a folder that got the inode of the one that it was made for", () => {
  using scratch = new Scratch();
  const folder = join(scratch.root, "folder");
  Deno.mkdirSync(folder);
  const { owner } = scratch.real.files;
  if (owner(folder)?.bornMs == null) {
    return console.error("Skipped: this file system tells no births");
  }
  markFolder(scratch.real, scratch.sealer, folder);
  assert(isMarked(scratch.real, scratch.sealer, folder));
  const later = scratch.files({
    owner(path) {
      const found = owner(path);
      return found && { ...found, bornMs: (found.bornMs ?? 0) + 5_000 };
    },
  });
  assertEquals(isMarked(later, scratch.sealer, folder), false);
});

Deno.test(
  "the state folder and the folders above it are made through no link of another's, and no mode is changed there",
  {
    ignore: !isRoot,
  },
  () => {
    using scratch = new Scratch();
    const evil = join(scratch.root, "evil");
    const victim = join(scratch.root, "victim");
    for (const folder of [evil, victim]) Deno.mkdirSync(folder);
    Deno.mkdirSync(join(evil, "empty"), { mode: 0o755 });
    Deno.symlinkSync("../victim", join(evil, "link"));
    Deno.mkdirSync(join(evil, "own"));
    Deno.chownSync(join(evil, "own"), NOBODY, NOBODY);
    Deno.symlinkSync("../../victim", join(evil, "own", "link"));
    Deno.chownSync(evil, NOBODY, NOBODY);
    Deno.symlinkSync("evil/link", join(scratch.root, "chain"));
    const named = ["new/deep/state", "empty", "own/new/state", "link/state", "own/link/state"];
    const home = join(scratch.root, "home");
    const platform = scratch.platform({ env: () => ({ HOME: home }) });
    for (const name of [...named, "../chain/state"]) {
      const store = openStore(platform, { dir: join(evil, name), keep: 3, maxAgeMs: 1_000 });
      assertMatch(store.fallback?.why ?? "", /belongs to another user \(65534\)$/);
    }
    assertEquals(listing(evil).filter((path) => /new/.test(path)), []);
    assertEquals(listing(victim), []);
    assertEquals(Deno.statSync(join(evil, "empty")).mode! & 0o777, 0o755);
  },
);

Deno.test("root makes nothing in the home folder of a user that sudo has left in HOME", {
  ignore: !isRoot,
}, () => {
  using scratch = new Scratch();
  const home = join(scratch.root, "home");
  Deno.mkdirSync(home);
  Deno.chownSync(home, NOBODY, NOBODY);
  const env = () => ({ HOME: home, TMPDIR: "/dev/null" });
  const platform = scratch.platform({ env });
  assertEquals(openSecret(platform).path, null);
  assertEquals(listing(home), []);
});

Deno.test("what was sealed with the key of another private folder is believed: HOME is not always set", () => {
  using scratch = new Scratch();
  const [home, runtime] = [join(scratch.root, "home"), join(scratch.root, "runtime")];
  Deno.mkdirSync(runtime, { mode: 0o700 });
  const open = (env: Record<string, string>) => openSecret(scratch.platform({ env: () => env }));
  const without = open({ XDG_RUNTIME_DIR: runtime }).sealer.seal("x", { a: 1 });
  const secret = open({ XDG_RUNTIME_DIR: runtime, HOME: home });
  assertEquals(secret.path, join(home, ".local/state/baton/key"));
  assertEquals(secret.sealer.open("x", without), { a: 1 });
});

Deno.test("a key is made where files cannot have a second name", () => {
  using scratch = new Scratch();
  const home = join(scratch.root, "home");
  const platform = scratch.files({
    link(_, to) {
      throw new PlatformError("EPERM", `Cannot link "${to}": operation not permitted`, to);
    },
  });
  const open = () => openSecret({ ...platform, env: () => ({ HOME: home }) });
  const first = open();
  assertEquals(first.path, join(home, ".local/state/baton/key"));
  assertEquals(open().sealer.open("x", first.sealer.seal("x", {})), {});
});

Deno.test("in a user namespace the folders of the system have an owner without a number, and are the system's", () => {
  using scratch = new Scratch();
  const { owner } = scratch.real.files;
  const system = ["/", "/tmp", "/home"];
  const platform = scratch.files({
    owner(path) {
      const found = owner(path);
      return found && system.includes(path) ? { ...found, uid: NOBODY, gid: NOBODY } : found;
    },
  });
  const env = () => ({ HOME: join(scratch.root, "home") });
  const settings = { dir: scratch.dir, keep: 3, maxAgeMs: 1_000 };
  assertEquals(openStore({ ...platform, env }, settings).fallback, null);
});

Deno.test(
  "what root lays out for a program that is another user's goes where that user cannot put a link",
  {
    ignore: !isRoot,
  },
  () => {
    using scratch = new Scratch();
    const precious = join(scratch.root, "precious");
    Deno.writeTextFileSync(precious, "root's");
    const seen: unknown[] = [];
    const platform = scratch.files({
      copy(from, to) {
        const { uid, mode } = Deno.statSync(join(to, ".."));
        seen.push([uid, mode! & 0o777]);
        scratch.real.files.copy(from, to);
      },
    });
    const store = openStore(platform, { dir: scratch.dir, keep: 3, maxAgeMs: 30_000 });
    const state = good(scratch.save(store, "state"));
    store.prepare(2, null);
    store.giveTo(2, NOBODY);
    const folder = join(store.outPath(2), "..");
    Deno.chmodSync(folder, 0o777);
    Deno.symlinkSync(precious, store.resumePath(2));
    const envelope = { ...state.envelope, uid: NOBODY };
    assertEquals(store.prepare(2, { ...state, envelope }), store.resumePath(2));
    assertEquals(seen, [[0, 0o700]]);
    assertEquals(Deno.readTextFileSync(precious), "root's");
    assertEquals(Deno.statSync(precious).uid, 0);
  },
);

Deno.test("of any number of files in the folder of good states only so many are looked at", () => {
  using scratch = new Scratch();
  const store = scratch.store();
  for (let number = 10; number < 510; number++) {
    Deno.writeTextFileSync(join(store.dir, "good", `${number}`.padStart(6, "0") + ".state"), "x");
  }
  assert(scratch.store().list().length <= 100);
  assert(scratch.store().newest({ startedAnew: true }).rejected.length <= 100);
  good(scratch.save(store, "new"));
  store.flush();
  assert([...Deno.readDirSync(join(store.dir, "good"))].length <= 2 * 3);
});

Deno.test("a state folder that was named by a link is found again", () => {
  using scratch = new Scratch();
  Deno.mkdirSync(join(scratch.root, "real"));
  Deno.symlinkSync("real", join(scratch.root, "link"));
  const dir = join(scratch.root, "link", "states");
  const store = openStore(scratch.platform(), { dir, keep: 3, maxAgeMs: 1_000 });
  assertEquals(findFolder(scratch.platform(), dir)?.dir, store.dir);
});

Deno.test("where TMPDIR cannot hold pipes they are made in /tmp", () => {
  using scratch = new Scratch();
  const file = join(scratch.root, "file");
  Deno.writeTextFileSync(file, "");
  const long = join(scratch.root, "d".repeat(100));
  Deno.mkdirSync(long);
  const full = join(scratch.root, "full");
  Deno.mkdirSync(full);
  const { makeTempDir } = scratch.real.files;
  for (const folder of [join(scratch.root, "missing"), file, long, full, "relative"]) {
    for (const name of ["TMPDIR", "XDG_RUNTIME_DIR"]) {
      const platform = scratch.files({
        makeTempDir(prefix) {
          if (!prefix.startsWith(full)) return makeTempDir(prefix);
          throw new PlatformError("ENOSPC", "no space left on device", prefix);
        },
      });
      const temporary = new TemporaryFolder({ ...platform, env: () => ({ [name]: folder }) });
      assertMatch(temporary.dir, /^\/tmp\/baton-[^/]+$/, `${name}=${folder}`);
      temporary.remove();
    }
  }
});

Deno.test("the folder for pipes is in no folder where others could put another in its place, and is not removed once it is theirs", () => {
  using scratch = new Scratch();
  const open = join(scratch.root, "open");
  Deno.mkdirSync(open);
  Deno.chmodSync(open, 0o777);
  const platform = scratch.platform({ env: () => ({ TMPDIR: open }) });
  const folder = new TemporaryFolder(platform);
  const made = folder.dir;
  assertEquals([...Deno.readDirSync(open)], []);
  assertEquals(folder.keep(), made);
  Deno.removeSync(made);
  assertEquals(folder.keep(), made);
  // Somebody else has put one there, which all may write to.
  Deno.chmodSync(made, 0o777);
  write(join(made, "letter"), "theirs");
  folder.remove();
  assertEquals(Deno.readTextFileSync(join(made, "letter")), "theirs");
  const other = folder.keep();
  assert(other !== made);
  Deno.removeSync(made, { recursive: true });
  folder.remove();
  assertThrows(() => Deno.statSync(other), Deno.errors.NotFound);
});

Deno.test("the folder for pipes of a baton that was killed goes, unless another is there by now, or is open to others", () => {
  using scratch = new Scratch();
  const platform = scratch.platform({ env: () => ({ TMPDIR: scratch.root }) });
  const changes: Record<string, (dir: string) => void> = {
    "as it was": () => {},
    "already gone": (dir) => Deno.removeSync(dir),
    "another": (dir) => {
      Deno.renameSync(dir, `${dir}-old`);
      Deno.mkdirSync(dir, { mode: 0o700 });
    },
    "a link": (dir) => {
      Deno.renameSync(dir, `${dir}-old`);
      Deno.symlinkSync(`${dir}-old`, dir);
    },
    "open to others": (dir) => Deno.chmodSync(dir, 0o777),
  };
  for (const [name, change] of Object.entries(changes)) {
    const folder = new TemporaryFolder(platform);
    const { left } = folder;
    change(folder.dir);
    const isThere = () => scratch.real.files.lstat(folder.dir) !== null;
    const was = isThere();
    removeLeft(platform, left);
    assertEquals(isThere(), name === "as it was" ? false : was, name);
  }
});

Deno.test("a state folder of which something is left, as it is being removed, is filled again and known again", () => {
  for (const left of [["timeline.jsonl"], ["good"], ["bad", "generations", "good"]]) {
    using scratch = new Scratch();
    const store = scratch.store();
    write(join(store.dir, "timeline.jsonl"), "");
    for (const { name } of Deno.readDirSync(store.dir)) {
      if (!left.includes(name)) Deno.removeSync(join(store.dir, name), { recursive: true });
    }
    good(scratch.save(store, "after"));
    store.flush();
    const again = scratch.store();
    assertEquals([again.dir, again.fallback], [store.dir, null], left.join());
    assertEquals(newestText(again), "after");
  }
});
