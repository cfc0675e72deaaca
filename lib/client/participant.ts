/**
 * # Theory of operation
 *
 * `join` (join.ts) hands out a participant under baton and a stand-in elsewhere. The participant says
 * hello, waits at the barrier, and answers what baton asks over one `Link` (link.ts): stop the components
 * (stopping.ts), save the state (state.ts), leave. A lost pipe means that baton is gone: it does the same
 * on its own.
 *
 * Where time counts (from `shutdown` to `saved`, from `start` to the restored state) nothing waits that
 * does not have to: what returns no promise is not waited for, small files are read and written in place,
 * and what is slow the first time is done once at the barrier, after hello.
 */
import { VERSION } from "../version.ts";
import { messageOf } from "../errors.ts";
import type { ClientHost } from "./host.ts";
import type { FromBaton, FromBatonOf, FromProgram, FromProgramOf } from "../protocol/message.ts";
import { complain } from "./complain.ts";
import type { Baton, ComponentOptions, JoinOptions } from "./baton.ts";
import { MAX_TEXT_LENGTH } from "./components.ts";
import { Declared } from "./declared.ts";
import { type Link, openLink } from "./link.ts";
import { findListener, type ListenerOptions, type ListenTarget } from "./listener.ts";
import { serve, type ServeOptions, type Server } from "./serving.ts";
import { collectState, readState } from "./state.ts";
import { stopComponents } from "./stopping.ts";
import { Taking } from "./taking.ts";
import { warmUp } from "./warm_up.ts";

const PROTOCOL = 1;
const CLIENT = `baton-ts/${VERSION}`;
/** What a program may take to stop by itself once baton is gone. */
const LOST_DEADLINE_MS = 10_000;

/** A program that takes part in a handoff. */
export class Participant implements Baton {
  generation: number;
  changed: readonly string[];
  readonly stopped: Promise<void>;

  readonly #host: ClientHost;
  readonly #program: Declared;
  /** Null before it is open and once baton is gone. */
  #link: Link | null = null;
  /** What the last hello declared, as JSON; null before the first hello. */
  #declared: string | null = null;
  #isReady = false;
  /** What opened the barrier; null before. */
  #start: FromBatonOf<"start"> | null = null;
  #barrier: Promise<FromBatonOf<"start">> | null = null;
  #openBarrier: (start: FromBatonOf<"start">) => void = () => {};
  readonly #taking: Taking;
  #stopping: Promise<unknown> | null = null;
  #shuttingDown: Promise<void> | null = null;
  #resolveStopped!: () => void;
  #out: string | undefined;

