import { BatonError, type Explanation, messageOf } from "../errors.ts";
import { explained, reasonOf } from "../explain.ts";
import {
  type Cancel,
  type Connection,
  type ConnectionHandler,
  type Listener,
  type Platform,
  PlatformError,
} from "../platform/platform.ts";
import { createLineReader } from "../protocol/lines.ts";
import type { AnswerTo } from "./answers.ts";
import { IdleConnections } from "./idle_connections.ts";
import type { AnswerLine, CheckedRequest, RequestName } from "./messages.ts";

/** What does what is asked for; `owner` stands for the connection. */
export type Commands = {
  readonly [N in RequestName]: (
    request: CheckedRequest<N>,
    owner: object,
  ) => AnswerTo<N> | Promise<AnswerTo<N>>;
};

export interface ControlOptions {
  readonly platform: Platform;
  readonly commands: Commands;
  /** Where to listen, the best first: all in folders that are this user's alone. Throws `PlatformError`. */
  addresses(): readonly string[];
  /** It listens there from now on. */
  opened(address: string): void;
  /** A connection has ended. */
  left(owner: object): void;
  onTrouble(trouble: Explanation): void;
}

const NEXT = "Remove it, once baton has stopped";
/** Between two looks whether the socket is still there: who tidies up may have removed it. */
const LOOK_MS = 30_000;
/** By then whoever was refused has read why, or never will. */
const REFUSED_MS = 1_000;

interface OpenSocket {
  readonly listener: Listener;
  readonly address: string;
  /** Of its file, as it was when it was opened. */
  readonly inode: number | null;
}

/** So many requests of one connection wait for their answer, and so much of what is answered to be read. */
const MOST_ASKED = 1_000;
const MOST_UNREAD_BYTES = 8 * 1_048_576;
const TOO_MUCH = {
  what: `More than ${MOST_ASKED} requests wait for their answer, or their answers to be read`,
  next: "Wait for answers, and read them, before asking for more",
};

/** Whom a connection stands for. */
interface Owner {
  /** A hold may end with it. */
  holds: boolean;
}

/** Listens to commands. It opens after the program was started, and is opened again where it was removed. */
export class ControlServer {
  readonly #with: ControlOptions;
  readonly #idle: IdleConnections;
  #open: OpenSocket | null = null;
  #opened = 0;
  #isOpening = false;
  #isClosed = false;
  #hasComplained = false;
  #cancelLook: Cancel = () => {};

  constructor(options: ControlOptions) {
    this.#with = options;
    this.#idle = new IdleConnections(options.platform.clock);
  }

