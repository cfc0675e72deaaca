import { isFileAt } from "../../paths/lookup.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Item } from "../../report/item.ts";
import { stateOf } from "../../report/words.ts";
import type { Reading } from "../../state/envelope.ts";
import { type Details, type Overview, Overviewer, type Trouble } from "./overview.ts";

/** A state that is kept. */
interface KeptState {
  /** When it was saved, in milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
}

/** With what only the status page shows. */
type DetailedView = Overview & {
  readonly details: Details & { readonly states: readonly KeptState[] };
};

export interface Subscription {
  /** With what only the status page shows. */
  readonly detailed: boolean;
  /** Aborted when nobody listens any more. */
  readonly signal: AbortSignal;
}

/** So often a line that says nothing is sent, so that whoever is gone is found to be. */
const HEARTBEAT_MS = 15_000;

/** Tells pages what there is to know, at once and whenever it changes, as server-sent events. */
export class EventFeed {
  readonly #platform: Pick<Platform, "clock" | "files">;
  readonly #overviewer: Overviewer;
  readonly #states: () => readonly Reading[];
  readonly #wake = new Set<() => void>();
  #startedAt = 0;

  /** `run` names this run; `states` are asked for where the status page shows them. */
  constructor(
    platform: Pick<Platform, "clock" | "files">,
    run: string,
    states: () => readonly Reading[],
  ) {
    this.#platform = platform;
    this.#overviewer = new Overviewer(
      run,
      () => platform.clock.wallNow(),
      (path) => isFileAt(platform, path),
    );
    this.#states = states;
  }

  get overview(): Overview {
    return this.#overviewer.overview;
  }

  /** Why nobody may serve: what went wrong, or else what was warned of since the newest version was started. */
  get troubles(): readonly Trouble[] {
    const { overview: { trouble }, details: { messages } } = this.#overviewer;
    if (trouble !== null) return [trouble];
    return messages.filter(({ at }) => at >= this.#startedAt)
      .map((message) => ({ ...message, place: null, lines: [] })).reverse();
  }

  /** Everything that baton tells, as it tells it. */
  note(item: Item): void {
    if (item.type === "started") this.#startedAt = this.#platform.clock.wallNow();
    if (this.#overviewer.note(item)) this.#tell();
  }

  /** These files changed, which only the browser uses. */
  noteAssets(paths: readonly string[]): void {
    this.#overviewer.noteAssets(paths);
    this.#tell();
  }

  /** Events without end, until the signal. */
  async *subscribe({ detailed, signal }: Subscription): AsyncGenerator<Uint8Array> {
    const { clock } = this.#platform;
    const encoder = new TextEncoder();
    let wake = () => {};
    let isNews = true;
    const tell = () => {
      isNews = true;
      wake();
    };
    const stop = () => wake();
    this.#wake.add(tell);
    signal.addEventListener("abort", stop);
    try {
      yield encoder.encode("retry: 500\n\n");
      while (!signal.aborted) {
        if (isNews) {
          isNews = false;
          yield encoder.encode(`data: ${JSON.stringify(this.#view(detailed))}\n\n`);
          continue;
        }
        const cancel = await new Promise<() => void>((resolve) => {
          const cancel = clock.after(HEARTBEAT_MS, () => resolve(cancel));
          wake = () => resolve(cancel);
        });
        cancel();
        if (!isNews && !signal.aborted) yield encoder.encode(":\n\n");
      }
    } finally {
      this.#wake.delete(tell);
      signal.removeEventListener("abort", stop);
    }
  }

  #view(detailed: boolean): Overview | DetailedView {
    const { overview, details } = this.#overviewer;
    if (!detailed) return overview;
    const states = this.#states().flatMap((reading) =>
      reading.found === "good"
        ? [{ at: reading.envelope.savedAt, text: sentence(stateOf(reading)) }]
        : []
    );
    return { ...overview, details: { ...details, states } };
  }

  #tell(): void {
    for (const tell of [...this.#wake]) tell();
  }
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
