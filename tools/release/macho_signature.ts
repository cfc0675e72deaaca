/**
 * The code signature of an executable for macOS. There a page that its signature does not fit ends the process, and on
 * arm64 what has none does not start. Bun leaves the signature of its own runtime in what it makes for x64, of which
 * neither the length nor the pages are those of that file any more; linkers, and Bun for arm64, sign ad hoc: hashes
 * without a name behind them. So does this.
 *
 * Structures of Apple's `mach-o/loader.h` (little-endian) and `cs_blobs.h` (big-endian).
 */
import { createHash } from "node:crypto";

const HEADER_BYTES = 32;
const SEGMENT = 0x19;
const CODE_SIGNATURE = 0x1d;

const SUPER_BLOB = 0xfade0cc0;
const CODE_DIRECTORY = 0xfade0c02;
/** Of the super blob, with one blob in it. */
const INDEX_BYTES = 20;
/** Of a directory of version 0x20400, which tells of the segment that is run. */
const DIRECTORY_BYTES = 88;
const VERSION = 0x20400;
const AD_HOC_BY_LINKER = 0x20002;
const MAIN_BINARY = 1;
const SHA256 = 2;
const HASH_BYTES = 32;
const PAGE_BITS = 12;
const PAGE_BYTES = 2 ** PAGE_BITS;
/** Of memory, to which segments are rounded up, on arm64. */
const MEMORY_PAGE_BYTES = 2 ** 14;
const IDENTIFIER = "baton";

interface Layout {
  /** Where the load command of the signature is, of the segment that it is in, and of the one that is run. */
  readonly signature: number;
  readonly linkEdit: number;
  readonly text: number;
}

/** Null where it has no signature. */
function layoutOf(view: DataView): Layout | null {
  const places: Record<string, number> = {};
  const commands = view.getUint32(16, true);
  for (
    let at = HEADER_BYTES, left = commands;
    left > 0;
    at += view.getUint32(at + 4, true), left--
  ) {
    const command = view.getUint32(at, true);
    if (command === CODE_SIGNATURE) places.signature = at;
    if (command === SEGMENT) places[nameOf(view, at + 8)] = at;
  }
  const { signature, __LINKEDIT: linkEdit, __TEXT: text } = places;
  if (signature === undefined || linkEdit === undefined || text === undefined) return null;
  return { signature, linkEdit, text };
}

function nameOf(view: DataView, at: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, 16);
  return new TextDecoder().decode(bytes).replace(/\0+$/, "");
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Where the directory of a super blob is, which is its first. */
function directoryAt(view: DataView, superBlob: number): number | null {
  if (view.getUint32(superBlob) !== SUPER_BLOB) return null;
  const at = superBlob + view.getUint32(superBlob + 16);
  return view.getUint32(at) === CODE_DIRECTORY ? at : null;
}

function* pages(bytes: Uint8Array, end: number): Generator<Uint8Array> {
  for (let at = 0; at < end; at += PAGE_BYTES) {
    const page = bytes.subarray(at, Math.min(at + PAGE_BYTES, end));
    yield createHash("sha256").update(page).digest();
  }
}

/** Whether there is one, right or not. */
export function isSigned(executable: Uint8Array): boolean {
  return layoutOf(viewOf(executable)) !== null;
}

/** Why macOS would not run what is signed: null where each page has the hash that its signature says. */
export function signatureFault(executable: Uint8Array): string | null {
  const view = viewOf(executable);
  const layout = layoutOf(view);
  if (layout === null) return "it is not signed";
  const at = view.getUint32(layout.signature + 8, true);
  const sizeBytes = view.getUint32(layout.signature + 12, true);
  if (at + sizeBytes !== executable.length) return "its signature does not end with the file";
  const directory = directoryAt(view, at);
  if (directory === null) return "its signature begins with no code directory";
  const end = view.getUint32(directory + 32);
  if (end !== at) return `it is signed to byte ${end}, and ${at} bytes long without its signature`;
  let hash = directory + view.getUint32(directory + 16);
  let wrong = 0;
  for (const expected of pages(executable, end)) {
    if (!expected.every((byte, index) => byte === executable[hash + index])) wrong++;
    hash += HASH_BYTES;
  }
  return wrong === 0 ? null : `${wrong} of its pages differ from what is signed`;
}

/** The executable with a signature ad hoc in place of the one that it ends with; throws where it has none there. */
export function signedAdHoc(executable: Uint8Array, identifier: string = IDENTIFIER): Uint8Array {
  const layout = layoutOf(viewOf(executable));
  if (layout === null) throw new Error("There is no place for a signature in it");
  const old = viewOf(executable);
  const end = old.getUint32(layout.signature + 8, true);
  if (end + old.getUint32(layout.signature + 12, true) !== executable.length) {
    throw new Error("Something is behind its signature");
  }
  const name = new TextEncoder().encode(`${identifier}\0`);
  const count = Math.ceil(end / PAGE_BYTES);
  const directoryBytes = DIRECTORY_BYTES + name.length + count * HASH_BYTES;
  const sizeBytes = INDEX_BYTES + directoryBytes;
  const signed = new Uint8Array(end + sizeBytes);
  signed.set(executable.subarray(0, end));
  const view = viewOf(signed);

  const linkEditBytes = BigInt(end + sizeBytes) - view.getBigUint64(layout.linkEdit + 40, true);
  const unit = BigInt(MEMORY_PAGE_BYTES);
  view.setUint32(layout.signature + 12, sizeBytes, true);
  view.setBigUint64(layout.linkEdit + 32, (linkEditBytes + unit - 1n) / unit * unit, true);
  view.setBigUint64(layout.linkEdit + 48, linkEditBytes, true);

  const directory = end + INDEX_BYTES;
  [SUPER_BLOB, sizeBytes, 1, 0, INDEX_BYTES]
    .forEach((word, index) => view.setUint32(end + index * 4, word));
  const hashes = DIRECTORY_BYTES + name.length;
  [
    CODE_DIRECTORY,
    directoryBytes,
    VERSION,
    AD_HOC_BY_LINKER,
    hashes,
    DIRECTORY_BYTES,
    0,
    count,
    end,
  ]
    .forEach((word, index) => view.setUint32(directory + index * 4, word));
  signed.set([HASH_BYTES, SHA256, 0, PAGE_BITS], directory + 36);
  view.setBigUint64(directory + 64, view.getBigUint64(layout.text + 40, true));
  view.setBigUint64(directory + 72, view.getBigUint64(layout.text + 48, true));
  view.setBigUint64(directory + 80, BigInt(MAIN_BINARY));
  signed.set(name, directory + DIRECTORY_BYTES);
  let at = directory + hashes;
  for (const hash of pages(signed, end)) {
    signed.set(hash, at);
    at += HASH_BYTES;
  }
  return signed;
}