  private constructor(host: ClientHost, options: JoinOptions) {
    this.#host = host;
    this.#out = host.env("BATON_STATE_OUT");
    this.#program = new Declared(options.exclusive ?? false);
    this.#taking = new Taking(this.#program, host, (message) => this.#say(message));
    this.generation = Number(host.env("BATON_GENERATION") ?? 1);
    this.changed = host.env("BATON_CHANGED")?.split("\n").filter((path) => path !== "") ?? [];
    this.stopped = new Promise((resolve) => this.#resolveStopped = resolve);
  }

  /** Connects to baton; rejects with the system's error. */
  static async connect(
    host: ClientHost,
    pipe: string,
    options: JoinOptions,
  ): Promise<Participant> {
    const participant = new Participant(host, options);
    participant.#link = await openLink(host, pipe, {
      onMessage: (message) => participant.#receive(message),
      onLost: () => void participant.#leaveAlone(),
    });
    participant.#link.hold(false);
    return participant;
  }

  async restore<State>(initial: State): Promise<State> {
    const { stateFile } = this.#start ?? await this.#waitForStart();
    if (stateFile === null) return initial;
    return readState(this.#host, stateFile) as State;
  }

  component(
    name: string,
    stop: (() => unknown) | ComponentOptions,
    options?: ComponentOptions,
  ): void {
    this.#program.define(name, stop, options);
    if (this.#isReady) this.#declare();
  }

  listener(options?: ListenerOptions): ListenTarget {
    return findListener(this.#host, options);
  }

  onChange(glob: string, run: (paths: readonly string[]) => unknown): void {
    this.#program.changes.add(glob, run);
    if (this.#isReady) this.#declare();
  }

  recycle(): Promise<void> {
    return this.#taking.recycle();
  }

  onSave(save: () => unknown): void {
    this.#program.save = save;
    if (this.#isReady) this.#declare();
  }

  serve(server: Server, options?: ServeOptions): void {
    serve(this, server, options);
  }

  ready(): void {
    if (this.#isReady || this.#stopping !== null) return;
    this.#isReady = true;
    this.#declare();
    this.#say({ type: "ready" });
  }

  async checkpoint(): Promise<void> {
    const out = this.#out;
    if (out === undefined) throw new Error("BATON_STATE_OUT is not set");
    await this.#save("checkpoint", out);
  }

  checkpointEvery(ms: number): void {
    this.#host.after(ms, () => {
      if (this.#stopping !== null) return;
      const saving = this.#isReady ? this.checkpoint() : Promise.resolve();
      saving
        .catch((error) => complain(`Cannot save a checkpoint: ${messageOf(error)}`))
        .finally(() => this.checkpointEvery(ms));
    });
  }

  #say(message: FromProgram): void {
    if (this.#declared === null) this.#declare();
    this.#link?.send(message);
  }

  /** Says hello, unless that would say what the last one said. */
  #declare(): void {
    const declared = this.#program.toHello();
    const json = JSON.stringify(declared);
    if (json === this.#declared) return;
    this.#declared = json;
    const about = { protocol: PROTOCOL, pid: this.#host.pid, client: CLIENT };
    this.#link?.send({ type: "hello", ...about, ...declared });
  }

  #waitForStart(): Promise<FromBatonOf<"start">> {
    if (this.#barrier !== null) return this.#barrier;
    this.#barrier = new Promise((resolve) => this.#openBarrier = resolve);
    this.#link?.hold(true);
    this.#program.hasBarrier = this.#declared === null;
    if (this.#program.hasBarrier) this.#declare();
    warmUp(this.#host, () => this.#isAtBarrier);
    return this.#barrier;
  }

  get #isAtBarrier(): boolean {
    return this.#barrier !== null && this.#start === null;
  }

  #receive(message: FromBaton): void {
    switch (message.type) {
      case "start":
        this.generation = message.generation;
        this.changed = message.changed;
        this.#start ??= message;
        this.#out = message.out ?? this.#out;
        this.#link?.hold(false);
        return this.#openBarrier(message);
      case "shutdown":
        this.#link?.hold(true);
        this.#host.ignoreSigterm();
        this.#shuttingDown = this.#shutDown(message);
        return;
      case "checkpoint":
        return void this.#save("checkpoint", message.out).catch((error) => this.#refuse(error));
      case "changed":
      case "reload":
      case "recycle":
        return void this.#taking.take(message);
      case "exit":
        return this.#host.exit(0);
      case "error":
        return complain(`Baton did not understand: ${message.message}`);
    }
  }

  async #shutDown({ out, deadlineMs }: FromBatonOf<"shutdown">): Promise<void> {
    if (this.#isAtBarrier) return this.#refuse(new Error("The program is still at the barrier"));
    await this.#stop(deadlineMs);
    try {
      await this.#save("final", out);
    } catch (error) {
      this.#refuse(error);
    }
    this.#resolveStopped();
  }

  /** Rejects where there is no state. A checkpoint that the final state has overtaken is dropped. */
  async #save(kind: FromProgramOf<"saved">["kind"], out: string): Promise<void> {
    if (!this.#isReady) throw new Error("The program was not ready: it has not called ready()");
    const state = await collectState(this.#program.save, this.#program.components);
    const sha256 = await this.#host.sha256(state);
    if (kind === "checkpoint" && this.#stopping !== null) return;
    // Baton syncs what it takes, once nobody waits for the disk.
    this.#host.writeAtomically(out, state, { sync: this.#link === null });
    this.#say({ type: "saved", kind, bytes: state.length, sha256 });
  }

  /** Baton is gone: stop, leave the state where the next baton finds it, end the program. */
  async #leaveAlone(): Promise<void> {
    this.#link = null;
    if (this.#isAtBarrier) this.#host.exit(0);
    this.#host.ignoreUnreadOutput();
    setTimeout(() => this.#host.exit(1), LOST_DEADLINE_MS); // keeps the program alive until then
    await (this.#shuttingDown ?? this.#saveAlone()); // what was asked for is not done twice
    this.#host.after(0, () => this.#host.exit(0)); // after those who wait for `stopped`
  }

  async #saveAlone(): Promise<void> {
    await this.#stop(LOST_DEADLINE_MS);
    try {
      if (this.#out !== undefined) await this.#save("final", this.#out);
    } catch (error) {
      complain(`Baton is gone and the state cannot be saved: ${messageOf(error)}`);
    }
    this.#resolveStopped();
  }

  #stop(deadlineMs: number): Promise<unknown> {
    this.#stopping ??= this.#taking.end(() =>
      stopComponents(this.#program.components, deadlineMs, this.#host, (said) => this.#say(said))
    );
    return this.#stopping;
  }

  #refuse(error: unknown): void {
    this.#say({ type: "refused", why: messageOf(error).slice(0, MAX_TEXT_LENGTH) });
  }
}
