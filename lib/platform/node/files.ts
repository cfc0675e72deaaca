import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, resolve } from "node:path";
import type { Entry, EntryKind, Files, Owner, Stat } from "../platform.ts";
import { type Listed, listFolder } from "./list_folder.ts";
import { digestRegular, readRegular } from "./regular_file.ts";
import { systemError } from "./system_error.ts";

/** No file that is read as a whole is larger. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Files through `node:fs`, which both runtimes have. */
export const nodeFiles: Omit<Files, "direct"> = {
  readBytes: (path, room) =>
    attempt("read", path, () =>
      (room && readInto(room, path)) ??
        readRegular(path, { maxBytes: MOST_BYTES, follow: true })),
  readText: (path) => attempt("read", path, () => fs.readFileSync(path, "utf8")),
  readRegular: (path, options) => attempt("read", path, () => readRegular(path, options)),
  digestRegular: (path, maxBytes, copyTo) =>
    attempt("read", path, () => digestRegular(path, maxBytes, copyTo)),
  owner: (path) => lookOrNull(path, fs.lstatSync, ownerOf),
  stat: (path) => lookOrNull(path, fs.statSync, statOf),
  lstat: (path) => lookOrNull(path, fs.lstatSync, statOf),
  readDir: (path) => attempt("list", path, () => listFolder(path).map(entryOf)),
  readLink: (path) => attempt("read the link", path, () => fs.readlinkSync(path)),
  realPath: (path) => attempt("resolve", path, () => fs.realpathSync(path)),
  makeDir: (path, mode) =>
    attempt("create", path, () => void fs.mkdirSync(path, { recursive: true, mode })),
  makeTempDir(prefix) {
    const start = resolve(tmpdir(), prefix);
    return attempt("create a folder in", dirname(start), () => fs.mkdtempSync(start));
  },
  writeAtomically(path, data, { mode, sync = false } = {}) {
    attempt("write", path, () => {
      const temporary = `${path}.${randomUUID()}.tmp`;
      try {
        // Where a mode is named Deno sets just that, whatever the umask.
        fs.writeFileSync(temporary, data, { ...mode === undefined ? {} : { mode }, flag: "wx" });
        if (sync) flush(temporary);
        fs.renameSync(temporary, path);
      } catch (error) {
        fs.rmSync(temporary, { force: true });
        throw error;
      }
      if (sync) flush(dirname(path));
    });
  },
  createExclusively: (path, data, mode = 0o666) =>
    attempt("create", path, () => {
      try {
        // Not by `writeFileSync`: on Deno that sets the mode by name, after another may have removed it.
        const file = fs.openSync(path, "wx", mode);
        try {
          fs.writeFileSync(file, data);
        } catch (error) {
          fs.rmSync(path);
          throw error;
        } finally {
          fs.closeSync(file);
        }
        return true;
      } catch (error) {
        if (systemError(error, "create", path).code === "EEXIST") return false;
        throw error;
      }
    }),
  link: (from, to) =>
    attempt("link", to, () => {
      try {
        fs.linkSync(from, to);
        return true;
      } catch (error) {
        if (systemError(error, "link", to).code === "EEXIST") return false;
        throw error;
      }
    }),
  chown: (path, uid) => attempt("change the owner of", path, () => fs.chownSync(path, uid, -1)),
  setModified: (path, ms) => attempt("date", path, () => fs.utimesSync(path, ms / 1000, ms / 1000)),
  chmod: (path, mode) => attempt("change the mode of", path, () => fs.chmodSync(path, mode)),
  sync: (path) => attempt("sync", path, () => flush(path)),
  copy: (from, to) => attempt("copy", from, () => fs.copyFileSync(from, to)),
  rename: (from, to) => attempt("rename", from, () => fs.renameSync(from, to)),
  remove: (path, { recursive = false } = {}) =>
    attempt(
      "remove",
      path,
      () => recursive ? fs.rmSync(path, { recursive, force: true }) : unlink(path),
    ),
  isExecutable(path) {
    try {
      fs.accessSync(path, fs.constants.X_OK);
      return fs.statSync(path).isFile();
    } catch (error) {
      const { code } = systemError(error, "look at", path);
      if (code === "EACCES" || code === "ENOENT" || code === "ENOTDIR") return false;
      throw systemError(error, "look at", path);
    }
  },
};

/** Faster than `rmSync`, which looks twice at what it removes. */
function unlink(path: string): void {
  try {
    fs.unlinkSync(path);
  } catch (error) {
    if (systemError(error, "remove", path).code !== "ENOENT") throw error;
  }
}

function attempt<T>(verb: string, path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw systemError(error, `${verb} "${path}"`, path);
  }
}

/** Null where it may not be all. */
function readInto(room: Uint8Array, path: string): Uint8Array | null {
  const file = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  try {
    let length = 0;
    for (let count = -1; count !== 0; length += count) {
      count = fs.readSync(file, room, length, room.length - length, null);
    }
    return length < room.length ? room.subarray(0, length) : null;
  } finally {
    fs.closeSync(file);
  }
}

function flush(path: string): void {
  const descriptor = fs.openSync(path, "r");
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function entryOf(entry: Listed): Entry {
  return { name: entry.name, kind: kindOf(entry) };
}

function kindOf(what: Omit<Listed, "name">): EntryKind {
  if (what.isFile()) return "file";
  if (what.isDirectory()) return "directory";
  return what.isSymbolicLink() ? "symlink" : "other";
}

function lookOrNull<T>(
  path: string,
  stat: (path: string, options: { throwIfNoEntry: false }) => fs.Stats | undefined,
  toResult: (stat: fs.Stats) => T,
): T | null {
  try {
    const found = stat(path, { throwIfNoEntry: false });
    return found === undefined ? null : toResult(found);
  } catch (error) {
    const failure = systemError(error, `look at "${path}"`, path);
    if (failure.code === "ENOENT" || failure.code === "ENOTDIR") return null;
    throw failure;
  }
}

function statOf(stat: fs.Stats): Stat {
  return {
    kind: kindOf(stat),
    sizeBytes: stat.size,
    mtimeMs: stat.mtimeMs,
    ctimeMs: stat.ctimeMs,
    inode: stat.ino,
    device: stat.dev,
    mode: stat.mode,
    links: stat.nlink,
  };
}

function ownerOf(stat: fs.Stats): Owner {
  const { uid, gid, mode, ino: inode, birthtimeMs } = stat;
  return { kind: kindOf(stat), uid, gid, mode, inode, bornMs: birthtimeMs || null };
}
