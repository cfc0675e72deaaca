import { messageOf } from "../errors.ts";
import type { ClientHost } from "./host.ts";
import { createLineReader, type Line, placeOf } from "../protocol/lines.ts";
import type { FromBaton, FromProgram } from "../protocol/message.ts";

/** The program's side of the pipe, in messages. */
export interface Link {
  /** Sends one message in one write; nothing happens where baton is gone. */
  send(message: FromProgram): void;
  /** Whether the open pipe keeps the program alive. */
  hold(alive: boolean): void;
}

export interface LinkHandler {
  onMessage(message: FromBaton): void;
  /** Baton is gone. Called once. */
  onLost(): void;
}

/** Connects to baton's pipe; rejects with the system's error. Baton is silent until it has a hello. */
export async function openLink(
  host: ClientHost,
  pipe: string,
  handler: LinkHandler,
): Promise<Link> {
  const encoder = new TextEncoder();
  const lines = createLineReader();
  const connection = await host.connect(pipe, {
    onBytes(bytes) {
      for (const line of lines.push(bytes)) {
        if (line.type === "line") receive(line);
        else fail(`${line.what} (${line.where})`);
      }
    },
    onClose: () => handler.onLost(),
  });

  function send(message: FromProgram): void {
    connection.write(encoder.encode(JSON.stringify(message) + "\n"));
  }

  function fail(message: string): void {
    send({ type: "error", message });
    connection.end();
  }

  function receive(line: Line): void {
    const where = placeOf(line.number, line.offset);
    let message: FromBaton;
    try {
      message = JSON.parse(line.text);
    } catch (error) {
      return fail(`The line is not JSON: ${messageOf(error)} (${where})`);
    }
    if (KNOWN.has(message?.type)) return handler.onMessage(message);
    const type = JSON.stringify(message?.type) ?? "none";
    send({ type: "error", message: `Unknown message type ${type} (${where})` });
  }

  return {
    send,
    hold(alive) {
      if (alive) connection.ref();
      else connection.unref();
    },
  };
}

const KNOWN: ReadonlySet<FromBaton["type"]> = new Set(
  ["start", "shutdown", "exit", "checkpoint", "changed", "reload", "recycle", "error"] as const,
);
