import type { EnvironmentMark, ExitStatus } from "../platform/platform.ts";
import type { Launch } from "./launch.ts";
import type { Learned } from "./learned.ts";

/** What is told of a process by whoever started it. */
export interface ProcessListeners {
  onStderr(chunk: Uint8Array): void;
  onExit(status: ExitStatus): void;
  /** Whether another may be started in its place: nobody has told it to end. */
  mayRestart?(): boolean;
  /** It has ended without having run the program, and this process is started cold in its place. */
  onRestart?(pid: number): void;
}

/** A process that waits for its start. */
export interface ParkedProcess {
  /** Lets it run with this environment; returns its pid. Everything of it is told to the listeners from now on. */
  release(listeners: ProcessListeners, env: Readonly<Record<string, string>>): number;
}

/** What came of warming. */
export type Warmed =
  | { readonly type: "parked"; readonly modules: number; readonly tookMs: number }
  /** One of the imports cannot be done ahead: only those before it. */
  | { readonly type: "cut"; readonly imports: number; readonly why: string }
  /** A module of the project cannot be imported ahead: the others can. */
  | { readonly type: "leave"; readonly path: string; readonly why: string }
  | { readonly type: "failed"; readonly why: string };

export interface ParkedOptions {
  readonly launch: Launch;
  /** Where it is to connect to; in a private folder, and not in use before. */
  readonly address: string;
  /** Where it writes what can be seen of it, once it has come to rest; absent where nobody asks. */
  readonly view?: string;
  readonly mark: EnvironmentMark;
  readonly learned: Learned;
  /** How many imports are done ahead, at most. */
  readonly cut: number;
  /** Which files of the project are not imported ahead; null where none is. Of Python alone. */
  readonly left: readonly string[] | null;
  /** Where it notes its start, should it start over. */
  readonly learnFolder: string;
  /** Paths that are watched, and folders in them that are not. */
  readonly watched: { readonly roots: readonly string[]; readonly others: readonly string[] };
  /** How long it may take from one import to the next, in milliseconds. */
  readonly deadlineMs: number;
  onWarmed(warmed: Warmed): void;
  /** It is parked no more, by itself. */
  onLost(why: string): void;
}
