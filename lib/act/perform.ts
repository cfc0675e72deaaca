import type { Effect, Fact } from "../decide/effect.ts";
import type { Event, Timer } from "../decide/event.ts";
import type { GoodState } from "../decide/state.ts";
import { BatonError, type Explanation, messageOf } from "../errors.ts";
import {
  type Cancel,
  type EnvironmentMark,
  type Platform,
  PlatformError,
} from "../platform/platform.ts";
import type { Settings } from "../settings.ts";
import type { RecordKeeper } from "../state/record.ts";
import type { Store } from "../state/store.ts";
import { Child } from "./child.ts";
import { commandOf } from "./command.ts";
import { Doorway, type Happening } from "./doorway.ts";
import { environmentOf } from "./environment.ts";
import { probeUntilReady } from "./probe.ts";

/** What the hands hold. */
export interface Holdings {
  readonly platform: Platform;
  readonly settings: Settings;
  readonly store: Store;
  readonly record: RecordKeeper;
  /** Private folder for the pipes. */
  readonly pipeFolder: string;
  /** Variables of every generation, from which each gets its own. */
  readonly env: Readonly<Record<string, string>>;
  readonly mark: EnvironmentMark;
  readonly pythonFolder: string | null;
  post(event: Event): void;
  onFact(fact: Fact): void;
  /** Something failed that baton can go on without. */
  onTrouble(trouble: Explanation): void;
  /** A generation is about to be started from the files as they are now. */
  onSpawn(generation: number): void;
  onCompare(): void;
  onQuit(status: number): void;
}

/** The longest the disk is let wait for a state that is checked already. */
const FLUSH_MS = 50;

/** Does what the mind decides: one method an effect. */
export class Hands {
  readonly #with: Holdings;
  readonly #children = new Map<number, Child>();
  readonly #timers = new Map<Timer, Cancel>();
  readonly #probes = new Map<number, Cancel>();
  #nextDoorway: { generation: number; doorway: Doorway } | null = null;
  #unflushed: Cancel | null = null;

  constructor(holdings: Holdings) {
    this.#with = holdings;
  }

  /** Opens the pipe of the generation to come, so that spawning it need not wait for that. */
  async prepare(generation: number): Promise<void> {
    const doorway = new Doorway(`${this.#with.pipeFolder}/${generation}`);
    this.#nextDoorway = { generation, doorway };
    await doorway.listen(this.#with.platform);
  }

  /** Looks at the processes of every generation while time does not count. */
  lookAhead(): void {
    for (const child of this.#children.values()) child.lookAhead();
  }

  /** Passes a signal on to every generation, as a terminal would. */
  passOn(signal: "SIGWINCH" | "SIGCONT"): void {
    for (const child of this.#children.values()) child.signal(signal);
  }

  perform(effect: Effect): void {
    const { store, settings, platform } = this.#with;
    switch (effect.type) {
      case "spawn":
        return this.#spawn(effect);
      case "open": {
        const { generation, participant, reason, changed } = effect;
        const stateFile = participant === 0
          ? this.#layOut(generation, effect.state)
          : effect.state && store.resumePath(generation);
        return this.#children.get(generation)?.doorway.send(participant, {
          type: "start",
          generation,
          reason,
          changed: [...changed],
          stateFile,
        });
      }
      case "ask": {
        const { generation, reason, deadlineMs } = effect;
        const changed = [...effect.changed];
        return this.#children.get(generation)?.ask(
          { type: "shutdown", reason, changed, out: "", deadlineMs },
          (participant) => store.outPath(generation, participant),
        );
      }
      case "check":
        return this.#check(effect);
      case "release":
        return this.#children.get(effect.generation)?.release();
      case "signal":
        return this.#children.get(effect.generation)?.signal(settings.signal);
      case "kill":
        return this.#children.get(effect.generation)?.kill();
      case "probe": {
        const { generation } = effect;
        if (settings.ready === null) return;
        this.#probes.get(generation)?.();
        const stop = probeUntilReady(
          platform,
          settings.ready,
          () => this.#post({ type: "ready", generation }),
        );
        this.#probes.set(generation, stop);
        return;
      }
      case "timer": {
        const { timer } = effect;
        this.#timers.get(timer)?.();
        const cancel = platform.clock.after(effect.ms, () => {
          this.#timers.delete(timer);
          this.#post({ type: "deadline", timer });
        });
        this.#timers.set(timer, cancel);
        return;
      }
      case "cancel":
        this.#timers.get(effect.timer)?.();
        this.#timers.delete(effect.timer);
        return;
      case "compare":
        return this.#with.onCompare();
      case "report":
        return this.#with.onFact(effect.fact);
      case "quit":
        return this.#quit(effect.status);
    }
  }

