import { BatonError } from "../errors.ts";
import { parseDuration } from "../duration.ts";
import { nearest } from "./nearest.ts";
import { KEY_OPTIONS, LINE_OPTIONS, type Option, SHORTHANDS } from "./options.ts";

/** Arguments up to the first that is no option, each option rewritten as `--name=value`. */
export interface Tokens {
  readonly options: readonly string[];
  /** What follows: the command, or a subcommand and its operands. */
  readonly rest: readonly string[];
  /** Whether `--` stood before the rest. */
  readonly dashed: boolean;
}

interface Meaning {
  readonly takes: Option["takes"];
  /** The token for it; a switch says what it stands for. */
  readonly write: (value: string) => string;
  readonly metavar?: string | undefined;
}

const names = new Map<string, Meaning>();
const letters = new Map<string, Meaning>();

for (const option of [...KEY_OPTIONS, ...LINE_OPTIONS]) {
  const { name, letter, takes, metavar } = option;
  const meaning = { takes, metavar, write: (value: string) => `--${name}=${value}` };
  names.set(name, meaning);
  if (letter) letters.set(letter, meaning);
  if ("key" in option && (takes === "nothing" || takes === "interval")) {
    names.set(`no-${name}`, { takes: "nothing", write: () => `--${name}=false` });
  }
}
for (const [name, { letter, stands }] of Object.entries(SHORTHANDS)) {
  const meaning: Meaning = { takes: "nothing", write: () => stands };
  names.set(name, meaning);
  letters.set(letter, meaning);
}

/** What options of nodemon, watchexec and other tools are called here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  debounce: '"--settle"',
  delay: '"--settle"',
  exclude: '"--ignore"',
  exec: 'the command itself, as in "baton -- python app.py"',
  p: '"--listen" or "--proxy"',
  port: '"--listen" or "--proxy"',
  V: '"--version"',
  x: 'the command itself, as in "baton -- python app.py"',
};

function unknown(written: string, name: string): BatonError {
  const alike = name.length > 1 ? nearest(name, [...names.keys()]) : null;
  const meant = Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : alike && `"--${alike}"`;
  const hint = meant ? `Did you mean ${meant}? ` : "";
  return new BatonError({
    what: `Unknown option "${written}"`,
    where: "command line",
    next: `${hint}"baton --help" lists the options`,
  });
}

function missing(written: string, metavar = "VALUE"): BatonError {
  const form = written.startsWith("--") ? `${written}=${metavar}` : `${written} ${metavar}`;
  return new BatonError({
    what: `Option "${written}" has no value`,
    where: "command line",
    next: `Write "${form}"`,
  });
}

function unwanted(written: string, value: string): BatonError {
  return new BatonError({
    what: `Option "${written}" takes no value, but "${value}" was given`,
    where: "command line",
    next: `Write "${written}" alone`,
  });
}

/** Throws `BatonError` for an option that is not known, lacks its value or has one too many. */
export function tokenize(args: readonly string[]): Tokens {
  const options: string[] = [];
  let at = 0;

  function read(written: string, meaning: Meaning, attached: string | undefined): void {
    if (meaning.takes === "nothing") {
      if (attached !== undefined) throw unwanted(written, attached);
      options.push(meaning.write("true"));
    } else if (meaning.takes === "interval" && attached === undefined) {
      // A word that reads as a duration is one: no program is called "500ms".
      const isNext = at < args.length && parseDuration(args[at]!) > 0;
      options.push(meaning.write(isNext ? args[at++]! : "true"));
    } else {
      const value = attached ?? args[at++];
      const absent = attached === undefined && /^-./.test(value ?? "");
      if (!value || absent) throw missing(written, meaning.metavar);
      options.push(meaning.write(value));
    }
  }

  function readLetters(cluster: string): void {
    for (let i = 1; i < cluster.length; i++) {
      const written = `-${cluster[i]}`;
      const meaning = letters.get(cluster[i]!);
      if (!meaning) throw unknown(cluster.length > 2 ? cluster : written, cluster.slice(1));
      const attached = cluster.slice(i + 1).replace(/^=/, "");
      const takesRest = meaning.takes !== "nothing" && attached !== "";
      read(written, meaning, takesRest ? attached : undefined);
      if (meaning.takes !== "nothing") return;
    }
  }

  while (at < args.length) {
    const arg = args[at];
    if (arg === "--") return { options, rest: args.slice(at + 1), dashed: true };
    if (!/^-./.test(arg!)) break;
    at++;
    const long = /^--([^=]+)(?:=([^]*))?$/.exec(arg!);
    if (!long) {
      readLetters(arg!);
      continue;
    }
    const meaning = names.get(long[1]!);
    if (!meaning) throw unknown(`--${long[1]}`, long[1]!);
    read(`--${long[1]}`, meaning, long[2]);
  }
  return { options, rest: args.slice(at), dashed: false };
}
