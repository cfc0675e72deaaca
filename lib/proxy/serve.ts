/** Serves whoever connects: request after request, or bytes where it is not HTTP/1. */
import type { Platform, TcpConnection } from "../platform/platform.ts";
import { send } from "./answer.ts";
import { Client } from "./client.ts";
import { Deadline } from "./deadline.ts";
import { exchange, type ExchangeOptions, type Sequel } from "./exchange.ts";
import { requestFraming } from "./framing.ts";
import { parseRequest, type RequestHead } from "./head.ts";
import { keepsAlive } from "./fields.ts";
import { linger } from "./linger.ts";
import { CutOff, Malformed } from "./malformed.ts";
import { plainRequest } from "./plain.ts";
import { forbidden, isOwn, isOwnHost } from "./own.ts";
import { scannerOf } from "./scanner.ts";
import type { OwnHandler, OwnRequest } from "./seams.ts";
import { protocolOf } from "./sniff.ts";
import { type Tunnel, tunnel } from "./tunnel.ts";

/** What connections are served with. */
export interface ServeOptions extends ExchangeOptions {
  readonly platform: Pick<Platform, "clock" | "tcp">;
  readonly hosts: readonly string[];
  readonly own: OwnHandler;
  /** Whose next request has not come, or not all of its head; who has waited longest is the first. */
  readonly waiting: Set<TcpConnection>;
  /** Aborted when baton ends. */
  readonly signal: AbortSignal;
}

/** From the first byte of a head to its last. */
const HEAD_MS = 30_000;
/** For whoever says nothing at all: a browser opens connections ahead, and forgets them. */
const IDLE_MS = 600_000;

/** Serves a connection to its end. */
export async function serve(options: ServeOptions, connection: TcpConnection): Promise<void> {
  const client = new Client(connection);
  try {
    const sequel = await serveAll(options, client);
    // By itself, so that nothing else is kept for as long as a WebSocket lives.
    if (typeof sequel !== "string") await tunnel(options.platform, client, sequel);
    else if (sequel === "end") await linger(options.platform, client);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof Malformed) await refuse(options, client, error);
    else if (!isExpected(error)) throw error;
    else if (!client.source.isOver) await linger(options.platform, client);
  } finally {
    connection.destroy();
  }
}

/** One side is gone, which is nobody's fault. */
function isExpected(error: Error): boolean {
  return error instanceof CutOff || error.name === "PlatformError";
}

/** Serves requests; resolves with what comes after them, `gone`: nothing, as nobody is there. */
async function serveAll(options: ServeOptions, client: Client): Promise<"end" | "gone" | Tunnel> {
  const deadline = new Deadline(options.platform.clock, () => client.connection.destroy());
  try {
    return await serveUntil(options, client, deadline);
  } finally {
    deadline.end();
    options.waiting.delete(client.connection);
  }
}

async function serveUntil(
  options: ServeOptions,
  client: Client,
  deadline: Deadline,
): Promise<"end" | "gone" | Tunnel> {
  for (let isFirst = true;; isFirst = false) {
    deadline.set(IDLE_MS);
    options.waiting.add(client.connection);
    await client.source.ahead();
    if (client.source.isOver) return "gone";
    let text = isFirst ? null : client.source.headAtHand(true);
    if (text === null) {
      deadline.set(HEAD_MS);
      if (isFirst && await protocolOf(client.source) === "other") {
        if (client.source.isBroken) return "gone";
        deadline.clear();
        options.waiting.delete(client.connection);
        return await findTunnel(options, client);
      }
      text = await client.source.head(true);
    }
    deadline.clear();
    options.waiting.delete(client.connection);
    if (text === null) return "gone";
    const request = plainRequest(text) ?? parseRequest(text);
    const sequel = isOwn(request)
      ? await serveOwn(options, client, request)
      : await exchange(options, client, request);
    if (typeof sequel !== "string") return sequel;
    if (sequel === "end" || !keepsAlive(request)) return "end";
  }
}

/** Where what is no HTTP/1 goes, once somebody serves. */
async function findTunnel(
  { platform: { clock }, router, holdMs }: ServeOptions,
  client: Client,
): Promise<"gone" | Tunnel> {
  const until = clock.now() + holdMs;
  const gone = client.gone();
  for (;;) {
    const target = await router.serving(until, gone);
    if (client.source.isOver) return "gone";
    const upstream = await target?.connect().catch(() => null) ?? null;
    if (target !== null && upstream !== null) return { upstream, target };
    if (clock.now() >= until) return "gone";
    if (target !== null) await router.pause(gone);
  }
}

async function refuse(
  { platform }: ServeOptions,
  client: Client,
  { status, message }: Malformed,
): Promise<void> {
  const answer = {
    status,
    fields: [["Content-Type", "text/plain; charset=utf-8"]],
    body: `${message}\n`,
  } as const;
  try {
    await send(client, answer, { method: "GET", close: true });
    await linger(platform, client);
  } catch (error) {
    if (!(error instanceof Error) || !isExpected(error)) throw error;
  }
}

async function serveOwn(
  options: ServeOptions,
  client: Client,
  request: RequestHead,
): Promise<Sequel> {
  const { hosts, own, signal } = options;
  const scanner = scannerOf(requestFraming(request));
  const { method } = request;
  const body = async (most: number) => {
    const parts: Uint8Array[] = [];
    let length = 0;
    while (!scanner.isDone) {
      const bytes = await client.source.chunk();
      if (bytes === null) throw new CutOff("The client ended within a body");
      const count = scanner.scan(bytes, (data) => {
        length += data.length;
        parts.push(data.slice());
      });
      client.source.unread(bytes.subarray(count));
      if (length > most) throw new Malformed(`The body is longer than ${most} bytes`);
    }
    return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
  };
  if (!isOwnHost(request, hosts)) {
    await send(client, forbidden(), { method, close: !scanner.isDone });
    return scanner.isDone ? "next" : "end";
  }
  const gone = new AbortController();
  const ended = AbortSignal.any([gone.signal, signal]);
  const asked: OwnRequest = { ...request, fields: request.fields, body, signal: ended };
  const answer = await own(asked);
  const isWhole = typeof answer.body === "string" || answer.body instanceof Uint8Array;
  const close = !scanner.isDone || !isWhole || !keepsAlive(request);
  if (!isWhole && scanner.isDone) client.gone().then(() => gone.abort());
  await send(client, answer, { method, close });
  return close ? "end" : "next";
}
