import { BatonError, messageOf } from "../../errors.ts";
import {
  type Clock,
  type Connection,
  type Platform,
  PlatformError,
} from "../../platform/platform.ts";

/** Watchman takes its time where it first walks a big tree. */
const PATIENCE_MS = 30_000;

/** One object that Watchman sends: an answer, or (`unilateral`) news that nobody asked for. */
export interface Message {
  readonly unilateral?: boolean;
  readonly error?: string;
  readonly warning?: string;
  /** Marks a moment: what changed since can be asked for. */
  readonly clock?: string;
  /** The folder that Watchman really watches, and the way from there to the one that was asked for. */
  readonly watch?: string;
  readonly relative_path?: string;
  readonly subscription?: string;
  readonly files?: readonly string[];
  /** Nothing is known of what happened before. */
  readonly is_fresh_instance?: boolean;
  /** Watchman no longer watches the folder. */
  readonly canceled?: boolean;
  /** What .watchmanconfig says. */
  readonly config?: { readonly ignore_dirs?: readonly string[] };
}

export interface ConnectionObserver {
  news(message: Message): void;
  /** Whichever side closed it. */
  closed(): void;
}

type Answer = PromiseWithResolvers<Message>;

/** Watchman's JSON protocol: one array a line there, one object a line back, answers in order. */
export class WatchmanConnection {
  readonly #observer: ConnectionObserver;
  readonly #socket: string;
  readonly #decoder = new TextDecoder();
  readonly #awaited: Answer[] = [];
  #connection: Connection | null = null;
  #rest = "";
  /** Why no answer comes any more. */
  #lost: BatonError | null = null;
  readonly #clock: Clock;

  private constructor(clock: Clock, socket: string, observer: ConnectionObserver) {
    this.#clock = clock;
    this.#socket = socket;
    this.#observer = observer;
  }

  /** Throws `BatonError` where nothing answers there. */
  static async open(
    platform: Platform,
    socket: string,
    observer: ConnectionObserver,
  ): Promise<WatchmanConnection> {
    const made = new WatchmanConnection(platform.clock, socket, observer);
    try {
      made.#connection = await platform.pipes.connect(socket, {
        onBytes: (bytes) => made.#read(bytes),
        onClose: () => made.#end(),
      });
    } catch (error) {
      if (error instanceof PlatformError) throw made.#failure(messageOf(error));
      throw error;
    }
    return made;
  }

  /**
   * Throws `BatonError` with Watchman's own words where it refuses, where the connection is lost, and where
   * no answer comes.
   */
  async ask(...command: readonly unknown[]): Promise<Message> {
    if (this.#lost !== null) throw this.#lost;
    const answer: Answer = Promise.withResolvers();
    this.#awaited.push(answer);
    this.#connection?.write(new TextEncoder().encode(`${JSON.stringify(command)}\n`));
    const cancel = this.#clock.after(PATIENCE_MS, () => {
      this.#lose(`Watchman does not answer within ${PATIENCE_MS / 1_000} s`);
      this.close();
    });
    const message = await answer.promise.finally(cancel);
    if (message.error !== undefined) throw this.#failure(`Watchman refuses: ${message.error}`);
    return message;
  }

  close(): void {
    this.#connection?.destroy();
  }

  #read(bytes: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#rest = lines.pop()!;
    for (const line of lines) if (line !== "") this.#take(line);
  }

  /** What is no JSON does not come from Watchman: the connection is given up. */
  #take(line: string): void {
    const message = parse(line);
    if (message === null) this.close();
    else if (message.unilateral) this.#observer.news(message);
    else this.#awaited.shift()?.resolve(message);
  }

  #end(): void {
    this.#lose("Watchman closed the connection");
    this.#observer.closed();
  }

  #lose(what: string): void {
    this.#lost ??= this.#failure(what);
    for (const answer of this.#awaited.splice(0)) answer.reject(this.#lost);
  }

  #failure(what: string): BatonError {
    return new BatonError({
      what,
      where: this.#socket,
      next: 'See "watchman watch-list" and its log, or leave out "--source watchman"',
    });
  }
}

function parse(line: string): Message | null {
  try {
    return Object(JSON.parse(line));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
