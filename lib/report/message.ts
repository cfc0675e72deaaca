import type { Explanation } from "../errors.ts";
import type { Item, ItemOf } from "./item.ts";

/** How much attention it deserves: `-q` leaves errors and warnings, `-v` adds details. */
export type Weight = "error" | "warning" | "news" | "detail";

/** One thing said to a person: a sentence without a final period, and what goes with it. */
export interface Message extends Explanation {
  readonly weight: Weight;
  /** Words of the program's own, or a list. */
  readonly lines?: readonly string[];
}

/** What a sentence depends on besides its item. */
export interface View {
  readonly cwd: string;
  readonly interactive: boolean;
  /** The program writes to the terminal itself, so its last lines stand above. */
  readonly onTerminal: boolean;
  /** Nothing but trouble is told. */
  readonly quiet?: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Why a generation that is on its way out did not go gracefully, where that is known. */
  readonly causeOf: (generation: number) => string | undefined;
}

/** The sentences for some kinds of item; none where nothing is worth a line. */
export type Sentences<T extends Item["type"]> = {
  readonly [K in T]: (item: ItemOf<K>, view: View) => readonly Message[];
};
