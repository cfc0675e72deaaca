/** What was asked for, resolved: every duration in milliseconds, every default filled in. */
export interface Settings {
  /** The program and its arguments. A single entry with shell syntax runs under `sh -c`. */
  readonly command: readonly string[];
  /** Appended to the command from generation 2 on. */
  readonly restartArgs: readonly string[];
  /** Working directory of the program, absolute; paths below are relative to it. */
  readonly cwd: string;
  /** Files and folders to watch. */
  readonly watch: readonly string[];
  /** Extensions without the dot; empty means every file. */
  readonly ext: readonly string[];
  /** Globs in .gitignore syntax, on top of the ignore files. */
  readonly ignore: readonly string[];
  /** Whether .gitignore, .batonignore and the built-in list count. */
  readonly gitignore: boolean;
  /** What is done where files change; a restart where none of them says so. */
  readonly rules: readonly Rule[];
  /** Quiet time after the last event before a change is final; half of it where that is one file, which was closed. */
  readonly settleMs: number;
  /** A change is final at the latest this long after its first event. */
  readonly maxWaitMs: number;
  /** The stop signal. */
  readonly signal: Signal;
  /** From the stop signal to the kill. */
  readonly stopTimeoutMs: number;
  /** For the whole shutdown hook. */
  readonly hookTimeoutMs: number;
  /** Whether the next generation may boot beside the one that serves; `auto`: where it takes part in that. */
  readonly handoff: "auto" | "sequential" | "overlapped";
  /** Where sockets listen that every generation inherits. */
  readonly listen: readonly ListenAddress[];
  /**
   * Whether a process of the same command waits with its imports done; `auto`: where that is safe and of use; `own`: with
   * those modules of the project that only define, and have no part in what was edited lately, as well.
   */
  readonly standby: "auto" | "own" | "off";
  /** Where baton listens in front of the program, each generation of which gets a port of its own; null: nowhere. */
  readonly proxy: Extract<ListenAddress, { kind: "tcp" }> | null;
  /** How long a request waits for somebody who serves. */
  readonly holdMs: number;
  /** Names of hosts, beside `localhost`, by which baton answers for itself. */
  readonly proxyHosts: readonly string[];
  /** Whether pages get a script by which they follow the program. */
  readonly inject: boolean;
  /** What only the browser uses, in .gitignore syntax: nothing is restarted for it. */
  readonly static: readonly string[];
  /** How readiness is seen from outside; null: the program says it, or its start counts. */
  readonly ready: ReadyProbe | null;
  /** From spawn to the barrier, and from the barrier to ready. */
  readonly bootTimeoutMs: number;
  /** Where the state is kept, absolute. */
  readonly stateDir: string;
  /** Older state is not resumed when baton itself was started anew. */
  readonly maxAgeMs: number;
  /** How many good states are kept. */
  readonly keep: number;
  /** Whether the state goes back with the files, where one was saved under them: offered, at once, or not at all. */
  readonly rewind: "ask" | "auto" | "off";
  /** Start without any earlier state. */
  readonly fresh: boolean;
  /** Poll at this interval in place of native events; null: native events. */
  readonly pollMs: number | null;
  /** Where file events come from. */
  readonly source: "native" | "watchman";
  /** Clear the terminal before each generation. */
  readonly clear: boolean;
  /** Keys control baton; the program gets no input. */
  readonly interactive: boolean;
  /** Sentences for people, or one JSON object a line for programs. */
  readonly log: "text" | "json";
  /** How much is told: trouble, news, or every detail. */
  readonly verbosity: "quiet" | "normal" | "verbose";
  /** After a crash: wait for a change, or start again with the last good state. */
  readonly onCrash: "wait" | "restart";
  /** A signal to baton that restarts the program in place of ending it; null: none does. */
  readonly restartSignal: RestartSignal | null;
  /** Run by a shell once a generation is ready; null: nothing is. */
  readonly onReady: string | null;
  /** Run by a shell once a generation has failed; null: nothing is. */
  readonly onFail: string | null;
  /** Files with variables for the program, read anew for each generation. */
  readonly envFile: readonly string[];
  /** Whether the contents of watched files are kept, so that they can be put back. */
  readonly keepFiles: boolean;
  /** Files and folders that are copied with each kept state, and put back with it. */
  readonly also: readonly string[];
  /** End baton, with the program's status, when the program ends by itself. */
  readonly exit: boolean;
}

/** What is done where a file changes that it names; of several rules the first that names it counts. */
export interface Rule {
  /** A glob in .gitignore syntax. */
  readonly match: string;
  /** `run`: commands come before a restart; `ignore`: the files do not count. */
  readonly do: "notify" | "reload" | "recycle" | "restart" | "ignore" | "run";
  /** Of `run`: shell commands, in order, before a restart; else none. */
  readonly commands: readonly string[];
}

/** Signals that can be sent to a program. */
export const SIGNALS = [
  "SIGTERM",
  "SIGINT",
  "SIGHUP",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGKILL",
] as const;
/** A signal that can be sent to a program. */
export type Signal = typeof SIGNALS[number];

/** Signals that may ask for a restart, as people write them. */
export const RESTART_SIGNALS = ["HUP", "USR1", "USR2"] as const;
/** A signal that may ask for a restart. */
export type RestartSignal = typeof RESTART_SIGNALS[number];

/** Where a program can be reached: `host` is a name or an IP address, port 0 any that is free. */
export type ListenAddress =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

/** Nobody from outside gets in, unless a host is named. */
export const LOOPBACK = "127.0.0.1";

/** Something that answers once the program serves. */
export type ReadyProbe =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "http"; readonly url: string }
  /** Of the port that a generation has of its own. */
  | { readonly kind: "path"; readonly path: string };

/** Between two looks, where polling was asked for without an interval. */
export const POLL_INTERVAL_MS = 1_000;

/** Every default, in one place. Paths are relative to the working directory. */
export const DEFAULTS = {
  restartArgs: [],
  watch: ["."],
  ext: [],
  ignore: [],
  gitignore: true,
  rules: [],
  settleMs: 50,
  maxWaitMs: 2_000,
  signal: "SIGTERM",
  stopTimeoutMs: 5_000,
  hookTimeoutMs: 10_000,
  handoff: "auto",
  listen: [],
  standby: "auto",
  proxy: null,
  holdMs: 10_000,
  proxyHosts: [],
  inject: true,
  static: [],
  ready: null,
  bootTimeoutMs: 30_000,
  stateDir: ".baton",
  maxAgeMs: 30_000,
  keep: 3,
  rewind: "ask",
  keepFiles: false,
  also: [],
  fresh: false,
  pollMs: null,
  source: "native",
  clear: false,
  interactive: false,
  log: "text",
  verbosity: "normal",
  onCrash: "wait",
  restartSignal: null,
  onReady: null,
  onFail: null,
  envFile: [],
  exit: false,
} as const;
