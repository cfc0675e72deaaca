import type { Stat } from "../platform.ts";

/** Of what cannot be looked at; no other stamp is below 0. */
export const NO_STAMP = -1;

const numbers = new Float64Array(6);
const words = new Uint32Array(numbers.buffer);
const places = [...words.keys()];

/** A stamp of what a runtime's own stat says. */
export function stampOfStat({ mode, inode, sizeBytes, ctimeMs, mtimeMs, device }: Stat): number {
  numbers.set([mode, inode, sizeBytes, ctimeMs, mtimeMs, device]);
  return stampOf(words, places);
}

/** Mixes the words at these places into as many bits as a number holds. */
export function stampOf(words: Uint32Array, places: readonly number[]): number {
  let high = 0;
  let low = 0;
  for (const at of places) {
    high = Math.imul((high << 13 | high >>> 19) ^ words[at]!, 0x85ebca6b);
    low = Math.imul((low << 17 | low >>> 15) ^ words[at]!, 0xc2b2ae35);
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}
