import { stripAnsiCode } from "@std/fmt/colors";
import { spans } from "../../decide/handoff.ts";
import { withoutControl } from "../../report/control.ts";
import type { Item, ItemOf } from "../../report/item.ts";
import type { Message } from "../../report/message.ts";
import { sentencesOf } from "../../report/sentences.ts";
import { type Place, placeIn } from "../../report/place.ts";
import { count } from "../../report/quantity.ts";

/** What pages are told of the program; the script in them and the status page show it. */
export interface Overview {
  /** Another one: baton was started anew, and counts from 1 again. */
  readonly run: string;
  /** The newest version that came up; 0 before the first. */
  readonly generation: number;
  /** `down`: nothing runs, and nothing will by itself. */
  readonly phase: "starting" | "up" | "down";
  /** When the newest version came up, in milliseconds since 1970; null before the first. */
  readonly since: number | null;
  readonly isPaused: boolean;
  /** The last edit did not come up, or the program has ended; null where all is well. */
  readonly trouble: Trouble | null;
  /** Changes of files that only the browser uses. */
  readonly assets: { readonly count: number; readonly last: readonly AssetChange[] };
}

export interface Trouble {
  readonly what: string;
  readonly next: string | null;
  /** The program's own last lines. */
  readonly lines: readonly string[];
  readonly place: Place | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface AssetChange {
  /** Of all such changes, from 1. */
  readonly number: number;
  readonly paths: readonly string[];
}

/** How a version came up, or did not. */
export interface Restart {
  readonly generation: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly reason: string;
  readonly mode: string | null;
  readonly changed: readonly string[];
  readonly steps: readonly Step[];
  readonly darkMs: number | null;
  readonly totalMs: number | null;
  /** Why it did not come up; null where it did. */
  readonly failure: string | null;
}

/** A part of a restart, from its first event on. */
export interface Step {
  readonly name: "settle" | "boot" | "ask" | "save" | "check" | "gone" | "start";
  readonly fromMs: number;
  readonly ms: number;
}

/** What the status page shows beside the overview. */
export interface Details {
  readonly command: readonly string[];
  readonly cwd: string;
  /** Newest first. */
  readonly restarts: readonly Restart[];
  /** What is watched, in words; null before that is known. */
  readonly watched: string | null;
  /** Errors and warnings, newest first. */
  readonly messages: readonly Pick<Trouble, "at" | "what" | "next">[];
}

const KEPT_RESTARTS = 20;
const KEPT_MESSAGES = 20;
const KEPT_ASSETS = 50;

const STEPS = ["settle", "boot", "ask", "save", "check", "gone", "start"] as const;

/** Makes an overview of what baton tells. */
export class Overviewer {
  readonly #now: () => number;
  readonly #isFile: (path: string) => boolean;
  #overview: Overview;
  #details: Details = { command: [], cwd: "", restarts: [], watched: null, messages: [] };

  /** `wallNow`: milliseconds since 1970. `isFile` is asked about absolute paths. */
  constructor(run: string, wallNow: () => number, isFile: (path: string) => boolean) {
    this.#now = wallNow;
    this.#isFile = isFile;
    this.#overview = {
      run,
      generation: 0,
      phase: "starting",
      since: null,
      isPaused: false,
      trouble: null,
      assets: { count: 0, last: [] },
    };
  }

  get overview(): Overview {
    return this.#overview;
  }

  get details(): Details {
    return this.#details;
  }

