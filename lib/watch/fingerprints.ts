import type { Stat } from "../platform/platform.ts";
import { stepOf } from "./since.ts";

const UNREAD = 0;
const READ = 1;
/** Read so soon after a write that a further write may have left the same times. */
const DOUBTFUL = 2;

/** File systems stamp times in steps; two writes within one step cannot be told apart by them. */
export const TIME_STEP_MS = 100;

/**
 * The fingerprints of all watched files, one row each, in columns: a row costs 43 bytes, and nothing of it
 * is an object that the garbage collector has to visit.
 */
export class Fingerprints {
  #size = new Float64Array(64);
  #mtime = new Float64Array(64);
  #ctime = new Float64Array(64);
  #inode = new Float64Array(64);
  #mode = new Uint16Array(64);
  #content = new BigUint64Array(64);
  #state = new Uint8Array(64);
  #used = 0;
  readonly #free: number[] = [];

  get count(): number {
    return this.#used - this.#free.length;
  }

  add(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#used === this.#size.length) this.#grow();
    return this.#used++;
  }

  remove(row: number): void {
    this.#free.push(row);
  }

  /** Whether the file is certainly as it was when the row was written. */
  matches(row: number, stat: Stat): boolean {
    return this.#state[row] !== DOUBTFUL && this.looksLike(row, stat);
  }

  /** Whether size, times, mode and inode are what they were: a change time that is cut tells of no chmod. */
  looksLike(row: number, stat: Stat): boolean {
    return this.#size[row] === stat.sizeBytes && this.#mtime[row] === stat.mtimeMs &&
      this.#ctime[row] === stat.ctimeMs && this.#inode[row] === stat.inode &&
      this.#mode[row] === (stat.mode & 0xffff);
  }

  /** Whether the file was written, or replaced by another, since the row was. */
  isWritten(row: number, stat: Stat): boolean {
    return this.#mtime[row] !== stat.mtimeMs || this.#inode[row] !== stat.inode;
  }

  /** `takenAt` is the wall clock at the time of the stat. */
  write(row: number, stat: Stat, content: bigint | undefined, takenAt: number): void {
    this.#size[row] = stat.sizeBytes;
    this.#mtime[row] = stat.mtimeMs;
    this.#ctime[row] = stat.ctimeMs;
    this.#inode[row] = stat.inode;
    this.#mode[row] = stat.mode;
    this.#content[row] = content ?? 0n;
    this.#state[row] = content === undefined
      ? UNREAD
      : Math.abs(takenAt - stat.ctimeMs) < stepOf(stat, TIME_STEP_MS)
      ? DOUBTFUL
      : READ;
  }

  content(row: number): bigint | undefined {
    return this.#state[row] === UNREAD ? undefined : this.#content[row];
  }

  #grow(): void {
    const length = Math.ceil(this.#used * 1.5);
    this.#size = longer(this.#size, new Float64Array(length));
    this.#mtime = longer(this.#mtime, new Float64Array(length));
    this.#ctime = longer(this.#ctime, new Float64Array(length));
    this.#inode = longer(this.#inode, new Float64Array(length));
    this.#mode = longer(this.#mode, new Uint16Array(length));
    this.#content = longer(this.#content, new BigUint64Array(length));
    this.#state = longer(this.#state, new Uint8Array(length));
  }
}

function longer<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
