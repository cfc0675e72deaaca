import type { Effect, Fact } from "../decide/effect.ts";
import type { Event } from "../decide/event.ts";
import { type Explanation, messageOf } from "../errors.ts";
import {
  type Cancel,
  type EnvironmentMark,
  type Platform,
  PlatformError,
  type TerminalSignal,
} from "../platform/platform.ts";
import type { Settings } from "../settings.ts";
import type { RecordKeeper } from "../state/record.ts";
import type { Store } from "../state/store.ts";
import { Child } from "./child.ts";
import { commandOf } from "./command.ts";
import type { Happening } from "./doorway.ts";
import { Custody } from "./custody.ts";
import { DiskWork } from "./disk_work.ts";
import { environmentOf } from "./environment.ts";
import { NextDoorway } from "./next_doorway.ts";
import { probeUntilReady } from "./probe.ts";
import { Timers } from "./timers.ts";

/** By when a checkpoint that overtook another is said to be saved. */
const OVERTAKEN_MS = 500;

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
  /** Makes the folder that goes on `PYTHONPATH`, where it is not there. Throws `BatonError`. */
  layOutPython(): string;
  post(event: Event): void;
  onFact(fact: Fact): void;
  /** Something failed that baton can go on without. */
  onTrouble(trouble: Explanation): void;
  /** A generation is about to be started from the files as they are now. */
  onSpawn(generation: number): void;
  onCompare(): void;
  onQuit(status: number): void;
}

/** Does what the mind decides: one method an effect. */
export class Hands {
  readonly #with: Holdings;
  readonly #children = new Map<number, Child>();
  readonly #timers: Timers;
  readonly #custody: Custody;
  readonly #disk: DiskWork;
  readonly #probes = new Map<number, Cancel>();
  /** A checkpoint that is not what was claimed: the next one may be there already, and is about to be said. */
  #overtaken: Cancel | null = null;
  readonly #nextDoorway: NextDoorway;

