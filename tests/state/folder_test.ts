import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { type Files, type Platform, PlatformError } from "../../lib/platform/platform.ts";
import { sharedFolder } from "../../lib/state/folder.ts";
import { privateFolders } from "../../lib/state/secret.ts";
import { openStore, type Store } from "../../lib/state/store.ts";
import { explained } from "../support/explained.ts";
import { newestText, Scratch } from "./support/scratch.ts";
import { withTmpfs } from "./support/tmpfs.ts";

/** The system refuses to write below these folders. */
function refusing(scratch: Scratch, code: string, folders: string[]): Files {
  const { files } = scratch.real;
  const check = (path: string) => {
    if (!folders.some((folder) => path.startsWith(folder))) return;
    throw new PlatformError(code, `Cannot create "${path}": read-only file system`, path);
  };
  return {
    ...files,
    makeDir: (path, mode) => (check(path), files.makeDir(path, mode)),
    createExclusively: (
      path,
      data,
      mode,
    ) => (check(path), files.createExclusively(path, data, mode)),
  };
}

function open(scratch: Scratch, files: Files, env: Record<string, string>): Store {
  const platform: Platform = scratch.platform({ files, env: () => env });
  return openStore(platform, { dir: scratch.dir, keep: 3, maxAgeMs: 30_000 });
}

for (const code of ["EACCES", "EPERM", "EROFS"]) {
  Deno.test(`where the project cannot be written to (${code}), states go to a folder of the user`, () => {
    using scratch = new Scratch();
    const files = refusing(scratch, code, [scratch.dir]);
    const state = join(scratch.root, "state");
    const store = open(scratch, files, { XDG_STATE_HOME: state, HOME: "/nowhere" });
    assertMatch(store.dir, new RegExp(`^${state}/baton/[0-9a-f]{16}$`));
    assertEquals(store.fallback, {
      dir: store.dir,
      why: `cannot create "${scratch.dir}": read-only file system`,
      next: 'Choose a folder that can be written to with "--state-dir"',
    });
    assertEquals(Deno.statSync(store.dir).mode! & 0o777, 0o700);
    scratch.save(store, "kept");
    assertEquals(newestText(open(scratch, files, { XDG_STATE_HOME: state })), "kept");
  });
}

Deno.test("without XDG_STATE_HOME, or with a relative one, it is below the home folder", () => {
  const environments: Record<string, string>[] = [{}, { XDG_STATE_HOME: "state" }];
  for (const env of environments) {
    using scratch = new Scratch();
    const platform = scratch.platform({ env: () => ({ ...env, HOME: scratch.root }) });
    assertEquals(privateFolders(platform)[0], join(scratch.root, ".local", "state", "baton"));
  }
});

Deno.test("where no private folder can be had either, it is a new temporary folder", () => {
  const environments: Record<string, string>[] = [
    { TMPDIR: "/dev/null" },
    { HOME: "/dev/null", TMPDIR: "/dev/null", XDG_RUNTIME_DIR: "/dev/null" },
  ];
  for (const env of environments) {
    using scratch = new Scratch();
    const temporary = join(scratch.root, "temporary");
    const files: Files = {
      ...refusing(scratch, "EROFS", [scratch.dir]),
      makeTempDir: () => {
        Deno.mkdirSync(temporary);
        return temporary;
      },
    };
    const store = open(scratch, files, env);
    assertEquals(store.dir, temporary);
    assertEquals(store.fallback?.dir, temporary);
    assertMatch(store.fallback?.why ?? "", /^no folder is private enough for the key/);
    scratch.save(store, "kept");
    assertEquals(newestText(store), "kept");
  }
});

Deno.test("a folder that fails for another reason is an error, as its states would be lost sight of", () => {
  using scratch = new Scratch();
  scratch.store();
  const files: Files = {
    ...scratch.real.files,
    readDir: (path) => {
      throw new PlatformError("EIO", `Cannot list "${path}": input/output error`, path);
    },
  };
  const { what, where, next } = explained(() => open(scratch, files, { HOME: scratch.root }));
  assertMatch(
    what,
    /^Cannot use the state folder ".+\.baton": cannot list ".+\.baton": input\/output error/,
  );
  assertEquals(where, scratch.dir);
  assertMatch(next!, /"--state-dir"/);
});

Deno.test("a folder that has become read-only is noticed", () => {
  using scratch = new Scratch();
  withTmpfs(scratch.root, "1m", (folder, remount) => {
    const dir = join(folder, ".baton");
    const platform = scratch.platform({ env: () => ({ HOME: join(scratch.root, "home") }) });
    const settings = { dir, keep: 3, maxAgeMs: 30_000 };
    assertEquals(openStore(platform, settings).fallback, null);
    remount("ro");
    const { fallback } = openStore(platform, settings);
    assertMatch(fallback?.why ?? "", /read-only file system/i);
    remount("rw");
    assertEquals(openStore(platform, settings).fallback, null);
  });
});

Deno.test("what programs are to find is in a folder of the user's own, and root's where others can pass", () => {
  using scratch = new Scratch();
  const home = join(scratch.root, "home");
  const modes: (string | number | undefined)[] = [];
  const owned = (uid: number): Files => ({
    ...scratch.real.files,
    makeDir: (path, mode) => void modes.push(path, mode),
    owner(path) {
      const found = scratch.real.files.owner(path);
      return found && { ...found, uid: path === "/" ? 0 : uid, gid: uid, mode: 0o711 };
    },
    realPath: (path) => path,
  });
  const folderOf = (uid: number, env: Record<string, string> = {}, files = owned(uid)) =>
    sharedFolder(scratch.platform({ files, user: { uid, gid: uid }, env: () => env }), "clients");
  assertEquals(folderOf(0, { HOME: home }), "/var/lib/baton/clients");
  assertEquals(modes.slice(-2), ["/var/lib/baton/clients", 0o755]);
  assertEquals(folderOf(1_000, { HOME: home }), join(home, ".local/state/baton/clients"));
  assertEquals(folderOf(1_000, { XDG_STATE_HOME: home }), join(home, "baton/clients"));
  assertEquals(modes.slice(-2), [join(home, "baton/clients"), 0o700]);
  modes.length = 0;
  assertEquals(folderOf(0, { XDG_STATE_HOME: scratch.root }), null);
  assertEquals(modes, []);
  const readOnly = (...prefixes: string[]): Files => ({
    ...owned(1_000),
    makeDir(path) {
      if (!prefixes.some((prefix) => path.startsWith(prefix))) return;
      throw new PlatformError("EROFS", "Cannot create: read-only file system");
    },
  });
  const env = { HOME: home, XDG_RUNTIME_DIR: join(scratch.root, "run") };
  assertEquals(folderOf(1_000, env, readOnly(home)), join(env.XDG_RUNTIME_DIR, "baton/clients"));
  assertEquals(folderOf(1_000, env, readOnly("/")), null);
});