  #post(event: Event extends infer E ? E extends Event ? Omit<E, "at"> : never : never): void {
    this.#with.post({ ...event, at: this.#with.platform.clock.now() } as Event);
  }

  #spawn({ generation, changed, state }: Extract<Effect, { type: "spawn" }>): void {
    const { platform, settings, store, record, env, mark, pythonFolder } = this.#with;
    if (this.#nextDoorway?.generation !== generation) {
      throw new Error(`No pipe was prepared for generation ${generation}`);
    }
    const { doorway } = this.#nextDoorway;
    const tell = (happening: Happening) => this.#post({ ...happening, generation });
    this.#with.onSpawn(generation);
    this.#layOut(generation, state);
    try {
      const child = new Child(
        platform,
        {
          command: commandOf(settings, generation),
          cwd: settings.cwd,
          mark: { ...mark, BATON_GENERATION: String(generation) },
          stdin: settings.interactive ? "null" : "inherit",
          env: environmentOf({
            inherited: env,
            generation,
            pipe: doorway.address,
            stateFile: store.resumePath(generation),
            stateOut: store.outPath(generation),
            changed,
            pythonFolder,
          }),
        },
        doorway,
        tell,
        () => this.#bury(generation),
      );
      this.#children.set(generation, child);
      this.#tolerate(() => record.generation(generation, child.pid));
    } catch (error) {
      doorway.close();
      const code = error instanceof PlatformError ? error.code : "UNKNOWN";
      tell({ type: "unstartable", code, why: messageOf(error) });
    }
    this.prepare(generation + 1).catch((error) => {
      tell({ type: "misspoke", what: `No pipe for the next generation: ${messageOf(error)}` });
    });
  }

  /** The path of the state to resume from: the stored one itself where it cannot be copied. */
  #layOut(generation: number, state: GoodState | null): string | null {
    return this.#tolerate(() => this.#with.store.prepare(generation, state)) ?? state?.path ?? null;
  }

  /** Does what may fail without the program being the worse for it. */
  #tolerate<T>(run: () => T): T | null {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof BatonError)) throw error;
      this.#with.onTrouble(error);
      return null;
    }
  }

  #check({ claim }: Extract<Effect, { type: "check" }>): void {
    const { generation, kind, bytes: sizeBytes, sha256, participant } = claim;
    const path = this.#with.store.outPath(generation, participant);
    const reading = this.#with.store.admit({
      path,
      generation,
      kind,
      reason: kind,
      claim: { sizeBytes, sha256 },
    });
    this.#post({ type: "checked", generation, kind, reading });
    this.#flushSoon();
  }

  #bury(generation: number): void {
    const { store, record } = this.#with;
    const child = this.#children.get(generation);
    this.#children.delete(generation);
    this.#probes.get(generation)?.();
    this.#probes.delete(generation);
    const left = child?.doorway.spoke ? { found: "missing" } as const : store.admit({
      path: store.outPath(generation),
      generation,
      kind: "file",
      reason: "left",
    });
    this.#post({ type: "gone", generation, left });
    this.#tolerate(() => record.gone(generation));
    this.#flushSoon();
  }

  #flushSoon(): void {
    this.#unflushed ??= this.#with.platform.clock.after(FLUSH_MS, () => this.#flush());
  }

  #flush(): void {
    this.#unflushed?.();
    this.#unflushed = null;
    this.#tolerate(() => this.#with.store.flush());
    const oldest = Math.min(...this.#children.keys());
    this.#tolerate(() => this.#with.store.cleanUp(oldest - 1));
  }

  #quit(status: number): void {
    for (const cancel of [...this.#timers.values(), ...this.#probes.values()]) cancel();
    this.#timers.clear();
    this.#nextDoorway?.doorway.close();
    this.#flush();
    this.#with.onQuit(status);
  }
}
