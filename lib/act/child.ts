import type {
  Cancel,
  EnvironmentMark,
  ExitStatus,
  Platform,
  ProcessTree,
  Woken,
} from "../platform/platform.ts";
import type { FromBatonOf } from "../protocol/message.ts";
import type { Signal } from "../settings.ts";
import type { Launch } from "../standby/launch.ts";
import type { ParkedProcess } from "../standby/parked_process.ts";
import { refusalOf } from "./admission.ts";
import type { ChildEvent } from "./child_event.ts";
import type { Endpoint } from "./endpoint.ts";
import type { HeldSockets } from "./held_sockets.ts";
import type { OutputReader } from "./output_reader.ts";
import { Tail } from "./tail.ts";

/** How long words that are still on the way are waited for after the leading process has ended. */
const LAST_WORDS_MS = 20;
/** How often the rest of a tree is looked for, once its leader has ended: less often the longer it stays. */
const REST_FIRST_MS = 25;
const REST_GROWTH = 1.1;
const REST_LAST_MS = 500;
/** Whoever is there so long after it was killed is so for a reason. */
const KILLED_MS = 1_000;
const LONGEST_COMMAND = 200;
const FORBIDDEN = "Belongs to another user, and may not be signaled (EPERM)";
const UNENDED = "Was killed, and the system has not ended it yet";

export interface ChildRequest extends Launch {
  /** What only this generation's processes have in their environment. */
  readonly mark: EnvironmentMark;
  /** Descriptors that it inherits. */
  readonly sockets: readonly number[];
  /** Whether it is of interest what it listens on when it says hello. */
  readonly tellsListening: boolean;
  readonly output?: OutputReader | undefined;
  /** What waits for this already, in place of a new process. */
  readonly parked?: ParkedProcess;
}

/** By then a leader that follows its participants has left, too. */
const FOLLOWS_MS = 50;

/** The processes of one generation, from spawn until the last of them is gone. */
export class Child {
  readonly #platform: Platform;
  readonly #emit: (event: ChildEvent) => void;
  readonly #tail = new Tail();
  readonly #onGone: () => void;
  #tree: ProcessTree;
  #seen: readonly number[] = [];
  /** The processes that said hello. */
  readonly #participants = new Set<number>();
  #released = false;
  /** What it was asked to stop with. */
  #stopSignal: Signal | null = null;
  #headless = false;
  #restMs = REST_FIRST_MS;
  #killed: Cancel | null = null;
  #resting: Cancel | null = null;
  pid: number;

