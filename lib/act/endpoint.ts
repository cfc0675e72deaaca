import type {
  Cancel,
  Connection,
  ConnectionHandler,
  Listener,
  Peer,
  Platform,
} from "../platform/platform.ts";
import { type Channel, openChannel } from "../protocol/channel.ts";
import type { FromBaton, FromProgram } from "../protocol/message.ts";
import { type Refusal, refusalBefore } from "./admission.ts";
import type { ChildEvent } from "./child_event.ts";

/** By then whoever was refused has read why, or never will. */
const REFUSED_MS = 1_000;

/**
 * The pipe of one generation: an address of its own, so that nobody is taken for somebody else. Listens
 * from before the generation is spawned.
 */
export class Endpoint {
  readonly #channels = new Map<number, Channel>();
  readonly #participants = new Map<Channel, number>();
  #listener: Listener | null = null;
  #emit: (event: ChildEvent) => void = () => {};
  #refusalOf: (peer: Peer | null) => Refusal | null = refusalBefore;
  #listening: () => readonly string[] = () => [];
  #refused: Refusal | null = null;
  /** How many have said hello so far. */
  #greeted = 0;
  #open = 0;
  #onEmpty: (() => void) | null = null;
  #closed = false;

  constructor(readonly address: string) {}

  async listen(platform: Platform): Promise<void> {
    const listener = await platform.pipes.listen(this.address, (connection) => {
      const refusal = this.#refusalOf(connection.peer);
      if (refusal !== null) return this.#refuse(platform, connection, refusal);
      const channel: Channel & ConnectionHandler = openChannel(connection, {
        onMessage: (message) => this.#hear(channel, message, connection.peer),
        onProblem: (what) => this.#emit({ type: "protocol error", what }),
        onClose: () => this.#leave(channel),
      });
      this.#open += 1;
      return channel;
    });
    // What root has started may go on as another user: it must get here, and who does is asked of the system.
    if (platform.user?.uid === 0 && platform.pipes.tellsPeers) {
      platform.files.chmod(this.address, 0o666);
    }
    if (this.#closed) listener.close();
    else this.#listener = listener;
  }

  /** Whether a program can connect to it. */
  isThere(): boolean {
    return this.#listener?.isThere() === true;
  }

  /**
   * From now on, what is said here is emitted, but for what those say whom `refusalOf` refuses. `listening` is
   * asked at the first hello.
   */
  on(
    emit: (event: ChildEvent) => void,
    refusalOf: (peer: Peer | null) => Refusal | null,
    listening: () => readonly string[],
  ): void {
    this.#listening = listening;
    this.#emit = emit;
    this.#refusalOf = refusalOf;
    if (this.#refused !== null) emit({ type: "protocol error", what: this.#refused.what });
  }

  send(participant: number, message: FromBaton): void {
    this.#channels.get(participant)?.send(message);
  }

  /** Whether a program ever said hello here. */
  get spoke(): boolean {
    return this.#greeted > 0;
  }

  /** The participants that said hello and are still connected. */
  connected(): number[] {
    return [...this.#participants.values()];
  }

  /** Calls `run` when no connection is open, or `withinMs` have passed. */
  whenEmpty(platform: Platform, withinMs: number, run: () => void): void {
    if (this.#open === 0) return run();
    const finish = () => {
      this.#onEmpty = null;
      cancel();
      run();
    };
    const cancel: Cancel = platform.clock.after(withinMs, finish);
    this.#onEmpty = finish;
  }

  close(): void {
    this.#closed = true;
    this.#emit = () => {};
    for (const channel of this.#participants.keys()) channel.close();
    this.#listener?.close();
    this.#listener = null;
  }

  /** Told of once: who tries it again and again is still the same trouble. */
  #refuse(platform: Platform, connection: Connection, refusal: Refusal): ConnectionHandler {
    const error: FromBaton = { type: "error", message: refusal.why };
    connection.write(new TextEncoder().encode(`${JSON.stringify(error)}\n`));
    connection.end();
    const onClose = platform.clock.after(REFUSED_MS, () => connection.destroy());
    if (this.#refused === null) this.#emit({ type: "protocol error", what: refusal.what });
    this.#refused ??= refusal;
    return { onBytes: () => {}, onClose };
  }

  #hear(channel: Channel, message: FromProgram, peer: Peer | null): void {
    const isFirst = this.#greeted === 0;
    let participant = this.#participants.get(channel);
    if (participant === undefined) {
      participant = this.#greeted++;
      this.#channels.set(participant, channel);
      this.#participants.set(channel, participant);
    }
    if (message.type === "error") {
      const what = `It did not understand baton: ${message.message}`;
      return this.#emit({ type: "protocol error", what });
    }
    if (message.type !== "hello") return this.#emit({ ...message, participant });
    // In a namespace of its own it is known by another number.
    const pid = peer?.pid ?? message.pid;
    const listens = isFirst && message.capabilities.includes("handoff") ? this.#listening() : [];
    this.#emit({ ...message, pid, participant, listens });
  }

  #leave(channel: Channel): void {
    this.#open -= 1;
    const participant = this.#participants.get(channel);
    this.#participants.delete(channel);
    if (participant !== undefined) {
      this.#channels.delete(participant);
      this.#emit({ type: "disconnected", participant });
    }
    if (this.#open === 0) this.#onEmpty?.();
  }
}
