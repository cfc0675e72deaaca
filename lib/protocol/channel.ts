import { messageOf } from "../errors.ts";
import { once } from "../once.ts";
import type { Connection, ConnectionHandler } from "../platform/platform.ts";
import { cutChanged } from "./changed.ts";
import { createLineReader, type Line, placeOf } from "./lines.ts";
import type { FromBaton, FromProgram, Messages } from "./message.ts";

/** Baton's side of one connection. */
export interface Channel {
  /**
   * Sends one message in one write; nothing happens once the connection has ended. Of `changed`, only the
   * first 32 KiB are sent.
   */
  send(message: FromBaton): void;
  /** Sends what is queued, then closes. */
  close(): void;
}

export interface ChannelHandler {
  /** The first message is always `hello`. */
  onMessage(message: FromProgram): void;
  /** The program broke the protocol: what and where. Nothing it says on this connection counts any more. */
  onProblem(text: string): void;
  /** Called once: either side has closed, or there was a problem. */
  onClose(): void;
}

/** So that a program that floods and never reads cannot fill baton's memory with answers. */
const MAX_ANSWERS = 100;

/** By what messages are checked; null until it is loaded. */
let messages: Messages | null = null;

/** Loads by what messages are checked, which takes longer than a program's start is to wait for. */
export const loadMessages: () => Promise<void> = once(async () => {
  messages = (await import("./message.ts")).messages();
});

/**
 * Speaks the protocol over a connection: bytes become checked messages, a type it does not know is
 * answered with `error`, and whatever else does not fit ends this connection with an `error` that says
 * where. It never throws at the program's doing. What is received before `loadMessages` is done waits for it.
 */
export function openChannel(
  connection: Connection,
  handler: ChannelHandler,
): Channel & ConnectionHandler {
  const encoder = new TextEncoder();
  const lines = createLineReader();
  let greeted = false;
  let ended = false;
  let over = false;
  let answers = 0;

  function send(message: FromBaton): void {
    if (ended) return;
    const sent = "changed" in message
      ? { ...message, changed: cutChanged(message.changed) }
      : message;
    connection.write(encoder.encode(JSON.stringify(sent) + "\n"));
  }

  function close(): void {
    if (ended) return;
    ended = true;
    connection.end();
  }

  function fail(what: string, where: string): void {
    const text = `${what} (${where})`;
    send({ type: "error", message: text });
    close();
    handler.onProblem(text);
    finish();
  }

  /** Not left to the program, which may go on for as long as it likes. */
  function finish(): void {
    if (over) return;
    over = true;
    handler.onClose();
  }

  function receive(line: Line): void {
    const where = placeOf(line.number, line.offset);
    const decoded = decode(line.text);
    if (decoded.is === "broken") return fail(decoded.why, where);
    if (decoded.is === "unknown") {
      answers += 1;
      if (answers > MAX_ANSWERS) return;
      const type = JSON.stringify(decoded.type.slice(0, 100));
      return send({ type: "error", message: `Unknown message type ${type} (${where})` });
    }
    if (!greeted && decoded.message.type !== "hello") {
      return fail(`Hello comes first, got ${JSON.stringify(decoded.message.type)}`, where);
    }
    greeted = true;
    handler.onMessage(decoded.message);
  }

  const received: ConnectionHandler = {
    onBytes(bytes) {
      for (const line of lines.push(bytes)) {
        if (ended) return;
        if (line.type === "line") receive(line);
        else fail(line.what, line.where);
      }
    },
    onClose() {
      const cut = ended ? null : lines.end();
      ended = true;
      if (cut !== null) handler.onProblem(`${cut.what} (${cut.where})`);
      finish();
    },
  };
  return { send, close, ...messages === null ? heldUntil(loadMessages(), received) : received };
}

/** Passes on what comes once `ready` is, in its order. */
function heldUntil(ready: Promise<void>, handler: ConnectionHandler): ConnectionHandler {
  let held: (() => void)[] | null = [];
  ready.then(() => {
    for (const pass of held ?? []) pass();
    held = null;
  });
  const pass = (run: () => void) => held === null ? run() : void held.push(run);
  return {
    onBytes: (bytes) => pass(() => handler.onBytes(bytes)),
    onClose: () => pass(() => handler.onClose()),
  };
}

type Decoded =
  | { readonly is: "message"; readonly message: FromProgram }
  | { readonly is: "unknown"; readonly type: string }
  | { readonly is: "broken"; readonly why: string };

function decode(text: string): Decoded {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { is: "broken", why: `The line is not JSON: ${messageOf(error)}` };
  }
  if (typeof value !== "object" || value === null || !("type" in value)) {
    return { is: "broken", why: "The line is not a JSON object with a type" };
  }
  const type = value.type;
  if (typeof type !== "string") return { is: "broken", why: "The type is not a string" };
  if (!isKnown(type)) return { is: "unknown", type };
  const parsed = messages!.fromProgram[type].safeParse(value);
  if (parsed.success) return { is: "message", message: parsed.data };
  const issue = parsed.error.issues[0];
  return {
    is: "broken",
    why: `"${type}" does not fit: ${issue!.path.join(".")}: ${issue!.message}`,
  };
}

function isKnown(type: string): type is FromProgram["type"] {
  return Object.hasOwn(messages!.fromProgram, type);
}
