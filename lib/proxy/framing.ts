import { listOf, type RequestHead, type ResponseHead, valuesOf } from "./head.ts";
import { Malformed } from "./malformed.ts";

/** How it is told where the body of a message ends; `close`: with the connection. */
export type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "close" };

const NONE: Framing = { kind: "none" };
/** 2 ** 53 has 16 digits. */
const LENGTH = /^\d{1,15}$/;

/**
 * How the body of a request ends. Throws `Malformed` where two readers may differ over that (RFC 9112, 6.3 and
 * 11.2): a length beside a coding, two lengths, a coding other than `chunked`.
 */
export function requestFraming(head: RequestHead): Framing {
  if (head.plain !== undefined) return head.plain.framing;
  const { version, fields } = head;
  if (valuesOf(fields, "host").length > 1 || (version === "1.1" && hostless(fields))) {
    throw new Malformed("A request has exactly one Host");
  }
  const codings = valuesOf(fields, "transfer-encoding");
  const lengths = valuesOf(fields, "content-length");
  if (codings.length > 0) {
    if (lengths.length > 0) throw new Malformed("Content-Length beside Transfer-Encoding");
    if (version === "1.0") throw new Malformed("Transfer-Encoding in HTTP/1.0");
    if (codings.length > 1 || codings[0]!.toLowerCase() !== "chunked") {
      throw new Malformed('A Transfer-Encoding other than "chunked"');
    }
    return { kind: "chunked" };
  }
  if (lengths.length === 0) return NONE;
  if (lengths.length > 1 || !LENGTH.test(lengths[0]!)) {
    throw new Malformed("Content-Length is not one number");
  }
  const bytes = Number(lengths[0]);
  return bytes === 0 ? NONE : { kind: "length", bytes };
}

function hostless(fields: RequestHead["fields"]): boolean {
  return valuesOf(fields, "host").length === 0;
}

/** How the body of an answer to `method` ends. Throws `Malformed` where it has several lengths, or another coding. */
export function responseFraming(method: string, head: ResponseHead): Framing {
  if (head.plain !== undefined && method !== "HEAD") return head.plain.framing;
  const { status, fields } = head;
  if (method === "HEAD" || status < 200 || status === 204 || status === 304) return NONE;
  const codings = new Set(listOf(fields, "transfer-encoding"));
  codings.delete("identity"); // As RFC 2616 had it: none.
  if (codings.size > 0) {
    if (codings.size > 1 || !codings.has("chunked")) {
      throw new Malformed('A Transfer-Encoding other than "chunked", which nobody asked for');
    }
    return { kind: "chunked" };
  }
  const lengths = new Set(listOf(fields, "content-length"));
  if (lengths.size === 0) return { kind: "close" };
  const [length] = lengths;
  if (lengths.size > 1 || !LENGTH.test(length!)) {
    throw new Malformed("Content-Length is not one number");
  }
  return Number(length) === 0 ? NONE : { kind: "length", bytes: Number(length) };
}
