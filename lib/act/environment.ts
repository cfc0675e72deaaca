import { cutChanged } from "../protocol/changed.ts";
import { VERSION } from "../version.ts";

/** What lets programs find a client that they have not installed. */
export interface Injection {
  /** Holds a list: of folders, or of options. "" for a module that an option of the command names. */
  readonly variable: string;
  /** Put before those that are in it. */
  readonly item: string;
  readonly separator: ":" | " ";
}

export interface EnvironmentOf {
  readonly inherited: Readonly<Record<string, string>>;
  readonly generation: number;
  /** In milliseconds since 1970, as file times are. */
  readonly startedAt: number;
  readonly pipe: string;
  readonly stateFile: string;
  readonly stateOut: string;
  readonly changed: readonly string[];
  readonly injections: readonly Injection[];
  /** By which a build tool says that the program is built. */
  readonly gate?: Readonly<Record<string, string>> | undefined;
}

/** Of a baton that runs this one. */
const OF_ANOTHER = ["BATON_CHANGED", "BATON_STANDBY", "BATON_GATE"];

const isOneLine = (path: string) => !path.includes("\n");

/** The module that an option of the command is to name, where there is one. */
export function preloadOf(injections: readonly Injection[]): string | undefined {
  return injections.find(({ variable }) => variable === "")?.item;
}

/** The environment of one generation. A path of two lines is left out. */
export function environmentOf(of: EnvironmentOf): Record<string, string> {
  const env: Record<string, string> = {
    ...of.inherited,
    BATON_VERSION: VERSION,
    BATON_GENERATION: String(of.generation),
    BATON_STARTED: String(Math.floor(of.startedAt)),
    BATON_PIPE: of.pipe,
    BATON_STATE_FILE: of.stateFile,
    BATON_STATE_OUT: of.stateOut,
  };
  for (const name of OF_ANOTHER) delete env[name];
  if (of.generation > 1) env.BATON_CHANGED = cutChanged(of.changed.filter(isOneLine)).join("\n");
  for (const { variable, item, separator } of of.injections) {
    if (variable === "") continue;
    const others = of.inherited[variable];
    env[variable] = others ? `${item}${separator}${others}` : item;
  }
  return { ...env, ...of.gate };
}