  /** Returns whether anything is new by it. */
  note(item: Item): boolean {
    const [overview, details] = [this.#overview, this.#details];
    this.#noteMessages(item);
    switch (item.type) {
      case "hello":
        this.#details = { ...this.#details, command: item.command, cwd: item.cwd };
        break;
      case "armed": {
        const { files, folders } = item.armed;
        const watched = `${count(files, "file")} in ${count(folders, "folder")}`;
        this.#details = { ...this.#details, watched };
        break;
      }
      case "ready":
        this.#cameUp(item);
        break;
      case "candidate failed":
        this.#addRestart({ ...failedRestart(item), at: this.#now() });
        // It may have served, for a moment.
        this.#set({ trouble: this.#troubleOf(item), generation: item.live ?? overview.generation });
        break;
      case "handoff refused":
      case "command failed":
        this.#set({ trouble: this.#troubleOf(item) });
        break;
      case "reverted":
      case "updated":
        this.#set({ trouble: null });
        break;
      case "ended":
        if (item.next !== "candidate") {
          this.#set({ phase: "down", trouble: this.#troubleOf(item) });
        }
        break;
      case "spawn failed":
        this.#set({ phase: "down", trouble: this.#troubleOf(item) });
        break;
      case "started":
        if (this.#overview.phase === "down") this.#set({ phase: "starting" });
        break;
      case "paused":
        this.#set({ isPaused: true });
        break;
      case "resumed":
        this.#set({ isPaused: false });
        break;
    }
    return overview !== this.#overview || details !== this.#details;
  }

  /** These files were changed, which only the browser uses; paths as the user knows them. */
  noteAssets(paths: readonly string[]): void {
    const { count, last } = this.#overview.assets;
    const change = { number: count + 1, paths };
    this.#set({ assets: { count: count + 1, last: [...last, change].slice(-KEPT_ASSETS) } });
  }

  #set(changed: Partial<Overview>): void {
    this.#overview = { ...this.#overview, ...changed };
  }

  #cameUp(item: ItemOf<"ready">): void {
    const { generation, reason, mode, changed, timings } = item;
    const at = this.#now();
    this.#set({ generation, phase: "up", since: at, trouble: null });
    this.#addRestart({
      ...{ generation, at, reason, mode, changed, failure: null },
      steps: stepsOf(item),
      darkMs: timings.darkMs ?? null,
      totalMs: timings.totalMs ?? null,
    });
  }

  #addRestart(restart: Restart): void {
    const restarts = [restart, ...this.#details.restarts].slice(0, KEPT_RESTARTS);
    this.#details = { ...this.#details, restarts };
  }

  #troubleOf(item: Item): Trouble | null {
    const message = this.#messagesOf(item)[0];
    if (message === undefined) return null;
    const lines = (message.lines ?? []).map(bare);
    const place = placeIn(lines, this.#details.cwd, this.#isFile);
    return { ...this.#told(message), lines, place };
  }

  #told({ what, next }: Message): Details["messages"][number] {
    return { at: this.#now(), what: bare(what), next: next === undefined ? null : bare(next) };
  }

  #noteMessages(item: Item): void {
    const serious = this.#messagesOf(item)
      .filter(({ weight }) => weight === "error" || weight === "warning")
      .map((message) => this.#told(message));
    if (serious.length === 0) return;
    const messages = [...serious, ...this.#details.messages].slice(0, KEPT_MESSAGES);
    this.#details = { ...this.#details, messages };
  }

  #messagesOf(item: Item): readonly Message[] {
    return sentencesOf(item, {
      ...{ cwd: this.#details.cwd, interactive: false, onTerminal: false, now: this.#now() },
      causeOf: () => undefined,
    });
  }
}

/** What a program printed is shown as text, without what a terminal would obey. */
function bare(text: string): string {
  return withoutControl(stripAnsiCode(text));
}

function stepsOf({ marks }: ItemOf<"ready">): Step[] {
  const all = spans(marks);
  const began = marks.changed ?? marks.acted ?? marks.spawned ?? 0;
  return STEPS.flatMap((name) => {
    const [from, to] = all[`${name}Ms`];
    return from === undefined || to === undefined
      ? []
      : [{ name, fromMs: Math.max(0, from - began), ms: Math.max(0, to - from) }];
  });
}

function failedRestart(
  { generation, changed, why, detail, uptimeMs }: ItemOf<"candidate failed">,
): Omit<Restart, "at"> {
  return {
    ...{ generation, reason: "change", mode: null, changed, darkMs: null, totalMs: uptimeMs },
    steps: [{ name: "boot", fromMs: 0, ms: uptimeMs }],
    failure: why === "late" ? "it was not ready in time" : bare(detail) || "it ended",
  };
}
