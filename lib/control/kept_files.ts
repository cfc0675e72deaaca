import { dirname, join, relative } from "@std/path";
import { BatonError, type Explanation } from "../errors.ts";
import { explained, inWords } from "../explain.ts";
import { type Cancel, type Platform, PlatformError } from "../platform/platform.ts";
import { inTheWay, notAlone, notKept } from "./kept_files_errors.ts";
import { ProjectPaths } from "./project_paths.ts";
import type { FileStore, KeptFile, OtherFile } from "../state/files/file_store.ts";
import { contentOf } from "../watch/index/content.ts";
import type { TreeIds } from "../watch/index/tree_ids.ts";
import { inSlices, type Work } from "../watch/slices.ts";

export interface KeptFilesSources {
  readonly platform: Platform;
  readonly cwd: string;
  /** The state folder. */
  readonly dir: string;
  readonly store: FileStore;
  readonly trees: Pick<TreeIds, "of" | "paths" | "content">;
  onTrouble(trouble: Explanation): void;
}

/** What was done to files. */
export interface FilesPutBack {
  /** Relative to the project's folder. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  /** Where the files are that were overwritten or removed; null where none was. */
  readonly aside: string | null;
}

/** A larger file is not kept. */
const MOST_FILE_BYTES = 4_194_304;
/** Nothing is kept of a tree with more files. */
const MOST_FILES = 10_000;
const ASIDE = "overwritten";
const NEXT = "See what keeps the files from being read and written; git has what was committed";

/** Keeps what the watched files hold, and puts it back. Only plain files in the project are, no links. */
export class KeptFiles {
  readonly #with: KeptFilesSources;
  /** What is kept already, by its path: the content as the watch names it. */
  readonly #known = new Map<string, KeptFile & { readonly content: bigint }>();
  readonly #paths: ProjectPaths;
  #cancel: Cancel = () => {};
  #isWanted = false;
  #isClosed = false;
  #isKeeping: Promise<void> | null = null;
  #hasComplained = false;

  constructor(sources: KeptFilesSources) {
    this.#with = sources;
    this.#paths = new ProjectPaths(sources.platform, sources.cwd);
  }

