import { findLive, type StoredState } from "../decide/context.ts";
import type { Machine } from "../decide/machine.ts";
import { BatonError } from "../errors.ts";
import type { Item } from "../report/item.ts";
import type { Watch } from "../watch/watch.ts";
import type { Rewound } from "./answers.ts";
import type { FilesPutBack, KeptFiles } from "./kept_files.ts";
import { keptState } from "./kept_states.ts";
import type { Rewinds } from "./rewinds.ts";

export interface FileRewindSources {
  /** Null where no files are kept. */
  readonly kept: Pick<KeptFiles, "putBack" | "has"> | null;
  readonly rewinds: Pick<Rewinds, "find" | "recall" | "goBack" | "expect">;
  readonly watch: Pick<Watch, "sync"> & {
    readonly trees: Pick<Watch["trees"], "of">;
  };
  machine(): Machine;
  isGood(generation: number): boolean;
  /** Nothing is made of changes until what is returned is called: then all since are one. */
  hold(): () => void;
  log(item: Item): void;
}

/** A version of the files, and the state that goes with it: none where what serves goes on. */
interface Pair {
  readonly tree: string;
  readonly state: StoredState | null;
}

/** Takes the files back together with the state: all that is written is one change, and is handed that state. */
export class FileRewinds {
  readonly #with: FileRewindSources;
  /** Which files there were when a generation was left for others. */
  #left: { readonly generation: number; readonly tree: string } | null = null;

  constructor(sources: FileRewindSources) {
    this.#with = sources;
  }

  /** As `Rewinds.rewind`, with the files. Throws `BatonError`, before anything is changed, where it cannot be. */
  async rewind(back: number | null): Promise<Rewound> {
    const { kept, rewinds, machine, watch: { trees } } = this.#with;
    if (kept === null) throw notAsked();
    const pair = this.#find(back);
    const state = pair.state === null ? null : rewinds.recall(pair.state);
    const live = findLive(machine().context);
    const before = trees.of();
    const files = await this.#putBack(kept, pair.tree, state);
    const leaves = state !== null && live !== null && before !== null;
    if (leaves) this.#left = { generation: live.number, tree: before };
    this.#tell(files);
    const generation = state?.envelope.generation ?? live?.number ?? null;
    return { generation, state: state && keptState(state), files };
  }

  async #putBack(
    kept: Pick<KeptFiles, "putBack">,
    tree: string,
    state: StoredState | null,
  ): Promise<FilesPutBack> {
    const { rewinds, watch, machine, hold } = this.#with;
    const release = hold();
    try {
      const files = await kept.putBack(tree);
      await watch.sync();
      const now = watch.trees.of();
      const live = findLive(machine().context);
      // Where what serves was started from these files, no change comes of them.
      const comes = live === null || watch.trees.of(live.number) !== now;
      if (state !== null && comes && now !== null && changes(files)) rewinds.expect(now, state);
      else if (state !== null) rewinds.goBack(state);
      return files;
    } finally {
      release();
    }
  }

  /** Throws `BatonError` where there is none, or its files are not kept. */
  #find(back: number | null): Pair {
    const { kept, rewinds, machine, isGood, watch: { trees } } = this.#with;
    const live = findLive(machine().context);
    const own = live === null ? null : trees.of(live.number);
    // The last edit has failed, or is not tried yet: what serves is the last good one.
    if (
      back === null && live !== null && own !== null && isGood(live.number) && own !== trees.of()
    ) {
      return { tree: own, state: null };
    }
    const state = rewinds.find(back);
    const { generation, tree: saved } = state.envelope;
    const isLeft = back !== null && this.#left?.generation === generation;
    const left = isLeft ? this.#left?.tree : saved;
    const tree = left !== undefined && kept!.has(left) ? left : saved;
    if (tree !== undefined) return { tree, state };
    throw new BatonError({
      what: "Cannot put the files back: nobody knows under which that state was saved",
      where: state.path,
      next: '"baton rewind" without "--files" hands the state over',
    });
  }

  #tell({ written, removed, aside }: FilesPutBack): void {
    const parts = [
      ...written.length === 0 ? [] : [`put back ${named(written)}`],
      ...removed.length === 0 ? [] : [`removed ${named(removed)}`],
    ];
    if (parts.length === 0) return;
    const [first, ...rest] = parts.join(", ");
    const next = aside === null ? undefined : `What was there before is in "${aside}"`;
    this.#with.log({
      type: "notice",
      what: `${first!.toUpperCase()}${rest.join("")}, as asked`,
      next,
    });
  }
}

const NAMED = 3;

function named(paths: readonly string[]): string {
  const shown = paths.slice(0, NAMED).map((path) => `"${path}"`).join(", ");
  return paths.length > NAMED ? `${shown} and ${paths.length - NAMED} more` : shown;
}

function changes({ written, removed }: FilesPutBack): boolean {
  return written.length > 0 || removed.length > 0;
}

function notAsked(): BatonError {
  return new BatonError({
    what: "Cannot put files back: none are kept",
    next: 'Start baton with "--keep-files"; without "--files" the state alone goes back',
  });
}
