/**
 * # Theory of operation
 *
 * The only circle in the house: what happens is posted to the inbox, `transition` answers it with a state
 * and effects, the effect runner performs those, and what comes of that is posted again. The runner decides
 * nothing; `transition` touches nothing.
 */
import { compared, type StoredState } from "../decide/context.ts";
import type { Event } from "../decide/event.ts";
import type { Fact } from "../decide/fact.ts";
import { initialMachine, type Machine, transition } from "../decide/machine.ts";
import { BatonError, type Explanation } from "../errors.ts";
import type { Cancel, EnvironmentMark, Platform, TerminalSignal } from "../platform/platform.ts";
import type { Settings } from "../settings.ts";
import type { StandbyNews } from "../standby/news.ts";
import type { VersionMarks } from "../state/envelope.ts";
import type { RecordKeeper } from "../state/record.ts";
import type { Store } from "../state/store.ts";
import type { TemporaryFolder } from "../state/temporary.ts";
import type { Change, WatchEvent } from "../watch/change.ts";
import type { ProgramProcesses } from "../watch/outputs/program_outputs.ts";
import type { OutputReader } from "./output_reader.ts";
import type { Injection } from "./environment.ts";
import type { Gateway } from "./gateway.ts";
import { Inbox } from "./inbox.ts";
import type { HeldSockets } from "./held_sockets.ts";
import { EffectRunner } from "./effect_runner.ts";
import { LadderMarks } from "./ladder_marks.ts";
import { removeStaleBytecode } from "./stale_bytecode.ts";
import type { WatchedFiles } from "./watched_files.ts";

export interface Supervision {
  readonly platform: Platform;
  readonly settings: Settings;
  readonly store: Store;
  readonly record: RecordKeeper;
  readonly watch: WatchedFiles;
  /** The state that the first generation resumes from. */
  readonly best: StoredState | null;
  readonly pipeFolder: Pick<TemporaryFolder, "keep">;
  readonly env: Readonly<Record<string, string>>;
  /** What every process of this run has in its environment. */
  readonly mark: EnvironmentMark;
  /** What every generation inherits. */
  readonly sockets: HeldSockets;
  /** What stands in front of the program; null for nothing. */
  readonly gateway: Gateway | null;
  /** Makes sure of the clients that programs find without having installed them. Throws `BatonError`. */
  layOutClients(withStandby?: boolean): Injection[];
  onFact(fact: Fact): void;
  onStandby(news: StandbyNews): void;
  /** Variables that are read anew for each generation; those in `env` win. */
  readonly envFiles?: (() => Record<string, string>) | undefined;
  /** An event was answered, and done for. */
  onAnswered?(): void;
  /** What is known of a generation, for the states that it saves. */
  readonly marksOf?: ((generation: number) => VersionMarks) | undefined;
  /** A state was kept. */
  readonly onKept?: ((state: StoredState) => void) | undefined;
  readonly output?: OutputReader | undefined;
  /** Something failed that baton can go on without. */
  onTrouble(trouble: Explanation): void;
}

/** Whether something from outside tells that a program is ready. */
function isProbed({ ready, proxy }: Settings): boolean {
  return ready !== null || proxy !== null;
}