  /** A generation is started: the files are kept once what is under way is done for. */
  soon(): void {
    if (this.#isClosed) return;
    this.#isWanted = true;
    this.#cancel();
    this.#cancel = this.#with.platform.clock.after(0, () => this.#isKeeping ??= this.#keepInTurn());
  }

  /** Resolves once nothing more is kept. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel();
    await this.#isKeeping;
  }

  /**
   * Puts the files of a tree back. What is there now is kept first. Nothing else may be told of changes meanwhile.
   * Throws `BatonError`, before anything is changed, where some of it was not kept or cannot be.
   */
  async putBack(tree: string): Promise<FilesPutBack> {
    await this.#isKeeping;
    await this.#keep();
    const { store, dir, platform: { files } } = this.#with;
    const list = store.tree(tree);
    if (list === null) throw notKept();
    return explained("Cannot put the files back", NEXT, () => {
      const now = new Map([...this.#keptNow()].map((file) => [file.path, file]));
      const then = new Set(list.files.map(({ path }) => path));
      for (const other of list.others) {
        if (!this.#isAsThen(other, then)) throw notAlone(other.path);
      }
      const differing = list.files.filter((file) => !isSame(file, now.get(file.path)));
      const contents = differing.map((file) => ({ file, bytes: this.#checked(file, now) }));
      const removed = [...now.keys()].filter((path) => !then.has(path));
      const lost = [...differing.map(({ path }) => path), ...removed].flatMap((path) =>
        now.get(path) ?? []
      );
      const aside = this.#putAside(lost, join(dir, ASIDE));
      for (const { file, bytes } of contents) {
        const path: string = join(this.#with.cwd, file.path);
        files.makeDir(dirname(path));
        files.writeAtomically(path, bytes, { mode: file.mode & 0o777 });
      }
      for (const path of removed) files.remove(join(this.#with.cwd, path));
      return { written: differing.map(({ path }) => path), removed, aside };
    });
  }

  /** Whether the files of a tree are kept. */
  has(tree: string): boolean {
    return this.#with.store.tree(tree) !== null;
  }

  async #keepInTurn(): Promise<void> {
    while (this.#isWanted) {
      this.#isWanted = false;
      try {
        await this.#keep();
      } catch (error) {
        if (!(error instanceof BatonError)) throw error;
        this.#complain(error);
      }
    }
    this.#isKeeping = null;
  }

  /** Throws `BatonError`. */
  async #keep(): Promise<void> {
    const { platform: { clock }, trees, store } = this.#with;
    const tree = trees.of();
    if (tree === null) return;
    try {
      await inSlices(clock, this.#readAll(), { isOver: () => this.#isClosed });
      // Another change was heard of meanwhile: what is started from that comes here as well.
      if (this.#isClosed || trees.of() !== tree || store.tree(tree) !== null) return;
      store.keep(tree, [...this.#keptNow()], [...this.#others()]);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      throw inWords("Cannot keep what the files hold", "Free the place", error);
    }
  }

  *#readAll(): Work {
    const { trees } = this.#with;
    let count = 0;
    for (const path of trees.paths()) {
      if (++count > MOST_FILES) {
        return this.#complain({
          what: `What the files hold is not kept: there are more than ${MOST_FILES}`,
          next: 'Watch less, with "--watch" or "--ignore"',
        });
      }
      const content = trees.content(path);
      if (content !== undefined && this.#known.get(path)?.content !== content) this.#read(path);
      yield;
    }
  }

  #read(path: string): void {
    const { platform, cwd, store, trees } = this.#with;
    const { files } = platform;
    this.#known.delete(path);
    const stat = files.lstat(path);
    if (stat?.kind !== "file" || stat.sizeBytes > MOST_FILE_BYTES || !this.#paths.has(path)) {
      return;
    }
    const bytes = readOrNull(platform, path);
    const content = bytes === null ? null : contentOf(platform, bytes, stat);
    // It was written since: that has an event, or what was read is not all of it.
    if (bytes === null || content === null || content !== trees.content(path)) return;
    const about = { path: relative(cwd, path), mode: stat.mode & 0o7777, sizeBytes: bytes.length };
    this.#known.set(path, { ...about, sha256: store.put(bytes), content });
  }

  *#keptNow(): Generator<KeptFile> {
    const { trees } = this.#with;
    for (const path of new Set(trees.paths())) {
      const known = this.#known.get(path);
      if (known === undefined || known.content !== trees.content(path)) continue;
      const { content: _, ...file } = known;
      yield file;
    }
  }

  /** Whether it holds what it held, or is a link to one that is put back. */
  #isAsThen({ path, content, leadsTo }: OtherFile, then: ReadonlySet<string>): boolean {
    const there: string = join(this.#with.cwd, path);
    if (String(this.#with.trees.content(there)) === content) return true;
    return leadsTo !== undefined && then.has(leadsTo) && this.#paths.leadsTo(there) === leadsTo;
  }

  /** Files that count and are not kept: of those nothing can be put back. */
  *#others(): Generator<OtherFile> {
    const { trees, cwd } = this.#with;
    for (const path of new Set(trees.paths())) {
      const content = trees.content(path);
      if (this.#known.get(path)?.content === content) continue;
      const leadsTo = this.#paths.leadsTo(path);
      yield { path: relative(cwd, path), content: String(content), leadsTo };
    }
  }

  /** What is to be written, after all was looked at that could speak against it. */
  #checked(file: KeptFile, now: ReadonlyMap<string, KeptFile>): Uint8Array {
    const { store, cwd, platform: { files } } = this.#with;
    const path: string = join(cwd, file.path);
    const there = files.lstat(path);
    const isOwn = this.#paths.has(path);
    if (!isOwn || there !== null && !now.has(file.path)) throw inTheWay(file.path, isOwn);
    const bytes = store.get(file);
    if (bytes === null) throw notKept();
    return bytes;
  }

  #putAside(lost: readonly KeptFile[], to: string): string | null {
    const { files } = this.#with.platform;
    if (lost.length === 0) return null;
    files.remove(to, { recursive: true });
    for (const file of lost) {
      const bytes = this.#with.store.get(file);
      if (bytes === null) throw notKept();
      files.makeDir(dirname(join(to, file.path)), 0o700);
      files.writeAtomically(join(to, file.path), bytes, { mode: file.mode & 0o700 });
    }
    return to;
  }

  #complain(trouble: Explanation): void {
    if (this.#hasComplained) return;
    this.#hasComplained = true;
    const { what, where, next } = trouble;
    this.#with.onTrouble({ what, where, next });
  }
}

function isSame(file: KeptFile, other: KeptFile | undefined): boolean {
  return file.sha256 === other?.sha256 && file.mode === other.mode;
}

function readOrNull({ files }: Platform, path: string): Uint8Array | null {
  try {
    return files.readRegular(path, { maxBytes: MOST_FILE_BYTES, follow: false });
  } catch (error) {
    if (error instanceof PlatformError) return null;
    throw error;
  }
}
