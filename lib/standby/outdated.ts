import { resolve } from "@std/path";
import { nameOf } from "../paths/path.ts";

/** What wrappers and version managers read when they start an interpreter. */
const SETTLES_THE_START =
  /^(\.env(\..*)?|\.envrc|\.(python|ruby)-version|\.tool-versions|mise\.toml|\.mise\.toml|pyvenv\.cfg|pyproject\.toml|uv\.(lock|toml)|poetry\.lock|Pipfile(\.lock)?|setup\.(py|cfg)|requirements.*\.(txt|in)|Gemfile(\.lock)?|.*\.gemspec|package\.json|package-lock\.json|\.npmrc|(site|user)customize\.py|.*\.pth|.*\.(so|pyd|dll|egg-link))$/;

/**
 * The first of the changed paths that was read before the program of a parked process began, or may have been;
 * null where none was. `command` is what baton runs, `leaf` what the interpreter was given of it.
 */
export function outdatedBy(
  changed: readonly string[],
  { cwd, command, leaf }: {
    readonly cwd: string;
    readonly command: readonly string[];
    readonly leaf: readonly string[];
  },
): string | null {
  // The interpreter reads its own script last; whatever else the command names was read first.
  const first = new Set(
    command.filter((word) => !leaf.includes(word)).map((word): string => resolve(cwd, word)),
  );
  return changed.find((path) =>
    SETTLES_THE_START.test(nameOf(path)) || first.has(resolve(cwd, path))
  ) ??
    null;
}
