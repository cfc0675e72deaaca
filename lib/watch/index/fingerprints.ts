import type { Stat } from "../../platform/platform.ts";
import { stepOf } from "./since.ts";

const UNREAD = 0;
const READ = 1;
/** Read so soon after a write that a further write may have left the same times. */
const RACY = 2;

/** File systems stamp times in steps; two writes within one step cannot be told apart by them. */
export const TIME_STEP_MS = 100;

/**
 * - `changed`: the file is not as it was when it was read.
 * - `racing`: it looks so, but may have been written again at the same time, and may be once more.
 * - `racy`: it looks so, but may have been written again at the same time.
 */
export type Freshness = "same" | "changed" | "racing" | "racy";

const PAGE_ROWS = 1_024;

/** So many rows, in columns. */
class Page {
  readonly size = new Float64Array(PAGE_ROWS);
  readonly mtime = new Float64Array(PAGE_ROWS);
  readonly ctime = new Float64Array(PAGE_ROWS);
  readonly inode = new Float64Array(PAGE_ROWS);
  readonly mode = new Uint16Array(PAGE_ROWS);
  readonly content = new BigUint64Array(PAGE_ROWS);
  readonly state = new Uint8Array(PAGE_ROWS);
}

/**
 * The fingerprints of all watched files, one row each: a row costs 43 bytes, nothing of it is an object that
 * the garbage collector has to visit, and none is copied when there are more.
 */
export class Fingerprints {
  readonly #pages: Page[] = [];
  #used = 0;
  readonly #free: number[] = [];

  get count(): number {
    return this.#used - this.#free.length;
  }

  add(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#used === this.#pages.length * PAGE_ROWS) this.#pages.push(new Page());
    return this.#used++;
  }

  remove(row: number): void {
    this.#free.push(row);
  }

  /** Whether the file is certainly as it was when the row was written. */
  matches(row: number, stat: Stat): boolean {
    return this.#pageOf(row).state[row % PAGE_ROWS] !== RACY && this.looksLike(row, stat);
  }

  /** Whether size, times, mode and inode are what they were: a change time that is cut tells of no chmod. */
  looksLike(row: number, stat: Stat): boolean {
    const { size, mtime, ctime, inode, mode } = this.#pageOf(row);
    const at = row % PAGE_ROWS;
    return size[at] === stat.sizeBytes && mtime[at] === stat.mtimeMs &&
      ctime[at] === stat.ctimeMs && inode[at] === stat.inode && mode[at] === (stat.mode & 0xffff);
  }

  /** What can be said of the file without reading it. */
  freshness(row: number, stat: Stat, wallNow: number): Freshness {
    if (!this.looksLike(row, stat)) return "changed";
    if (this.matches(row, stat)) return "same";
    return isRacy(stat, wallNow) ? "racing" : "racy";
  }

  /** Whether the file was written, or replaced by another, since the row was. */
  isWritten(row: number, stat: Stat): boolean {
    const { mtime, inode } = this.#pageOf(row);
    return mtime[row % PAGE_ROWS] !== stat.mtimeMs || inode[row % PAGE_ROWS] !== stat.inode;
  }

  /** `takenAt` is the wall clock at the time of the stat. */
  write(row: number, stat: Stat, content: bigint | undefined, takenAt: number): void {
    const page = this.#pageOf(row);
    const at = row % PAGE_ROWS;
    page.size[at] = stat.sizeBytes;
    page.mtime[at] = stat.mtimeMs;
    page.ctime[at] = stat.ctimeMs;
    page.inode[at] = stat.inode;
    page.mode[at] = stat.mode;
    page.content[at] = content ?? 0n;
    page.state[at] = content === undefined ? UNREAD : isRacy(stat, takenAt) ? RACY : READ;
  }

  content(row: number): bigint | undefined {
    const { state, content } = this.#pageOf(row);
    return state[row % PAGE_ROWS] === UNREAD ? undefined : content[row % PAGE_ROWS];
  }

  #pageOf(row: number): Page {
    return this.#pages[Math.floor(row / PAGE_ROWS)]!;
  }
}

function isRacy(stat: Stat, wallNow: number): boolean {
  return Math.abs(wallNow - stat.ctimeMs) < stepOf(stat, TIME_STEP_MS);
}
