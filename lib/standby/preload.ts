import { nameOf } from "../paths/path.ts";

/** What may stand before the file of the program, and changes nothing that has to do with waiting. */
const FITTING = {
  deno:
    /^(-A|--allow-all|-q|--quiet|--no-check|--no-prompt|--cached-only|--no-lock|--no-config|--no-npm|--no-remote|--frozen(=.*)?|--lock=.*|--config=.*|--import-map=.*|--node-modules-dir(=.*)?|--vendor(=.*)?|--unstable-[\w-]+|--env-file(=.*)?)$/,
  bun: /^(-b|--bun|--smol|--no-install|--conditions=.*|--tsconfig-override=.*|--env-file=.*)$/,
} as const;

const FILE = /\.[cm]?[jt]sx?$/;
const ALL_RIGHTS = /^(-A|--allow-all)$/;

/**
 * Where in a command of Deno or Bun the option is to stand that names a module to load first: the number of the word
 * that it comes before. A sentence where nothing can wait for such a command. What waits asks the system who it is, which
 * Deno leaves to `--allow-all`; nothing gets more rights than its command says.
 */
export function preloadPlace([program = "", ...words]: readonly string[]): number | string {
  const name = nameOf(program);
  if (name !== "deno" && name !== "bun") return "another program runs it";
  const isRun = words[0] === "run";
  const options = words.slice(Number(isRun));
  const count = options.findIndex((word) => !FITTING[name].test(word));
  const file = options[count];
  if (file === undefined) return "it runs no file";
  if (!FILE.test(file) || file.startsWith("-")) return `it is started with "${file}"`;
  if (/^[a-z][\w+.-]*:/i.test(file)) return "its program is no file of the project";
  if (name === "deno" && !options.slice(0, count).some((word) => ALL_RIGHTS.test(word))) {
    return "it runs without --allow-all, and what waits would need more rights";
  }
  return 1 + Number(isRun);
}

/** The command with the option. */
export function withPreload(command: readonly string[], file: string): readonly string[] {
  const place = preloadPlace(command);
  return typeof place === "string" ? command : command.toSpliced(place, 0, `--preload=${file}`);
}
