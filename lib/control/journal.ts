import type { Platform } from "../platform/platform.ts";
import { compose } from "../report/compose.ts";
import type { Item } from "../report/item.ts";
import type { View } from "../report/message.ts";
import { sentencesOf } from "../report/sentences.ts";

/** So much is kept, the oldest is forgotten first. */
const MOST_ENTRIES = 2_000;
const MOST_CHARACTERS = 1_048_576;

type Entry = { readonly item: Item; readonly view: View } | { readonly output: string };

/** Remembers what baton told last, and what the program wrote to standard error, in their order. */
export class Journal {
  readonly #clock: Platform["clock"];
  readonly #view: Omit<View, "now">;
  #entries: Entry[] = [];
  #characters = 0;
  readonly #decoder = new TextDecoder();

  /** `cwd` is the folder that paths are told relative to. */
  constructor({ clock }: Pick<Platform, "clock">, cwd: string) {
    this.#clock = clock;
    this.#view = { cwd, interactive: false, onTerminal: false, causeOf: () => undefined };
  }

  /** What baton tells; made into sentences only where somebody asks for them. */
  note(item: Item): void {
    this.#keep({ item, view: { ...this.#view, now: this.#clock.wallNow() } }, 0);
  }

  /** What the program wrote. */
  write(chunk: Uint8Array): void {
    const output = this.#decoder.decode(chunk, { stream: true });
    this.#keep({ output }, output.length);
  }

  /** The last lines, without their ends. */
  lines(most: number): string[] {
    let text = "";
    for (const entry of this.#entries) {
      if ("output" in entry) text += entry.output;
      else {
        const said = sentencesOf(entry.item, entry.view).map((one) => compose(one, false)).join("");
        text += text === "" || text.endsWith("\n") ? said : `\n${said}`;
      }
    }
    const lines = text.split(/\r?\n/);
    if (lines.at(-1) === "") lines.pop();
    return lines.slice(-most);
  }

  #keep(entry: Entry, characters: number): void {
    this.#entries.push(entry);
    this.#characters += characters;
    while (this.#entries.length > MOST_ENTRIES || this.#characters > MOST_CHARACTERS) {
      const oldest = this.#entries.shift()!;
      if ("output" in oldest) this.#characters -= oldest.output.length;
    }
  }
}
