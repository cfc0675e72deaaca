import { type Kind, kind } from "./kind.ts";
import type { ReadyProbe } from "../settings.ts";

const expected = '"tcp:PORT", "tcp:HOST:PORT", "http:URL" or, with "--proxy", "http:/PATH"';

/** What `tcp:8000`, `tcp:[::1]:8000`, `http:http://host/health` or just that URL asks for; null for anything else. */
export function parseReadyProbe(text: string): ReadyProbe | null {
  const tcp = /^tcp:(?:(\[[^\]]+\]|[^:]+):)?(\d{1,5})$/.exec(text);
  if (tcp) {
    const port = Number(tcp[2]);
    const host = (tcp[1] ?? "localhost").replace(/^\[|\]$/g, "");
    return port >= 1 && port <= 65_535 ? { kind: "tcp", host, port } : null;
  }
  const path = /^http:(\/(?!\/)\S*)$/.exec(text)?.[1];
  if (path !== undefined) return { kind: "path", path };
  const url = text.replace(/^http:(?=https?:\/\/)/, "");
  return /^https?:\/\/./.test(url) && URL.canParse(url) ? { kind: "http", url } : null;
}

/** The text that `parseReadyProbe` reads as this probe. */
export function formatReadyProbe(probe: ReadyProbe): string {
  if (probe.kind === "path") return `http:${probe.path}`;
  if (probe.kind === "http") return probe.url;
  return `tcp:${probe.host.includes(":") ? `[${probe.host}]` : probe.host}:${probe.port}`;
}

/** A readiness probe as it is written; null leaves it to the program to say. */
export const readyProbe: Kind<ReadyProbe | null> = kind(
  "text",
  (written) => {
    if (written === null) return null;
    return (typeof written === "string" ? parseReadyProbe(written) : null) ?? undefined;
  },
  (z) =>
    z.codec(
      z.string({ error: expected }).nullable(),
      z.custom<ReadyProbe>().nullable(),
      {
        decode(text, context) {
          const probe = text === null ? null : parseReadyProbe(text);
          if (text !== null && probe === null) {
            context.issues.push({ code: "custom", message: expected, input: text });
          }
          return probe;
        },
        encode: (probe) => probe && formatReadyProbe(probe),
      },
    ),
);