  constructor(holdings: Holdings) {
    this.#with = holdings;
    const { platform, store, record, pipeFolder, onTrouble } = holdings;
    const { clock } = platform;
    const next = "Free the place; without it no further generation can be started";
    this.#nextDoorway = new NextDoorway(platform, pipeFolder, (what) => onTrouble({ what, next }));
    this.#custody = new Custody(store, onTrouble);
    const oldest = () => Math.min(...this.#children.keys());
    this.#disk = new DiskWork(this.#custody, record, clock, oldest);
    this.#timers = new Timers(clock, (timer) => this.#post({ type: "deadline", timer }));
  }

  /** Opens the pipe of the generation to come, so that spawning it need not wait for that. */
  prepare(generation: number): Promise<void> {
    return this.#nextDoorway.open(generation);
  }

  /** Looks at the processes of every generation while time does not count. */
  lookAhead(): void {
    for (const child of this.#children.values()) child.lookAhead();
  }

  /** Passes a signal on to every generation, as a terminal would. */
  passOn(signal: TerminalSignal): void {
    for (const child of this.#children.values()) child.signal(signal);
  }

  /** Sends the stop signal to every generation that will not see the pipe end. */
  abandon(): void {
    for (const child of this.#children.values()) {
      if (!child.doorway.spoke) child.signal(this.#with.settings.signal);
    }
  }

  perform(effect: Effect): void {
    const { store, settings, platform } = this.#with;
    switch (effect.type) {
      case "spawn":
        return this.#spawn(effect);
      case "lay out":
        return this.#disk.layOutSoon(effect.generation, effect.state);
      case "open": {
        this.#disk.layOutNow();
        const { generation, participant, reason, changed } = effect;
        const stateFile = participant === 0
          ? this.#custody.layOut(generation, effect.state)
          : this.#custody.laidOut(generation);
        return this.#children.get(generation)?.doorway.send(participant, {
          type: "start",
          generation,
          reason,
          changed: [...changed],
          stateFile,
        });
      }
      case "ask": {
        this.#makeRoom(effect.generation);
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
        this.#makeRoom(effect.generation);
        return this.#children.get(effect.generation)?.stop(settings.signal);
      case "kill":
        return this.#children.get(effect.generation)?.kill();
      case "probe": {
        const { generation } = effect;
        if (settings.ready === null || !this.#children.has(generation)) return;
        this.#probes.get(generation)?.();
        const stop = probeUntilReady(
          platform,
          settings.ready,
          () => this.#post({ type: "ready", generation }),
        );
        this.#probes.set(generation, stop);
        return;
      }
      case "timer":
        return this.#timers.set(effect.timer, effect.ms);
      case "cancel":
        return this.#timers.cancel(effect.timer);
      case "compare":
        return this.#with.onCompare();
      case "report":
        return this.#with.onFact(effect.fact);
      case "quit":
        return this.#quit(effect.status);
    }
  }

  #makeRoom(generation: number): void {
    const uid = this.#children.get(generation)?.otherUser() ?? null;
    this.#custody.makeRoom(generation, uid);
  }

  #post(event: Event extends infer E ? E extends Event ? Omit<E, "at"> : never : never): void {
    this.#with.post({ ...event, at: this.#with.platform.clock.now() } as Event);
  }

  #spawn({ generation, changed, state }: Extract<Effect, { type: "spawn" }>): void {
    const { platform, settings, store, record, env, mark, layOutPython } = this.#with;
    const doorway = this.#nextDoorway.take(generation);
    const tell = (happening: Happening) => {
      this.#post({ ...happening, generation });
      if (happening.type !== "hello") return;
      this.#custody.tolerate(() => record.speaks(generation));
      this.#makeRoom(generation);
    };
    this.#with.onSpawn(generation);
    const laidOut = this.#custody.layOut(generation, state);
    try {
      const child = new Child(
        platform,
        {
          command: commandOf(
            settings,
            generation,
            (name) => platform.processes.hasFile(name, settings.cwd, env),
          ),
          cwd: settings.cwd,
          mark: { ...mark, BATON_GENERATION: String(generation) },
          stdin: settings.interactive ? "null" : "inherit",
          env: environmentOf({
            inherited: env,
            generation,
            pipe: doorway.address,
            stateFile: laidOut ?? store.resumePath(generation),
            stateOut: store.outPath(generation),
            changed,
            pythonFolder: this.#custody.tolerate(layOutPython),
          }),
        },
        doorway,
        tell,
        () => this.#bury(generation),
      );
      this.#children.set(generation, child);
      tell({ type: "spawned" });
      this.#custody.tolerate(() => record.generation(generation, child.pid));
    } catch (error) {
      doorway.close();
      const code = error instanceof PlatformError ? error.code : "UNKNOWN";
      tell({ type: "unstartable", code, why: messageOf(error) });
    }
    this.#nextDoorway.openSoon(generation + 1);
  }

  #check({ claim }: Extract<Effect, { type: "check" }>): void {
    const { generation, kind } = claim;
    this.#overtaken?.();
    this.#overtaken = null;
    const reading = this.#custody.check(claim);
    const tell = () => this.#post({ type: "checked", generation, kind, reading });
    if (kind === "checkpoint" && reading.found !== "good") {
      this.#overtaken = this.#with.platform.clock.after(OVERTAKEN_MS, tell);
      return;
    }
    tell();
    this.#disk.soon();
  }

  #bury(generation: number): void {
    const spoke = this.#children.get(generation)?.doorway.spoke;
    this.#children.delete(generation);
    this.#probes.get(generation)?.();
    this.#probes.delete(generation);
    const left = spoke ? { found: "missing" } as const : this.#custody.collect(generation);
    this.#disk.bury(generation);
    this.#post({ type: "gone", generation, left });
  }

  #quit(status: number): void {
    for (const cancel of this.#probes.values()) cancel();
    this.#timers.cancelAll();
    this.#overtaken?.();
    this.#nextDoorway.close();
    this.#disk.now();
    this.#with.onQuit(status);
  }
}
