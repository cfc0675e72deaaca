import { type ListenAddress, LOOPBACK, type Settings } from "../settings.ts";
import { type Kind, kind, type Zod } from "./kind.ts";

const expected = '"PORT", "HOST:PORT", "[IPV6]:PORT" or "unix:PATH", where port 0 picks a free one';

/** What `8000`, `0.0.0.0:8000`, `[::1]:8000` or `unix:app.sock` asks for; null for anything else. */
export function parseListenAddress(text: string): ListenAddress | null {
  const path = /^unix:(.+)$/.exec(text)?.[1];
  if (path !== undefined) return path.includes("\0") ? null : { kind: "unix", path };
  const tcp = /^(?:(\[[\da-fA-F:.]+\]|[^:[\]\s/]+):)?(\d{1,5})$/.exec(text);
  if (tcp === null || Number(tcp[2]) > 65_535) return null;
  const host = (tcp[1] ?? LOOPBACK).replace(/^\[|\]$/g, "");
  if (tcp[1]?.startsWith("[") && !URL.canParse(`http://${tcp[1]}`)) return null;
  return { kind: "tcp", host, port: Number(tcp[2]) };
}

/** The text that `parseListenAddress` reads as this address. */
export function formatListenAddress(address: ListenAddress): string {
  if (address.kind === "unix") return `unix:${address.path}`;
  const { host, port } = address;
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** A port may be written as a number. */
type Written = string | number;

const isWritten = (written: unknown): written is Written =>
  typeof written === "string" || typeof written === "number";

const written = (z: Zod, error: string) => z.union([z.string(), z.number()], { error });

/** Addresses as they are written: a list, or one alone. */
export const listenAddresses: Kind<ListenAddress[]> = kind(
  "texts",
  (given) => {
    const each = Array.isArray(given) ? given : [given];
    if (!each.every(isWritten)) return undefined;
    const addresses = each.map((one) => parseListenAddress(String(one)));
    return addresses.every((address) => address !== null) ? addresses : undefined;
  },
  (z) =>
    z.codec(
      z.union([z.array(written(z, expected)), z.string(), z.number()], { error: expected }),
      z.custom<ListenAddress[]>(),
      {
        decode: (given, context) =>
          [given].flat().flatMap((input, index) => {
            const address = parseListenAddress(String(input));
            if (address !== null) return [address];
            const path = Array.isArray(given) ? [index] : [];
            context.issues.push({ code: "custom", message: expected, input, path });
            return [];
          }),
        encode: (addresses) => addresses.map(formatListenAddress),
      },
    ),
);

const expectedTcp = '"PORT", "HOST:PORT" or "[IPV6]:PORT", where port 0 picks a free one';

/** One address that is no Unix socket, or a port as a number; null where there is none. */
export const proxyAddress: Kind<Settings["proxy"]> = kind(
  "text",
  (given) => {
    if (given === null) return null;
    const address = isWritten(given) ? parseListenAddress(String(given)) : null;
    return address?.kind === "tcp" ? address : undefined;
  },
  (z) =>
    z.codec(
      written(z, expectedTcp).nullable(),
      z.custom<Settings["proxy"]>(),
      {
        decode(given, context) {
          const address = given === null ? null : parseListenAddress(String(given));
          if (given === null || address?.kind === "tcp") return address as Settings["proxy"];
          context.issues.push({ code: "custom", message: expectedTcp, input: given });
          return null;
        },
        encode: (address) => address && formatListenAddress(address),
      },
    ),
);
