/** Which fields go on to the next hop (RFC 9110, 7.6.1), and what each side is told of the other. */
import { type Field, listOf, type RequestHead, type ResponseHead, valuesOf } from "./head.ts";

const HOP_BY_HOP = new Set(["connection", "keep-alive", "proxy-connection", "te", "upgrade"]);
const FRAMING = new Set(["content-length", "transfer-encoding"]);
/** What `Connection` names is for one hop, but not what all readers have to agree on. */
const END_TO_END = ["host", "content-length", "transfer-encoding", "trailer"];

function endToEnd(fields: readonly Field[]): Field[] {
  // A set, as a head has room for tens of thousands.
  const named = new Set(listOf(fields, "connection"));
  for (const name of END_TO_END) named.delete(name);
  return fields.filter((field) => {
    const name = field[0].toLowerCase();
    return !HOP_BY_HOP.has(name) && !named.has(name);
  });
}

/** The protocol that a request asks to change to; null where it asks for none. */
export function upgradeOf(head: RequestHead): string | null {
  if (head.plain !== undefined) return null;
  const { fields } = head;
  if (!listOf(fields, "connection").includes("upgrade")) return null;
  return valuesOf(fields, "upgrade").join(", ") || null;
}

/** Whether whoever sent this goes on with the same connection. */
export function keepsAlive(head: RequestHead | ResponseHead): boolean {
  if (head.plain !== undefined) return true;
  const { version, fields } = head;
  const options = listOf(fields, "connection");
  return version === "1.1" ? !options.includes("close") : options.includes("keep-alive");
}

/** The fields of a request of `peer`, as the program gets them. */
export function requestFields(head: RequestHead, peer: string): Field[] {
  const { fields } = head;
  const passed = endToEnd(fields)
    .filter((field) => field[0].toLowerCase() !== "x-forwarded-for");
  const before = valuesOf(fields, "x-forwarded-for");
  const added: Field[] = [["X-Forwarded-For", [...before, peer].join(", ")]];
  const [host] = valuesOf(fields, "host");
  if (host !== undefined && valuesOf(fields, "x-forwarded-host").length === 0) {
    added.push(["X-Forwarded-Host", host]);
  }
  if (valuesOf(fields, "x-forwarded-proto").length === 0) added.push(["X-Forwarded-Proto", "http"]);
  const upgrade = upgradeOf(head);
  const settings = valuesOf(fields, "http2-settings");
  if (upgrade !== null) {
    added.push(["Connection", "Upgrade"], ["Upgrade", upgrade]);
    if (valuesOf(passed, "http2-settings").length === 0) {
      added.push(...settings.map((value): Field => ["HTTP2-Settings", value]));
    }
  } else if (listOf(fields, "te").includes("trailers")) {
    added.push(["Connection", "TE"], ["TE", "trailers"]);
  }
  return [...passed, ...added];
}

/** The fields of an answer, as the client gets them, without those that say how its body ends. */
export function responseFields({ fields }: ResponseHead): Field[] {
  return endToEnd(fields).filter((field) => !FRAMING.has(field[0].toLowerCase()));
}

/**
 * The same, where it sends the client on to the port of its generation: to the path there. The next one has another
 * port, and nothing is in front of that. (By default nginx does the same.) A path of two slashes would name a host.
 */
export function relocated(fields: readonly Field[], port: number): readonly Field[] {
  if (valuesOf(fields, "location").length === 0) return fields;
  const own = RegExp(
    `^http://(?:127\\.0\\.0\\.1|localhost|\\[::1\\]):${port}(?!/[/\\\\])(?:/|(?=[?#])|$)`,
    "i",
  );
  return fields.map(([name, value]): Field =>
    name.toLowerCase() === "location" ? [name, value.replace(own, "/")] : [name, value]
  );
}
