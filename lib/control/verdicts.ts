import { type Context, findCandidate, findLive } from "../decide/context.ts";
import type { Machine } from "../decide/machine.ts";
import type { Cancel, Clock } from "../platform/platform.ts";
import type { Item, ItemOf } from "../report/item.ts";
import type { HoldInfo, Verdict } from "./answers.ts";
import { type Failure, failureOf } from "./failures.ts";
import { ALIVE_MS } from "./first_ready.ts";
import type { Place } from "../report/place.ts";

/** The watch, as far as verdicts need it. */
export interface ComparedFiles {
  sync(): Promise<void>;
  mark(name: string): void;
  forget(name: string): void;
  areSame(one: number | string, other: number | string): boolean;
  differences(name: string): string[];
  isStale(generation: number): boolean;
}

export interface VerdictSources {
  readonly clock: Clock;
  readonly watch: ComparedFiles;
  machine(): Machine;
  holds(): readonly HoldInfo[];
  placeIn(lines: readonly string[]): Place | null;
  /** Ports that the program listens on. */
  ports(): readonly number[];
}

/** As `ALIVE_MS`, where one before has said so: this one may be slow. */
const EXPECTED_MS = 5_000;
/** Between two looks whether it listens where the one before did, as long as somebody waits for that. */
const LOOK_MS = 25;
/** Of how many generations it is remembered how they came and went. */
const REMEMBERED = 50;

interface Waiter {
  /** What the files of that moment are marked with. */
  readonly name: string;
  resolve(verdict: Verdict): void;
}

/**
 * Tells what became of the files as they were when that was asked. They are compared by content: what a generation
 * was started from is known by its mark in the watch, and before anything is said the watch has heard of whatever
 * has happened until then, so that nothing is said about other files.
 */
export class Verdicts {
  readonly #with: VerdictSources;
  readonly #ready = new Map<number, ItemOf<"ready">>();
  readonly #failures = new Map<number, Failure>();
  readonly #waiters = new Set<Waiter>();
  #asked = 0;
  /** A generation has said that it is ready. */
  #hasSpoken = false;
  /** Where one listened that had lived long enough to be taken for ready; null before. */
  #ports: readonly number[] | null = null;
  /** When that one was started. */
  #portsOf = -Infinity;
  #isReviewing = false;
  #isStirred = false;
  #cancelLook: Cancel = () => {};

  constructor(sources: VerdictSources) {
    this.#with = sources;
  }