/** Runs generation after generation until baton is to end. */
export class Supervisor {
  readonly #with: Supervision;
  readonly #inbox: Inbox;
  readonly #runner: EffectRunner;
  readonly #ladder: LadderMarks;
  readonly #marked = new Set<number>();
  readonly #goneBackTo = new WeakSet<StoredState>();
  /** A prompt that was killed leaves the terminal without echo. With keys its modes are baton's own. */
  readonly #restoreModes: Cancel;
  #machine: Machine;
  #settled = true;
  /** What was held is let through. */
  #isReleased = false;
  #finish: (status: number) => void = () => {};
  /** Resolves with baton's exit status. */
  readonly ended: Promise<number> = new Promise((resolve) => this.#finish = resolve);

  constructor(supervision: Supervision) {
    this.#with = supervision;
    const { platform, settings, best, watch } = supervision;
    this.#restoreModes = settings.interactive ? () => {} : platform.terminal.keepModes();
    this.#machine = initialMachine(settings, isProbed(settings), best);
    this.#inbox = new Inbox((event) => this.#answer(event));
    this.#runner = new EffectRunner({
      ...supervision,
      goneBackTo: this.#goneBackTo,
      watched: watch.folders,
      post: (event) => this.#inbox.post(event),
      ladder: this.#ladder = new LadderMarks(supervision),
      onSpawn: (generation) => {
        this.#marked.add(generation);
        this.#ladder.marked(generation);
        this.#removeStaleBytecode(watch.marks.takeWritten());
      },
      onCompare: () => this.#compare(),
      isHeld: () => watch.isPaused,
      onQuit: (status) => this.#finish(status),
    });
  }

  get machine(): Machine {
    return this.#machine;
  }

  /** Starts the first generation; what happens to it from then on waits for `goOn`. */
  async start(): Promise<void> {
    await this.#runner.prepare(1);
    this.restart();
    this.#inbox.hold();
  }

  /** Answers what has happened since `start`, and whatever happens next. */
  goOn(): void {
    this.#inbox.release();
  }

  restart(): void {
    this.#inbox.post({ type: "restart", at: this.#now() });
  }

  /** Ends everything, gracefully; a second time at once. `by` says who asked. */
  stop(by: string): void {
    this.#runner.lookAhead();
    this.#inbox.post({ type: "stop", by, at: this.#now() });
  }

  /** What has changed while it was held is acted on without waiting for more. */
  released(): void {
    this.#isReleased = true;
  }

  /** The next generation is to resume from this state, in place of the newest; null: from the newest again. */
  rewind(asked: StoredState | null, by: "files" | "asked"): void {
    const state = asked && { ...asked }; // It may be gone back to more than once.
    if (state !== null) this.#goneBackTo.add(state);
    this.#inbox.post({ type: "rewind", state, by, at: this.#now() });
  }

  get processes(): ProgramProcesses {
    return this.#runner.processes;
  }

  /** Passes a signal of the terminal on: the program is in a session of its own. */
  passOn(signal: TerminalSignal): void {
    this.#runner.passOn(signal);
  }

  /** Baton cannot go on: has every program end by itself. */
  abandon(): void {
    this.#runner.abandon();
  }

  /** What the watch says. */
  onWatchEvent(event: WatchEvent): void {
    if (event.type === "changed") {
      this.#settled = false;
      this.#ladder.changed(event.change.paths, event.change.firstAt);
      this.#changed(event.change);
      this.#postRewritten();
      this.#with.platform.clock.after(0, () => this.#runner.lookAhead());
    } else if (event.type === "stirred") {
      this.#isReleased = false;
      this.#runner.stirred();
    } else if (event.type === "rewritten") {
      this.#postRewritten();
    } else if (event.type === "settled") {
      this.#settled = true;
      this.#inbox.post({ type: "settled", at: this.#now() });
    }
  }

  #now(): number {
    return this.#with.platform.clock.now();
  }

  #changed({ firstAt, paths }: Pick<Change, "firstAt" | "paths">): void {
    const { watch } = this.#with;
    const differs = new Map(
      compared(this.#machine.context).map((
        generation,
      ) => [generation, watch.differences(generation)]),
    );
    const ruled = this.#ladder.ruled([paths, ...differs.values()]);
    const [released, at] = [this.#isReleased, this.#now()];
    this.#isReleased = false;
    this.#inbox.post({ type: "changed", at, firstAt, paths, differs, ...ruled, released });
  }

  #postRewritten(): void {
    const { attempted } = this.#machine.context;
    if (attempted === null || !this.#with.watch.isStale(attempted)) return;
    this.#inbox.post({ type: "rewritten", generation: attempted, at: this.#now() });
  }

  #compare(): void {
    const { attempted } = this.#machine.context;
    if (attempted === null || this.#with.watch.isPaused) return;
    const paths = this.#with.watch.differences(attempted);
    if (paths.length === 0) return;
    this.#changed({ firstAt: this.#now(), paths });
    if (this.#settled) this.#inbox.post({ type: "settled", at: this.#now() });
  }

  #answer(event: Event): void {
    if (event.type === "gone") this.#restoreModes();
    const [machine, effects] = transition(this.#machine, event);
    this.#machine = machine;
    for (const effect of effects) this.#runner.run(effect);
    this.#forgetOthers();
    this.#with.onAnswered?.();
  }

  #removeStaleBytecode(written: readonly string[]): void {
    const { platform, settings, env, onTrouble } = this.#with;
    try {
      removeStaleBytecode(platform, { ...settings, env }, written);
    } catch (error) {
      if (!(error instanceof BatonError)) throw error;
      onTrouble(error);
    }
  }

  #forgetOthers(): void {
    const wanted = compared(this.#machine.context);
    for (const generation of this.#marked) {
      if (wanted.includes(generation)) continue;
      this.#marked.delete(generation);
      this.#with.watch.forget(generation);
    }
  }
}
