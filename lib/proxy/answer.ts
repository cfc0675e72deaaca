import type { TcpConnection } from "../platform/platform.ts";
import type { Client } from "./client.ts";
import { bytesOf, type Field, formatResponse, type RequestHead } from "./head.ts";

/** What baton itself answers. */
export interface Answer {
  readonly status: number;
  readonly fields: readonly Field[];
  /** Of one that goes on, each part is sent at once. */
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array>;
}

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  204: "No Content",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  413: "Content Too Large",
  431: "Request Header Fields Too Large",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

/** Answers a request; with `close` the connection is not used again. */
export async function send(
  { connection }: Client,
  { status, fields, body }: Answer,
  { method, close }: { readonly method: RequestHead["method"]; readonly close: boolean },
): Promise<void> {
  const reason = REASONS[status] ?? "";
  const ending: Field[] = close ? [["Connection", "close"]] : [];
  const whole = typeof body === "string" ? new TextEncoder().encode(body) : body;
  if (whole instanceof Uint8Array) {
    const length: Field = ["Content-Length", String(whole.length)];
    const head = bytesOf(formatResponse({
      status,
      reason,
      version: "1.1",
      fields: [...fields, length, ...ending],
    }));
    await connection.write(method === "HEAD" ? head : together(head, whole));
    return;
  }
  const head = { status, reason, version: "1.1", fields: [...fields, ["Connection", "close"]] };
  await connection.write(bytesOf(formatResponse(head as Parameters<typeof formatResponse>[0])));
  if (method === "HEAD") return;
  for await (const part of whole) await connection.write(part);
}

/** Together costs less than twice, unless there is much to copy. */
const WRITTEN_TOGETHER = 16_384;

/**
 * Writes one after the other, by a single write where that costs little: each one wakes whoever reads. `spare`
 * bytes in front of the other may be overwritten.
 */
export function writeBoth(
  to: TcpConnection,
  one: Uint8Array,
  other: Uint8Array,
  spare = 0,
): Promise<void> {
  if (isOnePiece(one, other.length, spare)) {
    return to.write(inOnePiece(one, other, spare));
  }
  return to.write(one).then(() => to.write(other));
}

/** Whether it costs little to make one piece of both. */
export function isOnePiece(one: Uint8Array, otherBytes: number, spare: number): boolean {
  return one.length <= spare || otherBytes <= WRITTEN_TOGETHER;
}

/** Both as one, where `spare` bytes in front of the other may be overwritten. */
export function inOnePiece(one: Uint8Array, other: Uint8Array, spare: number): Uint8Array {
  return one.length <= spare ? inFrontOf(other, one) : together(one, other);
}

/** Where a head was, there mostly is room for the one that takes its place. */
function inFrontOf(bytes: Uint8Array, before: Uint8Array): Uint8Array {
  const from = bytes.byteOffset - before.length;
  const whole = new Uint8Array(bytes.buffer, from, before.length + bytes.length);
  whole.set(before);
  return whole;
}

export function together(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
