import type { OutputReader } from "../act/output_reader.ts";
import type { Control, ControlSurroundings } from "../control/control.ts";
import { Journal } from "../control/journal.ts";
import type { Platform } from "../platform/platform.ts";
import type { Item } from "../report/item.ts";

/** The control of a run, which is loaded only once its program was started: nobody can ask for anything before. */
export class LateControl implements OutputReader {
  /** Null until it is there. */
  opened: Control | null = null;
  readonly #journal: Journal;
  readonly #told: Item[] = [];

  /** `cwd` is the folder that paths are told relative to. */
  constructor(platform: Pick<Platform, "clock">, cwd: string) {
    this.#journal = new Journal(platform, cwd);
  }

  /** What baton tells. */
  note(item: Item): void {
    this.#journal.note(item);
    if (this.opened === null) this.#told.push(item);
    else this.opened.note(item);
  }

  /** What the program writes. */
  write(chunk: Uint8Array): void {
    this.#journal.write(chunk);
  }

  isWanted(): boolean {
    return this.opened?.isWanted() ?? false;
  }

  /** Variables of the programs that are started. */
  colors(): Record<string, string> {
    return this.opened?.colors() ?? {};
  }

  /** An event was answered, or the watch has told something. */
  stir(): void {
    this.opened?.stir();
  }

  /** Loads it, and passes on to it what was told before. */
  async open(surroundings: Omit<ControlSurroundings, "journal">): Promise<Control> {
    const { Control } = await import("../control/control.ts");
    const control = new Control({ ...surroundings, journal: this.#journal });
    for (const item of this.#told) control.note(item);
    return this.opened = control;
  }
}
