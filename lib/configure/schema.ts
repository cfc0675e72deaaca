/**
 * # Theory of operation
 *
 * `schema` is the only source of what can be configured. Each key says how its value is written and what
 * it becomes in `Settings` (a zod codec), what it is for, and how it looks as a flag. Everything else is
 * made from it: the flag table in `options.ts`, and from that the command line, help, completions,
 * the table of docs/options.md and what `baton init` writes; and the JSON Schema.
 *
 * A command line is read as the object that a file would hold, so that one schema checks both:
 * `command_line.ts` and `config_file.ts` read, `check.ts` explains what does not fit, `resolve.ts` lays
 * the command line over the file over the defaults.
 */
import { type DEFAULTS, type Settings, SIGNALS } from "../settings.ts";
import { command } from "./command.ts";
import { duration } from "./duration.ts";
import type { Kind } from "./kind.ts";
import { choice, count, extensions, list, optionalText, text, toggle } from "./kinds.ts";
import { listenAddresses, proxyAddress } from "./listen_address.ts";
import { pollInterval } from "./poll_interval.ts";
import { restartSignal } from "./restart_signal.ts";
import { rules } from "./rules.ts";
import { readyProbe } from "./ready_probe.ts";

/** The field of `Settings` that a key fills. */
export type Setting = keyof typeof DEFAULTS;

/** What a key holds, what it is for, and how it looks as a flag. */
export interface KeyDefinition<T> {
  readonly setting: Setting;
  readonly kind: Kind<T>;
  readonly description: string;
  /** The name of the value in help; none for a switch and where the choices speak for themselves. */
  readonly metavar?: string;
  readonly letter?: string;
  /** Where it is not called as the key is. */
  readonly name?: string;
}

function option<K extends Setting, T extends Settings[K]>(
  setting: K,
  kind: Kind<T>,
  description: string,
  flag: Pick<KeyDefinition<T>, "metavar" | "letter" | "name"> = {},
): KeyDefinition<T> {
  return { setting, kind, description, ...flag };
}

const DURATION = { metavar: "DURATION" };

