import { errorName, type Libc } from "./libc.ts";
import type { EntryKind, Stat } from "../platform.ts";
import { NO_STAMP, stampOf } from "./stamp.ts";

// Of statx(2).
const FROM_WORKING_FOLDER = -100;
const DO_NOT_FOLLOW = 0x100;
const BASIC_STATS = 0x7ff;
const STRUCT_BYTES = 256;

/** Where its fields are, by words of 32 bits; of two words the lower comes first. */
const LINKS = 4;
const MODE = 7;
const INODE = 8;
const SIZE = 10;
const CHANGED = 24;
const MODIFIED = 28;
const DEVICE_MAJOR = 34;
const DEVICE_MINOR = 35;
const STAMPED = [MODE, INODE, 9, SIZE, 11, CHANGED, 25, 26, MODIFIED, 29, 30, 34, 35];

const WORD = 2 ** 32;

/** A number holds so many bits above a word exactly. */
const EXACT_BITS = 21;
const EXACT = 2 ** EXACT_BITS - 1;

// Of inode(7).
const KIND_BITS = 0o170000;
const KINDS: Readonly<Record<number, EntryKind>> = {
  0o040000: "directory",
  0o100000: "file",
  0o120000: "symlink",
};

const LONGEST_PATH_BYTES = 4096;

/** Looks at files by one call to the C library each. Undefined is what it cannot tell, for a runtime to tell. */
export class Statx {
  readonly #libc: Libc;
  readonly #encoder = new TextEncoder();
  readonly #path = new Uint8Array(LONGEST_PATH_BYTES);
  readonly #struct = new Uint8Array(STRUCT_BYTES);
  readonly #words = new Uint32Array(this.#struct.buffer);
  /** What `#path` begins with, where `stamp` left it, and the rest of it for a name. */
  #folder: string | null = null;
  #rest = this.#path;

  constructor(libc: Libc) {
    this.#libc = libc;
  }

  /** Null where nothing is there. */
  stat(path: string, follow: boolean): Stat | null | undefined {
    this.#folder = null;
    if (!this.#fits(path, this.#path)) return undefined;
    if (this.#call(follow ? 0 : DO_NOT_FOLLOW)) return this.#stat();
    return this.#isNothingThere() ? null : undefined;
  }

  stamp(folder: string, name: string): number | undefined {
    if (folder !== this.#folder) this.#enter(folder);
    if (!this.#fits(name, this.#rest)) return undefined;
    if (this.#call(0)) return stampOf(this.#words, STAMPED);
    return this.#isNothingThere() ? NO_STAMP : undefined;
  }

  release(): void {
    this.#libc.release();
  }

  /** Most looks are into the folder of the look before. */
  #enter(folder: string): void {
    const { read, written } = this.#encoder.encodeInto(`${folder}/`, this.#path);
    this.#folder = folder;
    this.#rest = this.#path.subarray(read > folder.length ? written : this.#path.length);
  }

  #fits(text: string, into: Uint8Array<ArrayBuffer>): boolean {
    const { read, written } = this.#encoder.encodeInto(text, into);
    if (read < text.length || written >= into.length) return false;
    into[written] = 0;
    return true;
  }

  #call(flags: number): boolean {
    const from = FROM_WORKING_FOLDER;
    return this.#libc.statx(from, this.#path, flags, BASIC_STATS, this.#struct) === 0;
  }

  #isNothingThere(): boolean {
    const name = errorName(this.#libc.errno());
    return name === "ENOENT" || name === "ENOTDIR";
  }

  #stat(): Stat {
    const words = this.#words;
    const mode = words[MODE]! & 0xffff;
    return {
      kind: KINDS[mode & KIND_BITS] ?? "other",
      sizeBytes: this.#wide(SIZE),
      mtimeMs: this.#time(MODIFIED),
      ctimeMs: this.#time(CHANGED),
      inode: this.#inode(),
      device: deviceOf(words[DEVICE_MAJOR]!, words[DEVICE_MINOR]!),
      mode,
      links: words[LINKS]!,
    };
  }

  /** One that is too big for a number, as of layers, is folded into as many bits as a number holds. */
  #inode(): number {
    const high = this.#words[INODE + 1];
    return ((high! ^ high! >>> EXACT_BITS) & EXACT) * WORD + this.#words[INODE]!;
  }

  #wide(at: number): number {
    return this.#words[at + 1]! * WORD + this.#words[at]!;
  }

  /** Seconds, which are below 0 before 1970, and nanoseconds. */
  #time(at: number): number {
    const seconds = (this.#words[at + 1]! | 0) * WORD + this.#words[at]!;
    return seconds * 1_000 + this.#words[at + 2]! / 1_000_000;
  }
}

/** As makedev(3) has it, and runtimes. */
function deviceOf(major: number, minor: number): number {
  const [low, fine] = [major % 4_096, minor % 256];
  return (major - low) * WORD + (minor - fine) * 4_096 + low * 256 + fine;
}
