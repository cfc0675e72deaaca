/**
 * What was said on the pipe, a JSON object a line: first what it is about, then each message in its order,
 * with the generation and the participant that said or heard it.
 */
import { expandGlobSync } from "@std/fs/expand-glob";
import { basename, fromFileUrl } from "@std/path";
import type { FromBaton, FromProgram } from "../../lib/protocol/message.ts";

/** The first line. */
export interface Subject {
  /** A sentence. */
  readonly about: string;
  /** What ran: a program of the conformance suite, or a fixture, with its ending. */
  readonly program: string;
  /** The capability without which a client cannot play it. */
  readonly needs?: string;
}

interface Of {
  readonly generation: number;
  /** Connections of a generation, from 1 on. */
  readonly participant: number;
}

export type Entry =
  /** `state` is what is in the file that it names. */
  | Of & { readonly baton: FromBaton; readonly state?: unknown }
  /** `state` is what was in the file that it says it has saved. */
  | Of & { readonly program: FromProgram; readonly state?: unknown }
  /** A line of the program's that is no message. */
  | Of & { readonly raw: string }
  /** What baton would never say: a line of any kind, written by hand. */
  | Of & { readonly sends: string }
  | Of & { readonly closed: "baton" | "program" }
  /** Its end, everything it printed, and the state it left unasked (null: none). */
  | Pick<Of, "generation"> & {
    readonly ended: number;
    readonly printed?: readonly string[];
    readonly left?: unknown;
  };

export interface Transcript extends Subject {
  readonly name: string;
  readonly entries: readonly Entry[];
}

/** Of a real baton; and written by hand, for what seldom or never happens. */
const FOLDERS = { recorded: "transcripts/", played: "played/" } as const;

export function readTranscript(name: string, kind: keyof typeof FOLDERS = "recorded"): Transcript {
  const text = Deno.readTextFileSync(new URL(`${FOLDERS[kind]}${name}.jsonl`, import.meta.url));
  const [subject, ...entries] = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  return { name, ...subject, entries };
}

export function readTranscripts(): Transcript[] {
  return (["recorded", "played"] as const).flatMap((kind) =>
    Array.from(
      expandGlobSync("*.jsonl", { root: fromFileUrl(new URL(FOLDERS[kind], import.meta.url)) }),
      ({ name }) => readTranscript(basename(name, ".jsonl"), kind),
    )
  );
}

export function writeTranscript({ name, entries, ...subject }: Transcript): void {
  const lines = [subject, ...entries].map((line) => JSON.stringify(line));
  Deno.writeTextFileSync(
    new URL(`${FOLDERS.recorded}${name}.jsonl`, import.meta.url),
    lines.join("\n") + "\n",
  );
}

/** Stands for the project's folder in every transcript. */
export const PROJECT = "/home/me/project";

/** One text for what differs from run to run. */
export function normalized(entries: readonly Entry[], folder: string): Entry[] {
  const text = JSON.stringify(entries)
    .replaceAll(folder, PROJECT)
    .replace(/"pid":\d+/g, '"pid":4711')
    .replace(/byte \d+\)/g, "byte 238)")
    .replace(/"elapsedMs":[\d.e-]+/g, '"elapsedMs":3.2');
  return JSON.parse(text);
}