  /** Opens it where it is not open; what keeps it from that is told once. */
  async keep(): Promise<void> {
    if (this.#isClosed || this.#isOpening || this.#isThere()) return;
    this.#isOpening = true;
    this.#cancelLook();
    try {
      this.#open?.listener.close();
      this.#open = await this.#listen();
      if (this.#isClosed) return this.close();
      this.#lookLater();
      this.#with.opened(this.#open.address);
    } catch (error) {
      this.#complain(error);
    } finally {
      this.#isOpening = false;
    }
  }

  /** Throws `BatonError` where its socket cannot be removed; it is closed all the same. */
  close(): void {
    this.#isClosed = true;
    this.#cancelLook();
    this.#open?.listener.close();
    const { address } = this.#open ?? {};
    const isThere = this.#isThere();
    this.#open = null;
    if (address === undefined || !isThere) return;
    const { files } = this.#with.platform;
    explained("Cannot remove the socket for commands", NEXT, () => files.remove(address));
  }

  /** Whether it is the one that was opened: another may be at its name. */
  #isThere(): boolean {
    if (this.#open === null) return false;
    const { address, inode } = this.#open;
    return inode !== null && this.#inodeAt(address) === inode;
  }

  /** Null, too, where nobody may look any more: something else may be on the way to it. */
  #inodeAt(address: string): number | null {
    try {
      return this.#with.platform.files.owner(address)?.inode ?? null;
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      return null;
    }
  }

  #lookLater(): void {
    this.#cancelLook = this.#with.platform.clock.after(LOOK_MS, () => {
      if (this.#isThere()) this.#lookLater();
      else this.keep();
    });
  }

  async #listen(): Promise<OpenSocket> {
    const { platform: { files, pipes }, addresses } = this.#with;
    let refusal: unknown = null;
    for (const address of addresses()) {
      // By another name at first: Deno removes what is at the name of one that was closed, whoever's it is by then.
      const draft = `${address}.${++this.#opened}`;
      try {
        // Only who has locked the folder listens there: what is left is of a baton that died.
        files.remove(draft);
        const listener = await pipes.listen(draft, (one) => this.#accept(one));
        files.rename(draft, address);
        return { listener, address, inode: files.owner(address)?.inode ?? null };
      } catch (error) {
        if (!(error instanceof PlatformError)) throw error;
        refusal ??= error;
      }
    }
    throw refusal;
  }

  #complain(error: unknown): void {
    if (!(error instanceof PlatformError) && !(error instanceof BatonError)) throw error;
    if (this.#hasComplained) return;
    this.#hasComplained = true;
    const why = error instanceof PlatformError ? reasonOf(error) : error.what;
    this.#with.onTrouble({
      what: `Takes no commands ("baton status" and others): ${why}`,
      next: "Free the place; it is tried again at each start of the program",
    });
  }

  #accept(connection: Connection): ConnectionHandler {
    const { platform, left } = this.#with;
    const { user, pipes } = platform;
    const { peer } = connection;
    const isOwn = peer === null ? !(user?.uid === 0 && pipes.tellsPeers) : peer.uid === user?.uid;
    if (!isOwn) return refuse(platform, connection);
    const lines = createLineReader();
    const owner: Owner = { holds: false };
    let asked = 0;
    const write = (line: AnswerLine) =>
      connection.write(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
    const send = (line: AnswerLine) => {
      write(line);
      asked -= 1;
      if (asked === 0 && !owner.holds) this.#idle.heard(connection);
    };
    let cancel: Cancel | null = null;
    const part = (error: Explanation) => {
      this.#idle.remove(connection);
      cancel = partWith(platform, connection, error);
    };
    let reading = Promise.resolve();
    this.#idle.accepted(connection);
    return {
      onBytes: (bytes) => {
        if (cancel !== null) return;
        for (const line of lines.push(bytes)) {
          if (line.type === "problem") return part({ what: line.what, where: line.where });
          asked += 1;
          this.#idle.remove(connection);
          const isTooMuch = asked > MOST_ASKED || connection.unreadBytes > MOST_UNREAD_BYTES;
          if (isTooMuch) return part(TOO_MUCH);
          reading = reading.then(() => this.#hear(line.text, owner, send));
        }
        if (asked === 0 && !owner.holds) this.#idle.heard(connection);
      },
      onClose: () => {
        cancel?.();
        this.#idle.remove(connection);
        asked = Infinity;
        left(owner);
      },
    };
  }

  /** Resolves once the request was read: its answer may come after that of a later one. */
  async #hear(text: string, owner: Owner, send: (line: AnswerLine) => void): Promise<void> {
    const { readRequest } = await import("./request.ts");
    const read = readRequest(text, this.#with.platform.processes.self);
    if ("error" in read) return send(read);
    const { id, name, request } = read;
    owner.holds ||= name === "hold";
    const run = this.#with.commands[name] as (request: unknown, owner: object) => unknown;
    Promise.resolve().then(() => run(request, owner)).then(
      (answer) => send({ id, answer }),
      (error) => send({ id, error: explanationOf(error) }),
    );
  }
}

function refuse(platform: Platform, connection: Connection): ConnectionHandler {
  const onClose = partWith(platform, connection, {
    what: "Refused: this baton is another user's",
  });
  return { onBytes: () => {}, onClose };
}

/** Says why, and ends the connection; what is returned is called once that has ended. */
function partWith({ clock }: Platform, connection: Connection, error: Explanation): Cancel {
  connection.write(new TextEncoder().encode(`${JSON.stringify({ id: null, error })}\n`));
  connection.end();
  return clock.after(REFUSED_MS, () => connection.destroy());
}

function explanationOf(error: unknown): Explanation {
  if (error instanceof BatonError) {
    const { what, where, next } = error;
    return { what, where, next };
  }
  return { what: `Baton failed: ${messageOf(error)}`, next: "Please report this" };
}