/** The keys that are flags too, as help groups them. */
export const groups = {
  Watching: {
    watch: option("watch", list, "File, folder or glob to watch", { metavar: "PATH", letter: "w" }),
    ext: option("ext", extensions, "Only files with these extensions: py,toml", {
      metavar: "LIST",
      letter: "e",
    }),
    ignore: option("ignore", list, "Paths or .gitignore patterns to leave out", {
      metavar: "GLOB",
      letter: "i",
    }),
    gitignore: option(
      "gitignore",
      toggle,
      "Heed ignore files and the built-in list",
    ),
    settle: option("settleMs", duration, "Quiet time after the last event of a change", {
      metavar: "DURATION",
      letter: "d",
    }),
    maxWait: option(
      "maxWaitMs",
      duration,
      "Longest that a steady writer delays a change",
      DURATION,
    ),
    poll: option("pollMs", pollInterval, "Compare at an interval (1s) in place of file events", {
      metavar: "INTERVAL",
    }),
    source: option("source", choice(["native", "watchman"]), "Where file events come from"),
  },
  Restarting: {
    rules: option("rules", rules, "What a change of these files asks for", {
      metavar: "GLOB=DO",
      name: "rule",
    }),
    restartArgs: option("restartArgs", list, "Append to the command from the second start on", {
      metavar: "ARG",
    }),
    handoff: option(
      "handoff",
      choice(["auto", "sequential", "overlapped"]),
      "How one generation follows another",
    ),
    standby: option(
      "standby",
      choice(["auto", "own", "off"]),
      "Keep a process parked with its imports done",
    ),
    signal: option("signal", choice(SIGNALS), "Signal that asks the program to stop", {
      metavar: "NAME",
      letter: "s",
    }),
    stopTimeout: option("stopTimeoutMs", duration, "From the stop signal to the kill", DURATION),
    hookTimeout: option("hookTimeoutMs", duration, "For the whole shutdown hook", DURATION),
    listen: option("listen", listenAddresses, "Socket that baton holds: [HOST:]PORT, unix:PATH", {
      metavar: "ADDRESS",
    }),
    proxy: option("proxy", proxyAddress, "Port in front of the program: each start gets its own", {
      metavar: "[HOST:]PORT",
    }),
    hold: option("holdMs", duration, "How long a request waits while nobody serves", DURATION),
    proxyHost: option("proxyHosts", list, "Name by which baton's own pages answer", {
      metavar: "HOST",
    }),
    inject: option("inject", toggle, "Let pages follow the program by a script"),
    static: option("static", list, "Files that are for the browser alone", {
      metavar: "GLOB",
    }),
    ready: option("ready", readyProbe, "Ready when this answers: tcp:PORT or http:URL", {
      metavar: "PROBE",
    }),
    bootTimeout: option(
      "bootTimeoutMs",
      duration,
      "From a start until the program is ready",
      DURATION,
    ),
    onCrash: option("onCrash", choice(["wait", "restart"]), "What to do after a crash"),
    restartSignal: option(
      "restartSignal",
      restartSignal,
      "Signal to baton that asks for a restart",
      {
        metavar: "HUP|USR1|USR2",
      },
    ),
    onReady: option("onReady", optionalText, "Shell command to run when a version is ready", {
      metavar: "COMMAND",
    }),
    onFail: option("onFail", optionalText, "Shell command to run when a version has failed", {
      metavar: "COMMAND",
    }),
    envFile: option("envFile", list, "File with variables, read anew for each start", {
      metavar: "FILE",
    }),
    exit: option("exit", toggle, "End with the program's status when it ends by itself"),
  },
  State: {
    stateDir: option("stateDir", text, "Folder where the state is kept", { metavar: "FOLDER" }),
    maxAge: option("maxAgeMs", duration, "When baton starts, leave older state", DURATION),
    keep: option("keep", count, "How many good states are kept", { metavar: "NUMBER" }),
    rewind: option(
      "rewind",
      choice(["ask", "auto", "off"]),
      "When files go back, go back to their state",
    ),
    keepFiles: option("keepFiles", toggle, 'Keep what watched files hold, for "rewind --files"'),
    also: option("also", list, "File or folder that goes with each state", {
      metavar: "PATH",
    }),
    fresh: option("fresh", toggle, "Start without earlier state"),
  },
  Terminal: {
    clear: option("clear", toggle, "Clear the terminal before each start"),
    interactive: option("interactive", toggle, "Read keys: h lists them", { letter: "I" }),
    log: option("log", choice(["text", "json"]), "Sentences for people or objects for programs"),
    verbosity: option("verbosity", choice(["quiet", "normal", "verbose"]), "How much to say"),
  },
} as const;

/** What a file may hold that is no flag. */
const OTHERS = {
  $schema: { kind: text, description: "Where editors find the schema of this file" },
  command: { kind: command, description: "The program and its arguments" },
} as const;

type Flags =
  & typeof groups.Watching
  & typeof groups.Restarting
  & typeof groups.State
  & typeof groups.Terminal;
export type Key = keyof Flags;
type ValueOf<D> = D extends { readonly kind: Kind<infer T> } ? T : never;

/** A configuration, checked and decoded; a key that was not given is not there. */
export type Given =
  & { readonly [K in keyof typeof OTHERS]?: ValueOf<(typeof OTHERS)[K]> }
  & { readonly [K in Key]?: ValueOf<Flags[K]> };

/** Every key that a configuration file may hold, in the order in which they are told of. */
export const KEYS: Readonly<
  Record<string, { readonly kind: Kind<unknown>; readonly description: string }>
> = {
  ...OTHERS,
  ...groups.Watching,
  ...groups.Restarting,
  ...groups.State,
  ...groups.Terminal,
};
