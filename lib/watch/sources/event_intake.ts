import type { Platform, RawEvent } from "../../platform/platform.ts";
import { lstatOrNull } from "../../paths/lookup.ts";
import type { Unreadable } from "../index/unreadable.ts";
import type { ProgramOutputs } from "../outputs/program_outputs.ts";
import type { Settle } from "../settle.ts";
import type { Tree } from "../tree.ts";

/** Stands in a path for bytes that are not UTF-8. */
const UNKNOWN_CHARACTER = "\ufffd";

/** Stands for every path: events were lost. */
export const EVERYTHING = "";

/** Takes events in: says which paths that count they are about, and whether these are complete. */
export class EventIntake {
  constructor(
    private readonly platform: Platform,
    private readonly tree: Tree,
    private readonly settle: Pick<Settle<never>, "touched" | "isPartial">,
    private readonly outputs: ProgramOutputs,
    private readonly unreadable: Unreadable,
  ) {}

  take({ kind, path }: RawEvent): void {
    if (kind === "rescan") return this.settle.touched(EVERYTHING, "partial");
    for (const affected of this.tree.affected(path)) {
      if (affected.includes(UNKNOWN_CHARACTER)) this.#lookAtName(affected);
      const known = this.#kindOf(kind, affected);
      this.outputs.touched(affected, known === "complete");
      this.settle.touched(affected, known);
    }
  }

  /** No runtime lists, or finds, what is not named in UTF-8. */
  #lookAtName(path: string): void {
    if (lstatOrNull(this.platform, path) !== null) return;
    this.unreadable.note({ what: `Cannot see "${path}": its name is not UTF-8; rename it` });
  }

  /** Folders and links are complete when they are made; files are made by opening them. */
  #kindOf(kind: Exclude<RawEvent["kind"], "rescan">, path: string) {
    if (kind !== "partial" || this.settle.isPartial(path)) return kind;
    return lstatOrNull(this.platform, path)?.kind === "file" ? "partial" : "complete";
  }
}