  note(item: Item): void {
    if (item.type === "ready") {
      remember(this.#ready, item.generation, item);
      this.#hasSpoken ||= item.announced;
    }
    const ready = item.type === "updated" ? this.#ready.get(item.generation) : undefined;
    if (item.type === "updated" && ready !== undefined) {
      const { generation, changed, timings } = item;
      this.#ready.set(generation, { ...ready, changed, timings });
    }
    const failure = failureOf(item);
    if (failure === null) return;
    const { attempted } = this.#with.machine().context;
    const key = item.type === "handoff refused" ? attempted : failure.generation;
    if (key !== null) remember(this.#failures, key, failure);
  }

  /** Resolves once it is known, or after `timeoutMs`. */
  async ask(timeoutMs: number): Promise<Verdict> {
    const { clock, watch, machine } = this.#with;
    const answer = Promise.withResolvers<Verdict>();
    const name = `asked ${++this.#asked}`;
    const waiter = { name, resolve: answer.resolve };
    const late = () => {
      const { name: state } = machine().state;
      answer.resolve({ outcome: "late", waitedMs: timeoutMs, state });
    };
    const cancel = clock.after(timeoutMs, late);
    watch.sync().then(() => {
      watch.mark(name);
      this.#waiters.add(waiter);
      this.stir();
    });
    try {
      return await answer.promise;
    } finally {
      cancel();
      this.#waiters.delete(waiter);
      watch.forget(name);
    }
  }

  /** Something may be known by now. */
  stir(): void {
    if (this.#waiters.size === 0) return;
    this.#isStirred = true;
    if (!this.#isReviewing) this.#review();
  }

  close(): void {
    this.#cancelLook();
    for (const { resolve } of this.#waiters) resolve({ outcome: "stopped" });
  }

  async #review(): Promise<void> {
    this.#isReviewing = true;
    while (this.#isStirred) {
      // What has just happened is done for first.
      await Promise.resolve();
      this.#isStirred = false;
      if (![...this.#waiters].some((waiter) => this.#judge(waiter) !== null)) continue;
      await this.#with.watch.sync();
      for (const waiter of this.#waiters) {
        const verdict = this.#judge(waiter);
        if (verdict !== null) waiter.resolve(verdict);
      }
    }
    this.#isReviewing = false;
  }

  /** Null where that is not known yet. */
  #judge({ name }: Waiter): Verdict | null {
    const { watch, machine } = this.#with;
    const { context, state } = machine();
    const holds = this.#with.holds();
    if (state.name === "ended") return { outcome: "stopped" };
    const isFrom = (generation: number) => watch.areSame(name, generation);
    const live = findLive(context);
    const candidate = findCandidate(context);
    if (candidate !== null && this.#ready.has(candidate.number) && isFrom(candidate.number)) {
      return this.#readyVerdict(candidate.number, candidate.spawnedAt, name); // it serves beside one that drains
    }
    if (live !== null && SERVING.has(state.name) && isFrom(live.number)) {
      // Who has asked for a restart wants to know of that one.
      if (candidate?.arrival.reason === "restart" && isFrom(candidate.number)) return null;
      const { failed, attempted } = context;
      const failure = failed?.reason === "restart" ? this.#failures.get(attempted!) : undefined;
      if (failure !== undefined && isFrom(attempted!)) return this.#failed(failure, context);
      return live.readyAt === null ? null : this.#readyVerdict(live.number, live.readyAt, name);
    }
    if (!isAtRest(machine()) || state.name === "settling" && holds.length === 0) return null;
    if (context.attempted !== null && (isFrom(context.attempted) || context.refused)) {
      const failure = this.#failures.get(context.attempted);
      const isMoved = context.refused && watch.differences(name).length > 0;
      if (failure !== undefined && !isMoved) return this.#failed(failure, context);
    }
    const changed = watch.differences(name);
    if (changed.length > 0) return { outcome: "changed", changed };
    return holds.length > 0 ? { outcome: "held", holds } : null;
  }

  #readyVerdict(generation: number, readyAt: number, name: string): Verdict | null {
    const { clock, watch } = this.#with;
    const ready = this.#ready.get(generation);
    const announced = ready?.announced ?? true;
    const lookMs = announced ? 0 : this.#looksAgainIn(readyAt);
    if (lookMs > 0) {
      this.#cancelLook();
      this.#cancelLook = clock.after(lookMs, () => this.stir());
      return null;
    }
    const changedSince = watch.differences(name);
    const { changed = [], timings: { darkMs = null } = {} } = ready ?? {};
    return { outcome: "ready", generation, changed, darkMs, announced, changedSince };
  }

  /** One that announces nothing is ready once it listens where the one before did, or has lived for a while. */
  #looksAgainIn(readyAt: number): number {
    const { clock, ports } = this.#with;
    const leftMs = readyAt + (this.#hasSpoken ? EXPECTED_MS : ALIVE_MS) - clock.now();
    if (this.#hasSpoken) return leftMs;
    if (leftMs <= 0) {
      if (readyAt > this.#portsOf) {
        [this.#ports, this.#portsOf] = [ports(), readyAt];
      }
      return 0;
    }
    const wanted = this.#ports ?? [];
    if (wanted.length === 0) return leftMs;
    const now = ports();
    return wanted.every((port) => now.includes(port)) ? 0 : Math.min(leftMs, LOOK_MS);
  }

  /** Null where it is tried again: it may have read half of a save. */
  #failed(failure: Failure, { attempted, failed, refused }: Context): Verdict | null {
    const isTriedAgain = failed !== null && !failed.again && !refused &&
      this.#with.watch.isStale(attempted!);
    if (isTriedAgain) return null;
    const { generation, isEnd, ...rest } = failure;
    if (isEnd) return { outcome: "ended", generation };
    return { outcome: "failed", generation, ...rest, place: this.#with.placeIn(rest.lines) };
  }
}

/** Where live goes on, whatever else is under way. */
const SERVING = new Set<string>([
  "settling",
  "running",
  "stepping",
  "preparing",
  "booting",
  "aborting",
  "saving",
]);

/** Whether nothing more is to come of what was begun. */
export function isAtRest({ context, state }: Machine): boolean {
  switch (state.name) {
    case "idle":
      return true;
    case "running":
      return findCandidate(context) === null && findLive(context)?.readyAt !== null;
    case "settling":
      return state.untilQuiet === true;
    case "aborting":
      return state.retry === null;
    case "leaving":
      return state.purpose.kind === "rest";
    default:
      return false;
  }
}

function remember<T>(map: Map<number, T>, key: number, value: T): void {
  map.set(key, value);
  if (map.size > REMEMBERED) map.delete([...map.keys()][0]!);
}
