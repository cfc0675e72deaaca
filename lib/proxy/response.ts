import type { TcpConnection } from "../platform/platform.ts";
import { inOnePiece, isOnePiece, together, writeBoth } from "./answer.ts";
import type { Client } from "./client.ts";
import type { ExchangeOptions } from "./exchange.ts";
import { keepsAlive, relocated, responseFields } from "./fields.ts";
import type { Framing } from "./framing.ts";
import {
  bytesOf,
  type Field,
  formatResponse,
  type RequestHead,
  type ResponseHead,
  valuesOf,
} from "./head.ts";
import { CutOff, Malformed } from "./malformed.ts";
import { formatPlainResponse } from "./plain.ts";
import { type Scanner, scannerOf } from "./scanner.ts";
import type { Rewrite, Rewriting, Tell } from "./seams.ts";
import type { Source } from "./source.ts";
import type { Target, Upstream } from "./upstream.ts";

/** What an answer leaves behind. */
export interface Answered {
  /** The client may send another request. */
  readonly isPersistent: boolean;
  /** So may baton, to the program. */
  readonly isReusable: boolean;
}

/** To move less takes longer without a copy than with it. */
const SPLICED_BYTES = 131_072;

const LAST_CHUNK = bytesOf("0\r\n\r\n");
const END_OF_LINE = bytesOf("\r\n");

/**
 * Passes the answer on. `end` is called once it is known to have no end of its own. Rejects where either side is
 * gone before all of it has passed.
 */
export async function respond(
  { rewrite, tell, platform: { clock } }: Pick<ExchangeOptions, "rewrite" | "tell" | "platform">,
  client: Client,
  request: RequestHead,
  head: ResponseHead,
  framing: Framing,
  upstream: Upstream,
  target: Target,
  end: () => void,
): Promise<Answered> {
  const scanner = scannerOf(framing);
  const { source } = upstream;
  if (!scanner.isDone && !source.hasPending) {
    const from = clock.now();
    source.ahead().then(() => target.waited(upstream, clock.now() - from));
  }
  const { text, sent, isPersistent, rewriting, isStream } = asPassedOn(
    request,
    head,
    framing,
    target,
    tell,
    rewrite,
  );
  const start = bytesOf(text);
  let hasLeft = false;
  const endStream = isStream
    ? target.stream(() => {
      hasLeft = true;
      upstream.connection.destroy();
    })
    : () => {};
  if (isStream) end();
  const { connection } = client;
  try {
    const whole = sent === "as it is" ? wholeOf(source, scanner, start) : null;
    if (whole !== null) await connection.write(whole);
    else if (sent === "as it is") await passOn(source, scanner, framing, connection, start);
    else {
      const parts = partsOf(source, scanner, framing);
      await connection.write(start);
      await encode(rewriting?.body(parts) ?? parts, sent, connection);
    }
  } catch (error) {
    // Ended between two events, it ends well: the client connects again.
    if (!hasLeft || sent !== "as it is" || !scanner.isBetweenChunks) throw error;
    await connection.write(LAST_CHUNK);
  } finally {
    endStream();
  }
  const isReusable = !hasLeft && scanner.isDone && keepsAlive(head) && request.version === "1.1";
  return { isPersistent, isReusable };
}

type Sent = "as it is" | "chunked" | "close";

/** An answer as the client gets it: its head, and what is done to its body. */
interface PassedOn {
  readonly text: string;
  readonly sent: Sent;
  readonly isPersistent: boolean;
  readonly rewriting: Rewriting | null;
  readonly isStream: boolean;
}

function asPassedOn(
  request: RequestHead,
  head: ResponseHead,
  framing: Framing,
  target: Target,
  tell: Tell,
  rewrite: Rewrite,
): PassedOn {
  if (request.plain !== undefined && head.plain?.framing === framing) {
    const text = formatPlainResponse(head, head.plain);
    return { text, sent: "as it is", isPersistent: true, rewriting: null, isStream: false };
  }
  const own = tell(relocated(responseFields(head), target.port));
  const rewriting = framing.kind === "none"
    ? null
    : rewrite(request, { ...head, fields: own }, target.generation);
  const sent = framingFor(request, framing, rewriting !== null);
  const isPersistent = keepsAlive(request) && sent !== "close";
  const fields = [
    ...rewriting?.fields ?? own,
    ...sent === "as it is" ? framingFields(framing, head) : [],
    ...sent === "chunked" ? [["Transfer-Encoding", "chunked"] as const] : [],
    ...connectionFields(request, isPersistent),
  ];
  const isStream = /^text\/event-stream\b/i.test(valuesOf(own, "content-type")[0] ?? "");
  return { text: formatResponse({ ...head, fields }), sent, isPersistent, rewriting, isStream };
}

