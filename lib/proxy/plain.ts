/**
 * # Theory of operation
 *
 * Nearly all heads hold nothing that is for one hop only but `Connection: keep-alive`, and nothing that baton changes.
 * One expression sees that of a whole head, and cuts it into what is passed on and what is not. To read each field,
 * to look for each name that may decide something and to write all of it anew takes ten times as long. What does not
 * match is read field by field (`head.ts`); what does is passed on as it would be then.
 */
import type { Framing } from "./framing.ts";
import {
  parseRequest,
  parseResponse,
  type PlainParts,
  type PlainRequestParts,
  type RequestHead,
  type ResponseHead,
} from "./head.ts";

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const VISIBLE = "[\\x21-\\x7e\\x80-\\xff]";
/** As it would be written anew: not empty, and nothing blank around it. */
const VALUE = `${VISIBLE}(?:[\\t\\x20-\\x7e\\x80-\\xff]*${VISIBLE})?`;
const KEPT_ALIVE = `\\r\\n${inAnyCase("connection: keep-alive")}`;
const LENGTH = `\\r\\n${inAnyCase("content-length")}: (\\d{1,15})`;

/** For each line an expression may have to come back to it. */
const LONGEST = 8_192;

const NOT_PASSED = [
  ...["connection:", "keep-alive:", "proxy-connection:", "te:", "upgrade:"],
  ...["transfer-encoding:", "content-length:"],
];

const ASKED = linesBut(
  ...NOT_PASSED,
  ...["host:", "http2-settings:", "x-forwarded-"],
  // A page may be asked for, and is asked for in another way.
  "sec-fetch-mode: navigate",
  ...["document", "iframe", "frame", "embed", "object"].map((kind) => `sec-fetch-dest: ${kind}`),
  "accept: [^\\r]*text/html",
);
const REQUEST = new RegExp(
  `^(${TOKEN}) (${VISIBLE}+) HTTP/1\\.1(${ASKED}\\r\\n${inAnyCase("host")}: (${VALUE})${ASKED})` +
    `(?:${KEPT_ALIVE}(${ASKED}))?(${LENGTH}${ASKED})?(?:${KEPT_ALIVE}(${ASKED}))?$`,
);

const ANSWERED = linesBut(
  ...NOT_PASSED,
  // What is changed, and what ends with the program.
  ...["location:", "content-type: text/html", "content-type: text/event-stream"],
);
const NOT_PASSED_ON = `(?:${KEPT_ALIVE}|\\r\\n${inAnyCase("keep-alive")}: ${VALUE})+`;
const RESPONSE = new RegExp(
  `^HTTP/1\\.1 ([2-5]\\d\\d) ([\\t\\x20-\\x7e\\x80-\\xff]*)` +
    `(${ANSWERED})(?:${NOT_PASSED_ON}(${ANSWERED}))?` +
    `(?:${LENGTH}|\\r\\n${inAnyCase("transfer-encoding: chunked")})` +
    `(${ANSWERED})(?:${NOT_PASSED_ON}(${ANSWERED}))?$`,
);
const HAS_AGE = /\r\nlast-modified:/i;
/** By which browsers do not go by its age. */
const HAS_TERM = /\r\n(?:cache-control|expires):/i;

/** Lines, each behind its CR LF, that begin like none of these. */
function linesBut(...beginnings: string[]): string {
  return `(?:\\r\\n(?!${beginnings.map(inAnyCase).join("|")})${TOKEN}: ${VALUE})*`;
}

function inAnyCase(text: string): string {
  return text.replace(
    /\\.|[a-z]/g,
    (each) => each.length > 1 ? each : `[${each}${each.toUpperCase()}]`,
  );
}

/** Reads a request, without the empty line; null where it is no plain one. */
export function plainRequest(text: string): RequestHead | null {
  const match = text.length > LONGEST ? null : REQUEST.exec(text);
  if (match === null) return null;
  const lines = match[3]! + (match[5] ?? "") + (match[6] ?? "") + (match[8] ?? "");
  const plain = { lines, host: match[4]!, framing: framingOf(match[7] ?? "0") };
  return new PlainRequest(text, match[1]!, match[2]!, plain);
}

/** The head of it as the program gets it, from `peer`. */
export function formatPlainRequest(
  { method, target }: RequestHead,
  { lines, host }: PlainRequestParts,
  peer: string,
): string {
  return `${method} ${target} HTTP/1.1${lines}\r\nX-Forwarded-For: ${peer}\r\n` +
    `X-Forwarded-Host: ${host}\r\nX-Forwarded-Proto: http\r\n\r\n`;
}

/** Reads an answer that may have a body; null where it is no plain one. */
export function plainResponse(text: string): ResponseHead | null {
  const match = text.length > LONGEST ? null : RESPONSE.exec(text);
  if (match === null || match[1] === "204" || match[1] === "304") return null;
  if (HAS_AGE.test(text) && !HAS_TERM.test(text)) return null;
  const length = match[5];
  const lines = match[3]! + (match[4] ?? "") + match[6]! + (match[7] ?? "");
  const plain = {
    lines: `${lines}\r\n${length === undefined ? CODING : `Content-Length: ${length}`}`,
    framing: length === undefined ? CHUNKED : framingOf(length),
  };
  return new PlainResponse(text, Number(match[1]), match[2]!, plain);
}

/** The head of it as the client gets it. */
export function formatPlainResponse(
  { status, reason }: ResponseHead,
  { lines }: PlainParts,
): string {
  return `HTTP/1.1 ${status} ${reason}${lines}\r\n\r\n`;
}

const CODING = "Transfer-Encoding: chunked";
const CHUNKED: Framing = { kind: "chunked" };
const NONE: Framing = { kind: "none" };

function framingOf(length: string): Framing {
  const bytes = Number(length);
  return bytes === 0 ? NONE : { kind: "length", bytes };
}

class PlainRequest implements RequestHead {
  readonly version = "1.1";

  constructor(
    readonly text: string,
    readonly method: string,
    readonly target: string,
    readonly plain: PlainRequestParts,
  ) {}

  /** Mostly nobody asks for them. */
  get fields(): RequestHead["fields"] {
    return parseRequest(this.text).fields;
  }
}

class PlainResponse implements ResponseHead {
  readonly version = "1.1";

  constructor(
    readonly text: string,
    readonly status: number,
    readonly reason: string,
    readonly plain: PlainParts,
  ) {}

  get fields(): ResponseHead["fields"] {
    return parseResponse(this.text).fields;
  }
}
