import { resolve } from "@std/path";
import { nameOf } from "../paths/path.ts";

/** What wrappers and version managers read when they start an interpreter. */
const SETTLES_THE_START =
  /^(\.env(\..*)?|\.envrc|\.(python|ruby)-version|\.tool-versions|mise\.toml|\.mise\.toml|pyvenv\.cfg|pyproject\.toml|uv\.(lock|toml)|poetry\.lock|Pipfile(\.lock)?|setup\.(py|cfg)|requirements.*\.(txt|in)|Gemfile(\.lock)?|.*\.gemspec|package\.json|deno\.jsonc?|deno\.lock|bun\.lockb?|\.?bunfig\.toml|(ts|js)config.*\.json|(package-lock|npm-shrinkwrap)\.json|\.npmrc|\.nvmrc|\.node-version|node\.config\.json|yarn\.lock|\.yarnrc(\.yml)?|\.pnp\..*|pnpm-(lock|workspace)\.yaml|\.pnpmfile\.c?js|(site|user)customize\.py|.*\.pth|.*\.(so|pyd|dll|node|egg-link))$/;

/**
 * A file that Node, Deno or Bun reads before the program begins, though the program is told of it: in the same word,
 * or in the next one.
 */
const NAMES_A_FILE =
  /^--(?:env-file|env-file-if-exists|config|import-map|lock|tsconfig-override|require|import|experimental-config-file)(?:=(.*))?$/;

/**
 * The first of the changed paths that was read before the program of a parked process began, or may have been;
 * null where none was. `command` is what baton runs in `cwd`, `leaf` what the interpreter was given of it in `place`.
 */
export function outdatedBy(
  changed: readonly string[],
  { cwd, command, leaf, place, executable }: {
    readonly cwd: string;
    readonly command: readonly string[];
    readonly leaf: readonly string[];
    readonly place: string;
    readonly executable: string;
  },
): string | null {
  // The interpreter reads its own script last; whatever else the command names was read first.
  const own = new Set(leaf);
  // A script that the system executes has its whole path there. Whether the first line of that is another, by which
  // the system chooses the interpreter, is seen by the hooks of Python and Node.
  if (/^(python|node)/.test(nameOf(executable))) {
    for (const word of command) if (own.has(resolve(cwd, word))) own.add(word);
  }
  const words = command.filter((word) => !own.has(word)).map((word): string => resolve(cwd, word));
  const named = leaf.flatMap((word, index) => {
    const [option, file = leaf[index + 1]] = NAMES_A_FILE.exec(word) ?? [];
    return option === undefined || file === undefined ? [] : [resolve(place, file)];
  });
  const first = new Set([...words, ...named]);
  return changed.find((path) =>
    SETTLES_THE_START.test(nameOf(path)) || first.has(resolve(cwd, path))
  ) ??
    null;
}
