import type { StoredState } from "../decide/context.ts";
import type { Machine } from "../decide/machine.ts";
import type { Explanation } from "../errors.ts";
import type { Platform } from "../platform/platform.ts";
import type { Item } from "../report/item.ts";
import type { Settings } from "../settings.ts";
import type { VersionMarks } from "../state/envelope.ts";
import { FileStore } from "../state/files/file_store.ts";
import type { Store } from "../state/store.ts";
import type { Watch } from "../watch/watch.ts";
import type { Rewound } from "./answers.ts";
import { FileRewinds } from "./file_rewinds.ts";
import { GoodVersions } from "./good_versions.ts";
import { KeptFiles } from "./kept_files.ts";
import { keptState } from "./kept_states.ts";
import { Rewinds } from "./rewinds.ts";
import { StatesByTree } from "./states_by_tree.ts";

export interface RewindingSources {
  readonly platform: Platform;
  readonly settings: Settings;
  readonly store: Store;
  readonly watch: Watch;
  machine(): Machine;
  rewind(state: StoredState | null, by: "files" | "asked"): void;
  restart(): void;
  /** Nothing is made of changes until what is returned is called: then all since are one. */
  hold(): () => void;
  log(item: Item): void;
}

/** State, and files, that go back: what is known of the versions that were, and how one of them is gone back to. */
export class Rewinding {
  readonly #with: RewindingSources;
  readonly #good: GoodVersions;
  readonly #rewinds: Rewinds;
  readonly #kept: KeptFiles | null;
  readonly #files: FileRewinds;

  constructor(sources: RewindingSources) {
    this.#with = sources;
    const { platform, settings, store, watch, machine, log } = sources;
    const { clock } = platform;
    const { trees } = watch;
    const onTrouble = ({ what, where, next }: Explanation) =>
      log({ type: "warning", what, where, next });
    const startedAt = clock.wallNow();
    this.#good = new GoodVersions(clock);
    this.#rewinds = new Rewinds({
      ...{ mode: settings.rewind, clock, store, trees, machine, log },
      states: new StatesByTree({ settings, store, startedAt, onTrouble }),
      rewind: (state, by) => sources.rewind(state, by),
      restart: () => sources.restart(),
    });
    this.#kept = !settings.keepFiles ? null : new KeptFiles({
      ...{ platform, cwd: settings.cwd, dir: store.dir, trees, onTrouble },
      store: new FileStore(platform, store),
    });
    this.#files = new FileRewinds({
      ...{ kept: this.#kept, rewinds: this.#rewinds, watch, machine, log },
      isGood: (generation) => this.#good.isGood(generation),
      hold: () => sources.hold(),
    });
  }

  note(item: Item): void {
    if (item.type === "resuming" && item.newest.reading.found === "good") {
      this.kept(item.newest.reading);
    }
    this.#good.note(item);
    if (item.type === "ready") this.#rewinds.ready(item);
    if (item.type === "started") this.#kept?.soon();
  }

  /** Every file has been read once. */
  armed(): void {
    this.#kept?.soon();
  }

  /** The files have changed, and nothing is done about it yet. */
  changed(): void {
    this.#rewinds.changed();
  }

  /** A state was kept, or resumed from. */
  kept(state: StoredState): void {
    this.#rewinds.kept(state);
  }

  /** What is known of a generation, for the states that it saves. */
  marksOf(generation: number): VersionMarks {
    const tree = this.#with.watch.trees.of(generation);
    const isGood = this.#good.isGood(generation);
    return { ...tree === null ? {} : { tree }, ...isGood ? { good: true } : {} };
  }

  /** Throws `BatonError` where that cannot be gone back to. */
  async rewind(back: number | null, { files }: { readonly files: boolean }): Promise<Rewound> {
    if (files) return await this.#files.rewind(back);
    const state = this.#rewinds.recall(this.#rewinds.find(back));
    this.#rewinds.goBack(state);
    return { generation: state.envelope.generation, state: keptState(state), files: null };
  }

  close(): void {
    this.#good.close();
    this.#kept?.close();
  }
}
