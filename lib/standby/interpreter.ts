import { smallTextOrEmpty } from "../paths/lookup.ts";
import type { Platform } from "../platform/platform.ts";
import { onPath } from "./on_path.ts";
import { programIn } from "./shell_line.ts";

const BY_NAME = {
  node: /(^|\/)(node|nodejs|npm|npx|pnpm|pnpx|yarn|yarnpkg|corepack)$/,
  ruby: /(^|\/)ruby[\d.]*$/,
  other: /(^|\/)(python[\d.]*|bun|bunx|deno|go|cargo|uv|java|php|perl)$/,
} as const;

/** The interpreter that a command leads to, as far as it is known here; null for any other. */
export function interpreterOf(
  host: Pick<Platform, "files">,
  command: readonly string[],
  path: string,
): "node" | "ruby" | null {
  const [program = ""] = programIn(command);
  if (BY_NAME.other.test(program)) return null;
  if (BY_NAME.node.test(program)) return "node";
  if (BY_NAME.ruby.test(program)) return "ruby";
  const [first = ""] = smallTextOrEmpty(host, onPath(host, program, path)).split("\n", 1);
  const [, name] = /^#!.*[/ ](node|ruby)[\d.]*( |$)/.exec(first) ?? [];
  return name === "node" || name === "ruby" ? name : null;
}
