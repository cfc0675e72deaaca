import type * as zod from "zod";
import { type ListenAddress, LOOPBACK, type Settings } from "../settings.ts";
import { type Kind, kind } from "./kind.ts";
import { list } from "./kinds.ts";

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

/** Addresses as they are written. */
export const listenAddresses: Kind<ListenAddress[]> = kind(
  "texts",
  (written) => {
    const addresses = list.read(written)?.map(parseListenAddress);
    return addresses?.every((address) => address !== null) ? addresses : undefined;
  },
  (z) =>
    z.codec(list.schema(z) as zod.ZodArray<zod.ZodString>, z.custom<ListenAddress[]>(), {
      decode: (texts, context) =>
        texts.flatMap((input, index) => {
          const address = parseListenAddress(input);
          if (address !== null) return [address];
          context.issues.push({ code: "custom", message: expected, input, path: [index] });
          return [];
        }),
      encode: (addresses) => addresses.map(formatListenAddress),
    }),
);

const expectedTcp = '"PORT", "HOST:PORT" or "[IPV6]:PORT", where port 0 picks a free one';

/** One address that is no Unix socket, or a port as a number; null where there is none. */
export const proxyAddress: Kind<Settings["proxy"]> = kind(
  "text",
  (written) => {
    if (written === null) return null;
    const isPort = typeof written === "string" || typeof written === "number";
    const address = isPort ? parseListenAddress(String(written)) : null;
    return address?.kind === "tcp" ? address : undefined;
  },
  (z) =>
    z.codec(
      z.union([z.string(), z.number()], { error: expectedTcp }).nullable(),
      z.custom<Settings["proxy"]>(),
      {
        decode(written, context) {
          const address = written === null ? null : parseListenAddress(String(written));
          if (written === null || address?.kind === "tcp") return address as Settings["proxy"];
          context.issues.push({ code: "custom", message: expectedTcp, input: written });
          return null;
        },
        encode: (address) => address && formatListenAddress(address),
      },
    ),
);
