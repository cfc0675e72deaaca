import { relative } from "@std/path";
import type { Platform } from "../../platform/platform.ts";
import { childOf } from "../../paths/path.ts";
import type { Work } from "../slices.ts";
import type { Baselines } from "./baselines.ts";
import type { Content } from "./content.ts";
import type { FileIndex } from "./file_index.ts";

/** Of the name of a tree: 64 bits. */
const HEX_DIGITS = 16;
/** The baseline that the sum of all files is of. */
const COUNTED = "tree";

/**
 * Names the content of the whole tree by one number, now or when a generation was started. All files are counted
 * once, when all were read; after that only those that have changed since.
 */
export class TreeIds {
  readonly #sha256: Platform["sha256"];
  readonly #cwd: string;
  /** There is none before the watch is armed. */
  readonly #index: () => FileIndex | undefined;
  readonly #baselines: Baselines<number | string>;
  #sum: bigint | null = null;

  constructor(
    { sha256 }: Pick<Platform, "sha256">,
    cwd: string,
    index: () => FileIndex | undefined,
    baselines: Baselines<number | string>,
  ) {
    this.#sha256 = sha256;
    this.#cwd = cwd;
    this.#index = index;
    this.#baselines = baselines;
  }

  /** Every file that counts, absolute; a path that is reached in two ways comes twice. */
  *paths(): Generator<string> {
    for (const folder of this.#index()?.folders ?? []) {
      for (const name of folder.files.keys()) yield childOf(folder.path, name);
    }
  }

  /** What a file held when it was looked at last. */
  content(path: string): Content {
    const index = this.#index();
    return index === undefined ? null : index.content(path);
  }

  /** Counts all files. What changes meanwhile counts as it was before. */
  *count(): Work {
    const index = this.#index();
    if (index === undefined) return;
    this.#baselines.take(COUNTED);
    const counted = new Set<string>();
    let sum = 0n;
    const add = (path: string) => {
      if (counted.has(path)) return;
      counted.add(path);
      sum ^= this.#hash(path, this.#baselines.held(COUNTED, path));
    };
    for (const folder of index.folders) {
      for (const name of folder.files.keys()) add(childOf(folder.path, name));
      yield;
    }
    for (const path of this.#baselines.written(COUNTED)) add(path);
    this.#sum = sum;
  }

  /** Of the tree as it is known now, or was when `name` was marked; null where some of it was not read. */
  of(name: number | string = NOW): string | null {
    if (this.#sum === null || name !== NOW && !this.#baselines.has(name)) return null;
    let sum = this.#sum;
    const paths = [COUNTED, name].flatMap((one) => this.#baselines.written(one));
    for (const path of new Set(paths)) {
      const content = this.#baselines.held(name, path);
      if (content === undefined) return null;
      sum ^= this.#hash(path, this.#baselines.held(COUNTED, path)) ^ this.#hash(path, content);
    }
    return sum.toString(16).padStart(HEX_DIGITS, "0");
  }

  /** Nothing, and what nobody has read, adds nothing. */
  #hash(path: string, content: Content): bigint {
    if (content === null || content === undefined) return 0n;
    const text = `${relative(this.#cwd, path)}\0${content}`;
    // Not by a digest that is a sum itself: two files that swap what they hold would be the same tree.
    return BigInt(`0x${this.#sha256(new TextEncoder().encode(text)).slice(0, HEX_DIGITS)}`);
  }
}

/** No baseline has this name, so that all is held as it is now. */
const NOW = "now";