  /** Throws `PlatformError` where it cannot be started. */
  constructor(
    platform: Platform,
    request: ChildRequest,
    readonly endpoint: Endpoint,
    emit: (event: ChildEvent) => void,
    onGone: () => void,
    taken: HeldSockets["taken"],
  ) {
    this.#platform = platform;
    this.#emit = emit;
    this.#onGone = onGone;
    const { terminal } = platform;
    const { parked, output, readsStderr, ...launch } = request;
    const listeners = {
      onStderr: (chunk: Uint8Array) => {
        terminal.writeErr(chunk);
        this.#tail.push(chunk);
        output?.write(chunk);
      },
      onExit: (status: ExitStatus) => this.#exited(status),
      mayRestart: () => this.#stopSignal === null && this.#killed === null && !this.#released,
      // What was let go has ended before it ran, and this runs in its place.
      onRestart: (pid: number) => {
        this.pid = pid;
        this.#tree = platform.processes.tree(pid, request.mark);
      },
    };
    const stderr = terminal.stderrIsTerminal && !readsStderr && !output?.isWanted()
      ? "inherit"
      : "pipe";
    this.pid = parked?.release(listeners, request.env) ??
      platform.processes.spawn({ ...launch, ...listeners, stderr }).pid;
    this.#tree = platform.processes.tree(this.pid, request.mark);
    endpoint.on(
      (event) => this.#hear(event),
      (peer) => refusalOf(peer, this.#tree, platform),
      () => request.tellsListening ? taken(this.#tree.listening(), () => this.#tree.alive()) : [],
    );
  }

  /** Its living processes; those that `lookAhead` saw last, where it is not to look again. */
  processes({ again }: { readonly again: boolean }): readonly number[] {
    return again ? this.#tree.alive() : this.#seen;
  }

  /** What its tree listens on, in words. */
  listening(): readonly string[] {
    return this.#tree.listening();
  }

  /** Learns which processes are foreign, so that the look that counts costs little. */
  lookAhead(): void {
    this.#seen = this.#tree.alive();
  }

  ask(
    message: FromBatonOf<"shutdown">,
    outOf: (participant: number) => string,
  ): void {
    for (const participant of this.endpoint.connected()) {
      this.endpoint.send(participant, { ...message, out: outOf(participant) });
    }
    this.#tree.wake();
  }

  /** Says `exit` to everyone: nothing more is expected of them. */
  release(): void {
    const isFirst = !this.#released;
    this.#released = true;
    this.#restSoon();
    // Before they are told: they may be gone before they are looked for.
    const awaited = isFirst && !this.#participants.has(this.pid) ? this.#livingParticipants() : [];
    for (const participant of this.endpoint.connected()) {
      this.endpoint.send(participant, { type: "exit" });
    }
    if (awaited.length > 0) this.#awaitEnd(awaited);
  }

  /** Has those go on that a signal has stopped; those that a debugger holds can do nothing that is asked of them. */
  wake(): Woken {
    return this.#tree.wake();
  }

  signal(signal: Parameters<ProcessTree["signalGroup"]>[0]): void {
    this.#tree.signalGroup(signal);
  }

  /** Sends the stop signal: to the group, and to those that have left it once their leader has ended. */
  stop(signal: Signal): void {
    this.#stopSignal = signal;
    this.#restSoon();
    this.#tree.signalGroup(signal);
    if (this.#headless) this.#tree.signalStrays(signal);
    this.#tree.wake();
  }

  /**
   * The user that the program runs as by now, where that is not baton's: its leader's, else the only other one
   * in the tree. Null for all but root, who alone can start such a program and give it its place.
   */
  otherUser(): number | null {
    const { files, user } = this.#platform;
    if (user?.uid !== 0) return null;
    const uids = this.#tree.alive().sort((a, b) => Number(b === this.pid) - Number(a === this.pid))
      .map((pid) => files.owner(`/proc/${pid}`)?.uid ?? 0);
    const others = new Set(uids.filter((uid) => uid !== 0));
    return (uids[0] || (others.size === 1 ? [...others][0] : null)) ?? null;
  }

  kill(): void {
    this.#tree.kill();
    this.#restSoon();
    this.#killed?.();
    this.#killed = this.#platform.clock.after(KILLED_MS, () => this.#tellSurvivors());
  }

  #tellSurvivors(): void {
    const { processes } = this.#platform;
    const survivors = this.#tree.alive().map((pid) => ({
      pid,
      command: processes.commandLine(pid).slice(0, LONGEST_COMMAND),
      why: processes.maySignal(pid) ? UNENDED : FORBIDDEN,
    }));
    if (survivors.length > 0) this.#emit({ type: "not killed", processes: survivors });
  }

  /** Those of another PID namespace are known by other numbers, and not to be found. */
  #livingParticipants(): number[] {
    const alive = this.#tree.alive();
    return [...this.#participants].filter((pid) => alive.includes(pid));
  }

  /** A master that takes no part is not told to leave: nothing but its workers' end tells of it. */
  #awaitEnd(participants: readonly number[]): void {
    if (this.#headless) return;
    const alive = this.#tree.alive();
    if (participants.some((pid) => alive.includes(pid))) {
      this.#platform.clock.after(REST_FIRST_MS, () => this.#awaitEnd(participants));
    } else {
      this.#platform.clock.after(FOLLOWS_MS, () => this.#emit({ type: "participants left" }));
    }
  }

  /** Where a program dies, how it ended says more than that its pipe did: that is waited for. */
  #hear(event: ChildEvent): void {
    if (event.type === "hello") this.#participants.add(event.pid);
    if (event.type !== "disconnected" || this.#released) this.#emit(event);
    else this.#platform.clock.after(LAST_WORDS_MS, () => this.#emit(event));
  }

  #exited(status: ExitStatus): void {
    this.#headless = true;
    const report = () => {
      const survivors = this.#tree.alive().length;
      this.#emit({ type: "exited", status, survivors, lines: this.#tail.lines() });
      if (survivors > 0 && this.#stopSignal) this.#tree.signalStrays(this.#stopSignal);
      this.#rest(survivors);
    };
    if (this.#released) report();
    else this.endpoint.whenEmpty(this.#platform, LAST_WORDS_MS, report);
  }

  /** What was just done to it may end it. */
  #restSoon(): void {
    this.#restMs = REST_FIRST_MS;
    if (this.#resting === null) return;
    this.#resting();
    this.#rest(1);
  }

  #rest(survivors: number): void {
    if (survivors === 0) {
      this.#killed?.();
      this.#resting = null;
      this.endpoint.close();
      this.#onGone();
      return;
    }
    const look = () => this.#rest(this.#tree.alive().length);
    this.#resting = this.#platform.clock.after(this.#restMs, look);
    this.#restMs = Math.min(this.#restMs * REST_GROWTH, REST_LAST_MS);
  }
}