function framingFor({ version }: RequestHead, { kind }: Framing, isChanged: boolean): Sent {
  const isKnown = kind === "none" || kind === "length" || (kind === "chunked" && version === "1.1");
  if (isKnown && !isChanged) return "as it is";
  return version === "1.1" ? "chunked" : "close";
}

/** Where there is no body, these say what another request would get. */
function framingFields({ kind }: Framing, { fields }: ResponseHead): Field[] {
  if (kind === "chunked") return [["Transfer-Encoding", "chunked"]];
  const lengths = valuesOf(fields, "content-length").slice(0, 1);
  return lengths.map((length): Field => ["Content-Length", length]);
}

function connectionFields({ version }: RequestHead, isPersistent: boolean): Field[] {
  if (!isPersistent) return [["Connection", "close"]];
  return version === "1.0" ? [["Connection", "keep-alive"]] : [];
}

/** Head and body in one piece, where all of that has come, and is not too much to be copied; else null. */
function wholeOf(source: Source, scanner: Scanner, start: Uint8Array): Uint8Array | null {
  const { pending, spare } = source;
  const { leftBytes } = scanner;
  const isWhole = leftBytes > 0 && leftBytes <= pending.length;
  if (!isWhole || !isOnePiece(start, leftBytes, spare)) return null;
  source.take();
  scanner.skip(leftBytes);
  source.unread(pending.subarray(leftBytes));
  return inOnePiece(start, pending.subarray(0, leftBytes), spare);
}

async function passOn(
  source: Source,
  scanner: Scanner,
  framing: Framing,
  to: TcpConnection,
  start: Uint8Array,
): Promise<void> {
  let first: Uint8Array | null = start;
  if (scanner.isDone || !source.hasPending) {
    await to.write(start);
    first = null;
  }
  while (!scanner.isDone) {
    if (!source.hasPending) await source.ahead();
    const bytes = next(source, framing);
    if (bytes === null) return;
    const count = scan(scanner, bytes);
    const part = bytes.subarray(0, count);
    source.unread(bytes.subarray(count));
    if (scanner.leftBytes >= SPLICED_BYTES) {
      const whole = first === null ? part : inOnePiece(first, part, source.spare);
      scanner.skip(await source.splice(to, whole, scanner.leftBytes));
    } else if (first === null) await to.write(part);
    else await writeBoth(to, first, part, source.spare);
    first = null;
  }
}

/** What the body carries, without how it is framed. */
async function* partsOf(
  source: Source,
  scanner: Scanner,
  framing: Framing,
): AsyncGenerator<Uint8Array> {
  while (!scanner.isDone) {
    await source.ahead();
    const bytes = next(source, framing);
    if (bytes === null) return;
    const parts: Uint8Array[] = [];
    const count = scan(scanner, bytes, (data) => void parts.push(data));
    yield* parts;
    source.unread(bytes.subarray(count));
  }
}

/** What is wrong with the chunks of an answer is no fault of the client, which may have the beginning already. */
function scan(scanner: Scanner, ...args: Parameters<Scanner["scan"]>): number {
  try {
    return scanner.scan(...args);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new CutOff(`What the program answers is no HTTP: ${error.message}`);
  }
}

/** What has come; null at the end of what ends with its connection. */
function next(source: Source, { kind }: Framing): Uint8Array | null {
  const bytes = source.take();
  if (bytes === null && kind !== "close") throw new CutOff("The program ended within an answer");
  return bytes;
}

async function encode(
  parts: AsyncIterable<Uint8Array>,
  sent: "chunked" | "close",
  to: TcpConnection,
): Promise<void> {
  for await (const part of parts) {
    if (part.length === 0) continue;
    if (sent === "close") await to.write(part);
    else {
      const size = bytesOf(`${part.length.toString(16)}\r\n`);
      await to.write(together(together(size, part), END_OF_LINE));
    }
  }
  if (sent === "chunked") await to.write(LAST_CHUNK);
}
