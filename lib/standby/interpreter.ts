import { smallTextOrEmpty } from "../paths/lookup.ts";
import type { Platform } from "../platform/platform.ts";
import { onPath } from "./on_path.ts";
import { preloadPlace } from "./preload.ts";
import { programIn } from "./shell_line.ts";

const BY_NAME = {
  bun: /(^|\/)bunx?$/,
  deno: /(^|\/)deno$/,
  node: /(^|\/)(node|nodejs|npm|npx|pnpm|pnpx|yarn|yarnpkg|corepack)$/,
  ruby: /(^|\/)ruby[\d.]*$/,
  other: /(^|\/)(python[\d.]*|go|cargo|uv|java|php|perl)$/,
} as const;

export type Interpreter = "node" | "ruby" | "bun" | "deno";

/** What is said of programs that none can be parked for. */
const UNKNOWN = "no interpreter that it knows has reported";
const BY_INTERPRETER = {
  node: "it is not known to load anything that could be loaded ahead",
  ruby: UNKNOWN,
} as const;

/** Why nothing is known of how a program with this command starts. */
export function whyUnknown(
  host: Pick<Platform, "files">,
  command: readonly string[],
  path: string,
): string {
  const interpreter = interpreterOf(host, command, path);
  if (interpreter === null) return UNKNOWN;
  if (interpreter !== "deno" && interpreter !== "bun") return BY_INTERPRETER[interpreter];
  const place = preloadPlace(command);
  return typeof place === "string" ? place : UNKNOWN;
}

/** The interpreter that a command leads to, as far as it is known here; null for any other. */
export function interpreterOf(
  host: Pick<Platform, "files">,
  command: readonly string[],
  path: string,
): Interpreter | null {
  const [program = ""] = programIn(command);
  if (BY_NAME.bun.test(program)) return "bun";
  if (BY_NAME.deno.test(program)) return "deno";
  if (BY_NAME.other.test(program)) return null;
  if (BY_NAME.node.test(program)) return "node";
  if (BY_NAME.ruby.test(program)) return "ruby";
  const [first = ""] = smallTextOrEmpty(host, onPath(host, program, path)).split("\n", 1);
  const [, name] = /^#!.*[/ ](node|ruby)[\d.]*( |$)/.exec(first) ?? [];
  return name === "node" || name === "ruby" ? name : null;
}
