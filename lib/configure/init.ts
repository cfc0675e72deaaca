import { join } from "@std/path";
import { BatonError } from "../errors.ts";
import { findConfigFiles } from "./config_file.ts";
import { defaultOf } from "./encode.ts";
import { KEY_OPTIONS, type KeyOption } from "./options.ts";
import { findProject, type Project, type Surroundings } from "./project.ts";
import { KEYS } from "./schema.ts";

const NAME = "baton.jsonc";

/** What `baton init` did and what comes next. */
export interface Outcome {
  readonly what: string;
  readonly next: string;
}

function comment({ description, choices }: KeyOption): string {
  return `  // ${description}${choices ? `: ${choices.join(", ")}` : ""}`;
}

/** Where nothing tells how the project is run, an example. */
function commandLine({ command }: Project): string {
  return command.length > 0
    ? `"command": ${JSON.stringify(command)},`
    : '// "command": "python app.py",';
}

/** A file with every key: what the project needs as a setting, the rest as a comment with its default. */
function write(project: Project): string {
  const set: Record<string, unknown> = { watch: project.watch ?? ["."] };
  if (project.ext.length > 0) set.ext = project.ext;
  const keys = KEY_OPTIONS.toSorted((a, b) => Number(b.key in set) - Number(a.key in set));
  const entries = keys.map((option) => {
    const { key } = option;
    const line = `"${key}": ${JSON.stringify(set[key] ?? defaultOf(option))},`;
    return `${comment(option)}\n  ${key in set ? line : `// ${line}`}\n`;
  });
  return [
    "// Configuration of baton. The command line wins over it; what is commented out is the default.",
    "{",
    `  // ${KEYS.command!.description}`,
    `  ${commandLine(project)}\n`,
    ...entries,
    "}",
    "",
  ].join("\n");
}

/**
 * Writes a commented `baton.jsonc` for the project in the working directory.
 *
 * Throws `BatonError` where baton is configured there already: nothing is overwritten.
 */
export async function init(host: Surroundings): Promise<Outcome> {
  const there = (await findConfigFiles(host))[0]?.name;
  const project = findProject(host);
  if (there || !host.files.createExclusively(join(host.cwd, NAME), write(project), 0o644)) {
    throw new BatonError({
      what: `Cannot write "${NAME}": baton is configured already`,
      where: join(host.cwd, there ?? NAME),
      next: 'Edit that file; "baton --print-config" shows what is in effect',
    });
  }
  const { found, command, next } = project;
  if (found === null || command.length === 0) {
    const why = found === null
      ? "no known kind of project was found"
      : `how it is run "${found}" does not say`;
    return {
      what: `Wrote "${NAME}"; ${why}`,
      next: next ?? `Set "command" in it, then run "baton"`,
    };
  }
  return {
    what: `Wrote "${NAME}" for what "${found}" says: ${command.join(" ")}`,
    next: next ?? `Check "command" in it, then run "baton"`,
  };
}
