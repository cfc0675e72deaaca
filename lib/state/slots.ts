import { join } from "@std/path";
import type { Files } from "../platform/platform.ts";
import { entriesOf } from "../explain.ts";

/** A place for one state in a folder: its bytes, and its envelope beside them. */
export interface Slot {
  readonly number: number;
  readonly state: string;
  readonly envelope: string;
  /** The bytes while they are being copied. */
  readonly partial: string;
}

/** Where that is what a program takes along with a state: see `also/`. */
export function alsoOf(statePath: string): string {
  return `${statePath.replace(/\.state$/, "")}.also`;
}

const STATE = /^(\d{6,15})\.state$/;
/** Envelopes, and what a baton that was killed left half-written. */
const LEFT_BEHIND = /^\d{6,15}\.(?:json|partial|json\.[0-9a-f-]{36}\.tmp)$/;

const ALSO = /^\d{6,15}\.also$/;

/** A folder of states, numbered in the order they were saved: `000012.state` beside `000012.json`. */
export class Slots {
  readonly #files: Files;

  constructor(files: Files, readonly folder: string) {
    this.#files = files;
  }

  at(number: number): Slot {
    const base: string = join(this.folder, String(number).padStart(6, "0"));
    const [state, envelope, partial] = [`${base}.state`, `${base}.json`, `${base}.partial`];
    return { number, state, envelope, partial };
  }

  /** The places that hold a state, newest first. */
  filled(): Slot[] {
    return entriesOf(this.#files, this.folder)
      .flatMap(({ name }) => STATE.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => b - a)
      .map((number) => this.at(number));
  }

  /** Removes a state; what is taken along with it is swept. Its envelope goes last: alone it means nothing, the bytes alone would look torn. */
  clear(slot: Slot): void {
    this.#files.remove(slot.state);
    this.#files.remove(slot.envelope);
  }

  /** Removes what has no state beside it: envelopes, what was taken along, and temporary files of a baton that was killed. */
  sweep(): void {
    const used = new Set(this.filled().flatMap(({ envelope, state }) => [envelope, alsoOf(state)]));
    for (const { name, kind } of entriesOf(this.#files, this.folder)) {
      const path: string = join(this.folder, name);
      if (used.has(path)) continue;
      if (kind === "file" && LEFT_BEHIND.test(name)) this.#files.remove(path);
      if (kind === "directory" && ALSO.test(name)) this.#files.remove(path, { recursive: true });
    }
  }
}
