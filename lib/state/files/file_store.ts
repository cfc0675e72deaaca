/**
 * # Theory of operation
 *
 * With `--keep-files` baton keeps what the watched files held under each tree that a program was started from, in the
 * folder `files` of the state folder: each content once, by its SHA-256, and of each tree a sealed list of the files
 * and their contents. What is oldest goes first where that is more than `MOST_BYTES`.
 */
import { join } from "@std/path";
import { entriesOf, refusedBySystem } from "../../explain.ts";
import type { Platform } from "../../platform/platform.ts";
import type { StateFolder } from "../folder.ts";

/** A file as it was. */
export interface KeptFile {
  /** Relative to the project's folder. */
  readonly path: string;
  readonly sha256: string;
  readonly mode: number;
  readonly sizeBytes: number;
}

/** The files of a tree. */
export interface KeptTree {
  readonly tree: string;
  /** When it was kept first, in milliseconds since 1970. */
  readonly keptAt: number;
  readonly files: readonly KeptFile[];
  readonly others: readonly OtherFile[];
}

/** A file that is not kept: what it held, as the watch names that. */
export interface OtherFile {
  readonly path: string;
  readonly content: string;
  /** Of a link, or what is behind one: the file in the project that it is, relative to that. */
  readonly leadsTo?: string | undefined;
}

const PURPOSE = "files";
const TREE = /^[0-9a-f]{16}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const MOST_LIST_BYTES = 16_777_216;
/** So much is kept, lists among it. */
const MOST_BYTES = 67_108_864;
/** Of a list, in bytes for each of its files, about. */
const LINE_BYTES = 160;

/** Keeps contents and the lists of trees. All methods throw `PlatformError`. */
export class FileStore {
  readonly #platform: Platform;
  readonly #folder: Pick<StateFolder, "dir" | "sealer" | "ensure">;
  readonly #mostBytes: number;
  readonly #dir: string;
  /** What was put since it was looked at what is in no list. */
  #putBytes = 0;
  /** Of this and earlier runs, the oldest first; null before they were read. */
  #trees: KeptTree[] | null = null;

  constructor(
    platform: Platform,
    folder: Pick<StateFolder, "dir" | "sealer" | "ensure">,
    mostBytes: number = MOST_BYTES,
  ) {
    this.#platform = platform;
    this.#folder = folder;
    this.#mostBytes = mostBytes;
    this.#dir = join(folder.dir, "files");
  }

  /** Keeps a content, and says what it is called. */
  put(bytes: Uint8Array): string {
    const { files, sha256: digest } = this.#platform;
    const sha256 = digest(bytes);
    const path = this.#contentPath(sha256);
    if (files.owner(path) === null) {
      this.#ensure();
      files.writeAtomically(path, bytes, { mode: 0o600 });
      this.#putBytes += bytes.length;
    }
    return sha256;
  }

  /** A content; null where it is there no more, or is not what it was. */
  get({ sha256, sizeBytes }: KeptFile): Uint8Array | null {
    const { files, sha256: digest } = this.#platform;
    try {
      const path = this.#contentPath(sha256);
      const bytes = files.readRegular(path, { maxBytes: sizeBytes, follow: false });
      return digest(bytes) === sha256 ? bytes : null;
    } catch (error) {
      refusedBySystem(error);
      return null;
    }
  }

  /** The files of a tree; null where they were not kept, or are kept no more. */
  tree(tree: string): KeptTree | null {
    return this.#known().find((one) => one.tree === tree) ?? null;
  }

  /** Keeps the list of a tree, whose contents were put, as the newest; and lets go of what is too much. */
  keep(tree: string, kept: readonly KeptFile[], others: readonly OtherFile[] = []): void {
    const { files, clock } = this.#platform;
    const list: KeptTree = { tree, keptAt: clock.wallNow(), files: kept, others };
    this.#ensure();
    files.writeAtomically(this.#listPath(tree), this.#folder.sealer.seal(PURPOSE, list), {
      mode: 0o600,
    });
    this.#trees = [...this.#known().filter((one) => one.tree !== tree), list];
    this.#letGo();
  }

  #letGo(): void {
    const trees = this.#known();
    const wanted = new Set<string>();
    let bytes = 0;
    let first = trees.length;
    while (first > 0) {
      const { files, others } = trees[first - 1]!;
      for (const { sha256, sizeBytes } of files) {
        if (!wanted.has(sha256)) bytes += sizeBytes;
        wanted.add(sha256);
      }
      bytes += (files.length + others.length) * LINE_BYTES;
      if (bytes > this.#mostBytes) break;
      first -= 1;
    }
    if (first === 0 && this.#putBytes < this.#mostBytes) return;
    this.#putBytes = 0;
    const { files } = this.#platform;
    for (const { tree } of trees.splice(0, first)) files.remove(this.#listPath(tree));
    const used = new Set(trees.flatMap((one) => one.files.map(({ sha256 }) => sha256)));
    for (const { name } of entriesOf(files, this.#dir)) {
      if (SHA256.test(name) && !used.has(name)) files.remove(this.#contentPath(name));
    }
  }

  #known(): KeptTree[] {
    this.#trees ??= entriesOf(this.#platform.files, this.#dir)
      .flatMap(({ name }) => TREE.test(name) ? this.#read(name) ?? [] : [])
      .sort((a, b) => a.keptAt - b.keptAt);
    return this.#trees;
  }

  #read(tree: string): KeptTree | null {
    try {
      const path = this.#listPath(tree);
      const options = { maxBytes: MOST_LIST_BYTES, follow: false };
      const bytes = this.#platform.files.readRegular(path, options);
      const list = this.#folder.sealer.open(PURPOSE, new TextDecoder().decode(bytes));
      return (list as KeptTree | null)?.tree === tree ? list as KeptTree : null;
    } catch (error) {
      refusedBySystem(error);
      return null;
    }
  }

  #ensure(): void {
    this.#folder.ensure();
    if (this.#platform.files.owner(this.#dir) === null) {
      this.#platform.files.makeDir(this.#dir, 0o700);
    }
  }

  #contentPath(sha256: string): string {
    return join(this.#dir, sha256);
  }

  #listPath(tree: string): string {
    return join(this.#dir, tree);
  }
}
