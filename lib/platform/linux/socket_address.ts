import { endianness } from "node:os";
import { PlatformError } from "../platform.ts";
import type { SocketAddress } from "../sockets.ts";

// Of Linux's socket.h.
export const UNIX = 1;
const INTERNET = 2;
const INTERNET_6 = 10;

/** `sun_path` has room for that, and the zero at its end. */
const PATH_BYTES = 107;

/** Room for any address. */
export const ADDRESS_BYTES = 128;

/** `struct sockaddr`. Throws `ENAMETOOLONG` where a path does not fit in, `EINVAL` for what is no IP address. */
export function socketAddress(address: SocketAddress): Uint8Array<ArrayBuffer> {
  if (address.kind === "unix") return unixAddress(address.path);
  const { host, port } = address;
  return host.includes(":") ? internet6(host, port) : internet4(host, port);
}

export function familyOf(address: Uint8Array<ArrayBuffer>): number {
  return new DataView(address.buffer).getUint16(0, endianness() === "LE");
}

export function portOf(address: Uint8Array<ArrayBuffer>): number {
  return new DataView(address.buffer).getUint16(2);
}

function withFamily(family: number, length: number): DataView<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(length));
  view.setUint16(0, family, endianness() === "LE");
  return view;
}

function unixAddress(path: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(path);
  if (bytes.length > PATH_BYTES) {
    const why = `its path has ${bytes.length} bytes, and ${PATH_BYTES} is the most`;
    throw new PlatformError("ENAMETOOLONG", `Cannot listen at "${path}": ${why}`, path);
  }
  const address = new Uint8Array(withFamily(UNIX, 2 + bytes.length + 1).buffer);
  address.set(bytes, 2);
  return address;
}

function internet4(host: string, port: number): Uint8Array<ArrayBuffer> {
  const view = withFamily(INTERNET, 16);
  view.setUint16(2, port);
  const parts = host.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) {
    throw noAddress(host);
  }
  parts.forEach((part, index) => view.setUint8(4 + index, part));
  return new Uint8Array(view.buffer);
}

function internet6(host: string, port: number): Uint8Array<ArrayBuffer> {
  const view = withFamily(INTERNET_6, 28);
  view.setUint16(2, port);
  groupsOf(host).forEach((group, index) => view.setUint16(8 + 2 * index, group));
  return new Uint8Array(view.buffer);
}

/** The eight groups; the URL parser is the one that knows every way to write them. */
function groupsOf(host: string): number[] {
  if (!URL.canParse(`http://[${host}]`)) throw noAddress(host);
  const [left = "", right] = new URL(`http://[${host}]`).hostname.slice(1, -1).split("::");
  const groups = (text: string) =>
    text === "" ? [] : text.split(":").map((part) => Number.parseInt(part, 16));
  const [before, behind] = [groups(left), groups(right ?? "")];
  const between = right === undefined ? 0 : 8 - before.length - behind.length;
  return [...before, ...Array<number>(between).fill(0), ...behind];
}

function noAddress(host: string): PlatformError {
  return new PlatformError("EINVAL", `Cannot listen at "${host}": it is no IP address`);
}
