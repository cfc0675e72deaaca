import { resolve as absolute } from "@std/path";
import { BatonError } from "../errors.ts";
import type { Platform } from "../platform/platform.ts";
import { DEFAULTS, type Settings } from "../settings.ts";
import type { Line } from "./command_line.ts";
import { findConfigFiles, type Host, readConfigFile } from "./config_file.ts";
import type { ConfigFile } from "./config_text.ts";
import { checkTogether } from "./together.ts";
import { addsUp, isLineFirst, KEY_OPTIONS, type KeyOption } from "./options.ts";

/** Where a setting came from: `default`, `command line`, `baton.json:3:5`, or both of these. */
export type Origin = string;

/** What counts, after defaults, file and command line. */
export interface Resolved {
  readonly settings: Settings;
  readonly origins: Readonly<Record<"command" | KeyOption["key"], Origin>>;
  /** The file that it came from, as a person would name it, and what it said; null where there is none. */
  readonly file: Pick<ConfigFile, "name" | "text"> | null;
  /** What a person should know about where the configuration came from. */
  readonly notices: readonly string[];
}

/** What a person sets; baton itself sets others for the programs it runs. */
const STANDBYS = ["auto", "own", "off"] as const;

interface Layer {
  readonly given: Line["given"];
  where(key: string): string;
}

async function readFile(
  host: Host,
  line: Line,
): Promise<{ file: ConfigFile | null; notices: string[] }> {
  if (line.config !== null) return { file: await readConfigFile(host, line.config), notices: [] };
  const [file, ...others] = await findConfigFiles(host);
  const notices = others.map((other) =>
    `"${other.name}" also configures baton and is not used: "${file!.name}" comes first`
  );
  return { file: file ?? null, notices };
}

function setting(option: KeyOption, layers: readonly Layer[]): { value: unknown; origin: Origin } {
  const holding = layers.filter(({ given }) => given[option.key] !== undefined);
  if (holding.length === 0) return { value: DEFAULTS[option.setting], origin: "default" };
  const inOrder = isLineFirst(option) ? holding.toReversed() : holding;
  const counting = addsUp(option) ? inOrder : holding.slice(-1);
  const values = counting.map(({ given }) => given[option.key]);
  return {
    value: addsUp(option) ? [...new Set(values.flat())] : values[0],
    origin: counting.map((layer) => layer.where(option.key)).join(", "),
  };
}

function noCommand(host: Host, file: ConfigFile | null): BatonError {
  return new BatonError({
    what: "No command to run",
    where: file ? `command line and ${file.name}` : `command line; no baton.json in "${host.cwd}"`,
    next: file
      ? 'Add "command" to the file, or write one: baton -- python app.py'
      : 'Write one, as in "baton -- python app.py", or let "baton init" write a baton.jsonc',
  });
}

/**
 * Lays the command line over `BATON_STANDBY` over the configuration file over the defaults. What is listed for `watch` and
 * `ignore` is added up, the file's first; of `rules` the command line's are first.
 *
 * Throws `BatonError` for a file that does not fit, and where `commandNeeded` (so unless told) and there
 * is none.
 */
export async function resolveSettings(
  host: Host & Pick<Platform, "env">,
  line: Line,
  { commandNeeded = true }: { commandNeeded?: boolean } = {},
): Promise<Resolved> {
  const { file, notices } = await readFile(host, line);
  const layers: Layer[] = [{ given: line.given, where: () => "command line" }];
  const standby = STANDBYS.find((one) => one === host.env().BATON_STANDBY);
  if (standby !== undefined) {
    layers.unshift({ given: { standby }, where: () => "BATON_STANDBY" });
  }
  if (file) layers.unshift({ given: file.given, where: (key) => file.where([key]) });

  const command = layers.findLast(({ given }) => given.command !== undefined);
  if (!command && commandNeeded) throw noCommand(host, file);

  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = { command: command?.where("command") ?? "default" };
  for (const option of KEY_OPTIONS) {
    const { value, origin } = setting(option, layers);
    values[option.setting] = value;
    origins[option.key] = origin;
  }
  const settings = {
    ...values,
    command: command?.given.command ?? [],
    cwd: host.cwd,
    stateDir: absolute(host.cwd, String(values.stateDir)),
  } as unknown as Settings;
  if (commandNeeded) checkTogether(settings);
  return { settings, origins: origins as Resolved["origins"], file, notices };
}
