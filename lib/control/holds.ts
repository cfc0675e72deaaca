import type { Cancel, Clock } from "../platform/platform.ts";
import type { HoldInfo } from "./answers.ts";

/** Why a hold ended. */
export type HoldEnd = "asked" | "time" | "owner";

export interface HoldsObserver {
  /** The first hold begins: nothing is to be started. */
  pause(): void;
  /** The last has ended. */
  resume(why: HoldEnd): void;
  began(hold: HoldInfo): void;
  ended(name: string, why: HoldEnd): void;
}

interface Hold {
  readonly owner: object | null;
  readonly endsAt: number | null;
  readonly cancel: Cancel;
}

/** How many that have ended by themselves are remembered, for who releases them later. */
const REMEMBERED = 100;

/** Holds by name: as long as there is one, changes are noted and nothing is started. */
export class Holds {
  readonly #clock: Clock;
  readonly #observer: HoldsObserver;
  readonly #holds = new Map<string, Hold>();
  readonly #ended = new Map<string, Exclude<HoldEnd, "asked">>();

  constructor(clock: Clock, observer: HoldsObserver) {
    this.#clock = clock;
    this.#observer = observer;
  }

  /**
   * Begins a hold, or begins it anew where one of this name is there. It ends after `forMs` (null: never), and with
   * its owner, where it has one.
   */
  hold(name: string, forMs: number | null, owner: object | null): HoldInfo {
    this.#holds.get(name)?.cancel();
    const isFirst = this.#holds.size === 0;
    const cancel = forMs === null
      ? () => {}
      : this.#clock.after(forMs, () => this.#end(name, "time"));
    const endsAt = forMs === null ? null : this.#clock.now() + forMs;
    this.#holds.set(name, { owner, endsAt, cancel });
    this.#ended.delete(name);
    const info = { name, leftMs: forMs };
    if (isFirst) this.#observer.pause();
    this.#observer.began(info);
    return info;
  }

  /** How it had ended before, or `asked`; null where there was none of this name. */
  release(name: string): HoldEnd | null {
    if (this.#holds.has(name)) {
      this.#end(name, "asked");
      return "asked";
    }
    const before = this.#ended.get(name) ?? null;
    this.#ended.delete(name);
    return before;
  }

  /** Ends what this owner holds. */
  drop(owner: object): void {
    for (const [name, hold] of [...this.#holds]) {
      if (hold.owner === owner) this.#end(name, "owner");
    }
  }

  list(): HoldInfo[] {
    const now = this.#clock.now();
    return [...this.#holds].map(([name, { endsAt }]) => ({
      name,
      leftMs: endsAt === null ? null : Math.max(0, endsAt - now),
    }));
  }

  /** Ends all without a word. */
  close(): void {
    for (const { cancel } of this.#holds.values()) cancel();
    this.#holds.clear();
  }

  #end(name: string, why: HoldEnd): void {
    this.#holds.get(name)?.cancel();
    this.#holds.delete(name);
    if (why !== "asked") {
      this.#ended.set(name, why);
      if (this.#ended.size > REMEMBERED) this.#ended.delete([...this.#ended.keys()][0]!);
    }
    this.#observer.ended(name, why);
    if (this.#holds.size === 0) this.#observer.resume(why);
  }
}
