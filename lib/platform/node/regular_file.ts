import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { type FileDigest, PlatformError } from "../platform.ts";
import { systemError } from "./system_error.ts";

const CHUNK_BYTES = 262_144;

/** Never waits for the other end of a FIFO, as plain opening does. */
const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW, O_WRONLY, O_CREAT, O_EXCL } = fs.constants;

export interface RegularFileOptions {
  /** Whether a symbolic link is followed to the file. */
  readonly follow: boolean;
  /** A file that is larger is refused. */
  readonly maxBytes: number;
}

/** All of a regular file; throws `ELOOP` for a link, `EFTYPE` for what is no file, `EFBIG` for a larger one. */
export function readRegular(path: string, { follow, maxBytes }: RegularFileOptions): Uint8Array {
  return withRegular(path, follow, maxBytes, (descriptor, size) => {
    const bytes = new Uint8Array(size);
    let length = 0;
    for (let count = -1; count !== 0 && length < size; length += count) {
      count = fs.readSync(descriptor, bytes, length, size - length, null);
    }
    return bytes.subarray(0, length);
  });
}

/**
 * What is in a regular file, read piece by piece; with `copyTo` the same pieces are written to a new file
 * that only this user may read. Throws as `readRegular` does, and `EEXIST` where the copy is there already.
 */
export function digestRegular(path: string, maxBytes: number, copyTo?: string): FileDigest {
  return withRegular(path, false, maxBytes, (descriptor, size, inode) => {
    const hash = createHash("sha256");
    const piece = new Uint8Array(Math.min(CHUNK_BYTES, size + 1));
    const copy = copyTo === undefined ? null : new Copy(copyTo);
    let sizeBytes = 0;
    try {
      for (;;) {
        const count = fs.readSync(descriptor, piece, 0, piece.length, null);
        if (count === 0) break;
        sizeBytes += count;
        if (sizeBytes > maxBytes) throw tooLarge(path, maxBytes);
        hash.update(piece.subarray(0, count));
        copy?.write(piece.subarray(0, count));
      }
    } catch (error) {
      copy?.remove();
      throw error;
    } finally {
      copy?.close();
    }
    return { sizeBytes, sha256: hash.digest("hex"), inode };
  });
}

function withRegular<T>(
  path: string,
  follow: boolean,
  maxBytes: number,
  run: (descriptor: number, size: number, inode: number) => T,
): T {
  const descriptor = open(path, O_RDONLY | O_NONBLOCK | (follow ? 0 : O_NOFOLLOW));
  try {
    const found = fs.fstatSync(descriptor);
    if (!found.isFile()) {
      throw noFile(path, found.isDirectory() ? "a folder" : "a pipe or a device");
    }
    if (found.size > maxBytes) throw tooLarge(path, maxBytes);
    return run(descriptor, found.size, found.ino);
  } finally {
    fs.closeSync(descriptor);
  }
}

function open(path: string, flags: number): number {
  try {
    return fs.openSync(path, flags);
  } catch (error) {
    // So the system says of a socket, and of a device that nothing is behind.
    if (OPENS_NOTHING.has(systemError(error, "open", path).code)) {
      throw noFile(path, "a socket or a device");
    }
    throw error;
  }
}

const OPENS_NOTHING: ReadonlySet<string> = new Set(["ENXIO", "ENODEV", "EOPNOTSUPP"]);

function noFile(path: string, kind: string): PlatformError {
  return new PlatformError("EFTYPE", `Cannot read "${path}": it is ${kind}, not a file`, path);
}

/** A new file that only this user may read. */
class Copy {
  readonly #descriptor: number;

  constructor(readonly path: string) {
    const flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
    this.#descriptor = this.#attempt(() => fs.openSync(path, flags, 0o600));
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const from = at;
      const left = bytes.length - from;
      at += this.#attempt(() => fs.writeSync(this.#descriptor, bytes, from, left));
    }
  }

  remove(): void {
    fs.rmSync(this.path, { force: true });
  }

  close(): void {
    fs.closeSync(this.#descriptor);
  }

  #attempt<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw systemError(error, `write "${this.path}"`, this.path);
    }
  }
}

function tooLarge(path: string, maxBytes: number): PlatformError {
  const what = `Cannot read "${path}": larger than ${maxBytes} bytes`;
  return new PlatformError("EFBIG", what, path);
}
