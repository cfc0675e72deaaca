import { join } from "@std/path";
import { statOrNull, textOrEmpty } from "../paths/lookup.ts";
import type { Platform } from "../platform/platform.ts";

type Host = Pick<Platform, "files">;
type Environment = Readonly<Record<string, string>>;

const RUNS_BY = /(^|[\s'"])--?exec[=\s]/;

/** The variable by which `go run` runs what it has built through a gate. */
export interface GoFlags {
  readonly value: string;
  /** What go takes from a file where the variable is not set; "" for nothing. */
  readonly fromFile: string;
}

/**
 * Chained to the flags that there are, in the environment or in the files that `go env -w` writes. Null where
 * something else runs what is built, or it may be built for another machine.
 */
export function goFlags(host: Host, env: Environment, gate: string): GoFlags | null {
  const files = settingsFiles(host, env).map((path) => textOrEmpty(host, path));
  const setting = (name: string) =>
    files.map((text) => new RegExp(`^${name}=(.*)$`, "m").exec(text)?.[1]?.trim())
      .find((value) => value !== undefined && value !== "") ?? "";
  // What runs it then may be named by its machine, which the flag would take the place of.
  const isForAnother = ["GOOS", "GOARCH"].some((name) => env[name] || setting(name) !== "");
  if (isForAnother) return null;
  const own = env.GOFLAGS ?? "";
  const fromFile = own === "" ? setting("GOFLAGS") : "";
  if (RUNS_BY.test(own) || RUNS_BY.test(fromFile)) return null;
  const flag = goFlag(gate);
  if (fromFile !== "") return { value: `${flag} ${fromFile}`, fromFile };
  return { value: env.GOFLAGS === undefined ? flag : `${own} ${flag}`, fromFile };
}

/** The flag by which go runs what it has built. */
export function goFlag(gate: string): string {
  return `-exec=${gate}`;
}

/** The user's, then that of go itself (`go help environment`). */
function settingsFiles(host: Host, env: Environment): string[] {
  const { GOENV, HOME = "/", XDG_CONFIG_HOME, GOROOT } = env;
  const user = GOENV || join(XDG_CONFIG_HOME || join(HOME, ".config"), "go/env");
  const root = GOROOT || rootOnPath(host, env.PATH ?? "");
  return [...user === "off" ? [] : [user], ...root === null ? [] : [join(root, "go.env")]];
}

function rootOnPath(host: Host, path: string): string | null {
  const found = path.split(":").map((folder) => join(folder, "go"))
    .find((file) => statOrNull(host, file)?.kind === "file");
  return found === undefined ? null : join(host.files.realPath(found), "../..");
}
