import type { Libc } from "./libc.ts";
import { type Files, PlatformError, type Stamps } from "./platform.ts";

// Of statx(2).
const FROM_WORKING_FOLDER = -100;
const BASIC_STATS = 0x7ff;
const STRUCT_BYTES = 256;

/** Mode, inode, size, change time, modification time and device, by words of 32 bits. */
const WORDS = [7, 8, 9, 10, 11, 24, 25, 26, 28, 29, 30, 34, 35];

const LONGEST_PATH_BYTES = 4096;

/** Of what cannot be looked at; no other stamp is below 0. */
const NONE = -1;

/** Stamps by the C library, and by a runtime's own stat where there is none. */
export function openStamps(libc: Libc | null, stat: Files["stat"]): Stamps {
  return libc === null ? statStamps(stat) : libcStamps(libc);
}

/** By one call to the C library each: two thirds of the cost of a stat through a runtime. */
function libcStamps(libc: Libc): Stamps {
  const encoder = new TextEncoder();
  const path = new Uint8Array(LONGEST_PATH_BYTES);
  const struct = new Uint8Array(STRUCT_BYTES);
  let opened = "";
  let rest = path;

  /** Most looks are into the folder of the look before. */
  function open(folder: string): void {
    const { read, written } = encoder.encodeInto(`${folder}/`, path);
    opened = folder;
    rest = path.subarray(read > folder.length ? written : path.length);
  }

  function look(folder: string, name: string): boolean {
    if (folder !== opened) open(folder);
    const { read, written } = encoder.encodeInto(name, rest);
    if (read < name.length || written >= rest.length) return false;
    rest[written] = 0;
    return libc.statx(FROM_WORKING_FOLDER, path, 0, BASIC_STATS, struct) === 0;
  }

  const words = new Uint32Array(struct.buffer);
  return { of: stampOf(look, words, WORDS), close: () => libc.release() };
}

/** By a runtime's own stat. */
function statStamps(stat: Files["stat"]): Stamps {
  const numbers = new Float64Array(6);

  function look(folder: string, name: string): boolean {
    try {
      const found = stat(`${folder}/${name}`);
      if (found === null) return false;
      const { mode, inode, sizeBytes, ctimeMs, mtimeMs, device } = found;
      numbers.set([mode, inode, sizeBytes, ctimeMs, mtimeMs, device]);
      return true;
    } catch (error) {
      if (error instanceof PlatformError) return false;
      throw error;
    }
  }

  const words = new Uint32Array(numbers.buffer);
  return { of: stampOf(look, words, [...words.keys()]), close() {} };
}

/** Mixes the words at these places, where `look` leaves what it finds, into as many bits as a number holds. */
function stampOf(
  look: (folder: string, name: string) => boolean,
  words: Uint32Array,
  places: readonly number[],
): Stamps["of"] {
  return (folder, name) => {
    if (!look(folder, name)) return NONE;
    let high = 0;
    let low = 0;
    for (const at of places) {
      high = Math.imul((high << 13 | high >>> 19) ^ words[at], 0x85ebca6b);
      low = Math.imul((low << 17 | low >>> 15) ^ words[at], 0xc2b2ae35);
    }
    return (high >>> 11) * 2 ** 32 + (low >>> 0);
  };
}
