/**
 * Heads of HTTP/1 messages (RFC 9112), as they were written: in their order and case. A request is read
 * strictly, since whoever reads it differently further on is how requests are smuggled; an answer of the user's
 * own program may end its lines as it likes.
 */
import type { Framing } from "./framing.ts";
import { Malformed } from "./malformed.ts";

export type Field = readonly [name: string, value: string];
export type Version = "1.0" | "1.1";

/** What is known of a head that was read as a whole (`plain.ts`). */
export interface PlainParts {
  /** Lines that are passed on as they are, each behind its CR LF. */
  readonly lines: string;
  readonly framing: Framing;
}

export interface PlainRequestParts extends PlainParts {
  readonly host: string;
}

export interface RequestHead {
  readonly method: string;
  readonly target: string;
  readonly version: Version;
  readonly fields: readonly Field[];
  readonly plain?: PlainRequestParts;
}

export interface ResponseHead {
  readonly status: number;
  readonly reason: string;
  readonly version: Version;
  readonly fields: readonly Field[];
  readonly plain?: PlainParts;
}

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const REQUEST = new RegExp(`^(${TOKEN}) ([\\x21-\\x7e\\x80-\\xff]+) HTTP/(1\\.[01])$`);
const RESPONSE = /^HTTP\/(1\.[01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/;
const NAME = new RegExp(`^${TOKEN}$`);
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Reads the head of a request, without the empty line. Throws `Malformed`. */
export function parseRequest(text: string): RequestHead {
  const [start = "", ...lines] = text.split("\r\n");
  const [, method, target, version] = REQUEST.exec(start) ?? [];
  if (version === undefined) throw new Malformed("The request line is not one of HTTP/1.1");
  return { method: method!, target: target!, version: version as Version, fields: fieldsOf(lines) };
}

/** Reads the head of an answer, without the empty line. Throws `Malformed`. */
export function parseResponse(text: string): ResponseHead {
  const lines = text.split("\n");
  for (let at = 0; at < lines.length - 1; at++) {
    if (lines[at]!.endsWith("\r")) lines[at] = lines[at]!.slice(0, -1);
  }
  const [, version, status, reason] = RESPONSE.exec(lines[0]!) ?? [];
  if (status === undefined) throw new Malformed("The status line is not one of HTTP/1.1");
  const fields = fieldsOf(lines.slice(1));
  return { version: version as Version, status: Number(status), reason: reason ?? "", fields };
}

function fieldsOf(lines: readonly string[]): Field[] {
  return lines.map((line) => {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    // A blank before the colon or the name is how two readers come to see different fields.
    if (colon < 1 || !NAME.test(name)) throw new Malformed("A header line has no name");
    const value = trimmed(line.slice(colon + 1));
    if (!VALUE.test(value)) throw new Malformed(`The header "${name}" holds a control character`);
    return [name, value];
  });
}

/** Whether one of the lines ends in LF alone. */
export function endsInLf(text: string): boolean {
  return /(?:^|[^\r])\n/.test(text);
}

const [TAB, BLANK] = [9, 32];

/** Without blanks and tabs around it. */
function trimmed(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text.charCodeAt(from))) from += 1;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === BLANK || code === TAB;
}

export function formatRequest({ method, target, version, fields }: RequestHead): string {
  return `${method} ${target} HTTP/${version}\r\n${formatFields(fields)}`;
}

export function formatResponse({ status, reason, fields }: ResponseHead): string {
  return `HTTP/1.1 ${status} ${reason}\r\n${formatFields(fields)}`;
}

function formatFields(fields: readonly Field[]): string {
  let text = "";
  for (const field of fields) text += `${field[0]}: ${field[1]}\r\n`;
  return `${text}\r\n`;
}

/** The values of every field of this name, which is in lower case. */
export function valuesOf(fields: readonly Field[], name: string): string[] {
  const values: string[] = [];
  for (const field of fields) { // Taken apart in place, each would be an iterator more.
    if (field[0].length === name.length && field[0].toLowerCase() === name) values.push(field[1]);
  }
  return values;
}

/** What a list that may be spread over several fields holds, in lower case. */
export function listOf(fields: readonly Field[], name: string): string[] {
  const values = valuesOf(fields, name);
  if (values.length === 0) return values;
  if (values.length === 1 && !values[0]!.includes(",")) {
    const only = values[0]!.trim().toLowerCase();
    return only === "" ? [] : [only];
  }
  return values.flatMap((value) => value.split(","))
    .map((each) => each.trim().toLowerCase()).filter((each) => each !== "");
}

const DECODED_AT_ONCE = 8_192;

/** Each byte as the character of its number, and back. */
export function textOf(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += DECODED_AT_ONCE) {
    const part = bytes.subarray(at, at + DECODED_AT_ONCE);
    text += String.fromCharCode.apply(null, part as unknown as number[]);
  }
  return text;
}

const encoder = new TextEncoder();

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const encoded = encoder.encode(text); // Of ASCII the same, in a tenth of the time.
  if (encoded.length === text.length) return encoded;
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}
