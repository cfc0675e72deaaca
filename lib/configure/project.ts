import { DELIMITER, join, resolve } from "@std/path";
import type { Platform } from "../platform/platform.ts";
import { BatonError } from "../errors.ts";
import type { Host } from "./config_file.ts";
import { parseJsonc } from "./jsonc.ts";
import { readProjectFile } from "./project_file.ts";

/** What `baton init` found in a folder, and how such a project is run and watched. */
export interface Project {
  /** The file that tells what kind of project it is. */
  readonly found: string | null;
  /** Empty where nothing tells what it could be. */
  readonly command: readonly string[];
  /** Whether nothing in the project says that this command runs it. */
  readonly isGuess: boolean;
  readonly ext: readonly string[];
}

/** What telling how a project is run needs of the world. */
export interface Surroundings extends Host {
  readonly files: Host["files"] & Pick<Platform["files"], "isExecutable">;
  env(): Readonly<Record<string, string>>;
}

/** Reads a file of the project; null where it is not there. */
type Read = (name: string) => string | null;

/** Whether a command of this name is on PATH. */
type OnPath = (command: string) => boolean;

const NOTHING: Project = { found: null, command: [], isGuess: true, ext: [] };

function first(read: Read, names: readonly string[]): string | undefined {
  return names.find((name) => read(name) !== null);
}

/** The tasks or scripts in a JSON file, and what they run; none where it is broken, which others will say. */
function tasksOf(read: Read, name: string, key: string): Readonly<Record<string, unknown>> {
  try {
    const content = parseJsonc(read(name) ?? "{}", name);
    return Object(Reflect.get(Object(content), key));
  } catch (error) {
    if (error instanceof BatonError) return {};
    throw error;
  }
}

/** Two would restart it: `deno run --watch`, nodemon. */
const WATCHES = /\bwatch\b|\bnodemon\b|\bts-node-dev\b/;

/** The task to run while its files are edited: `start` may serve what was built before. */
function taskOf(tasks: Readonly<Record<string, unknown>>): string | undefined {
  const isPlain = !WATCHES.test(JSON.stringify(tasks.dev ?? ""));
  return [...isPlain ? ["dev"] : [], "start", "serve"].find((name) => Object.hasOwn(tasks, name));
}

function deno(read: Read, found: string): Project {
  const task = taskOf(tasksOf(read, found, "tasks"));
  const main = first(read, ["main.ts", "server.ts", "src/main.ts", "mod.ts"]);
  const command = task ? ["deno", "task", task] : ["deno", "run", "-A", main ?? "main.ts"];
  return { found, command, isGuess: !task && !main, ext: ["ts", "tsx", "js", "json"] };
}

function node(read: Read, found: string): Project {
  const scripts = tasksOf(read, found, "scripts");
  const main = first(read, ["index.js", "server.js", "app.js", "src/index.js"]);
  const script = taskOf(scripts) ?? (main === undefined && scripts.dev ? "dev" : undefined);
  const command = script ? ["npm", "run", script] : ["node", main ?? "index.js"];
  return { found, command, isGuess: !script && !main, ext: ["js", "mjs", "cjs", "ts", "json"] };
}

const SCRIPTS = /^\[(?:project|tool\.poetry)\.scripts\]\s*\n\s*["']?([\w.-]+)["']?\s*=/m;

/** A command that `pyproject.toml` names, with what finds it; null where it names none. */
function scriptOf(read: Read): readonly string[] | null {
  const [, script] = SCRIPTS.exec(read("pyproject.toml") ?? "") ?? [];
  if (script === undefined) return null;
  const runner = first(read, ["uv.lock", "poetry.lock"])?.replace(".lock", "");
  return runner ? [runner, "run", script] : [script];
}

function python(read: Read, found: string, onPath: OnPath): Project {
  const ext = ["py", "toml"];
  const interpreter = ["python3", "python"].find(onPath) ?? "python3";
  const tool = (name: string) => onPath(name) ? [name] : [interpreter, "-m", name];
  if (read("manage.py") !== null) {
    const command = [interpreter, "manage.py", "runserver", "--noreload"];
    return { found, command, isGuess: false, ext };
  }
  const main = first(read, ["main.py", "app.py", "server.py"]);
  const script = main === undefined ? scriptOf(read) : null;
  if (script !== null) return { found, command: script, isGuess: false, ext };
  const module = main?.replace(/\.py$/, "");
  const app = /^(\w+) *(?::[^=\n]+)?= *(FastAPI|Starlette|Flask)\(/m.exec(read(main ?? "") ?? "");
  const command = !module || !app
    ? [interpreter, main ?? "main.py"]
    : app[2] === "Flask"
    ? [...tool("flask"), "--app", module, "run"]
    : [...tool("uvicorn"), `${module}:${app[1]}`];
  return { found, command, isGuess: !main, ext };
}

function ruby(read: Read, found: string): Project {
  const main = first(read, ["app.rb", "main.rb"]);
  const isRails = read("bin/rails") !== null;
  const isRack = read("config.ru") !== null;
  const command = isRails
    ? ["bin/rails", "server"]
    : isRack
    ? ["bundle", "exec", "rackup"]
    : ["bundle", "exec", "ruby", main ?? "main.rb"];
  return { found, command, isGuess: !isRails && !isRack && !main, ext: ["rb", "erb", "ru", "yml"] };
}

function make(read: Read, found: string): Project {
  const [, target] = /^(dev|run|serve|start) *:(?!=)/m.exec(read(found) ?? "") ?? [];
  return target === undefined ? NOTHING : by(found, ["make", target], []);
}

function by(found: string, command: readonly string[], ext: readonly string[]): Project {
  return { found, command, isGuess: false, ext };
}

type Kind = (read: Read, found: string, onPath: OnPath) => Project;

const KINDS: readonly (readonly [string, Kind])[] = [
  ["deno.json", deno],
  ["deno.jsonc", deno],
  ["manage.py", python],
  ["pyproject.toml", python],
  ["requirements.txt", python],
  ["go.mod", (_, found) => by(found, ["go", "run", "."], ["go", "mod"])],
  ["Cargo.toml", (_, found) => by(found, ["cargo", "run"], ["rs", "toml"])],
  ["Gemfile", ruby],
  ["package.json", node],
  ["main.py", python],
  ["app.py", python],
  ["Makefile", make],
];

/** Finds out how the project in the working directory is run, from the files that are there. */
export function findProject(host: Surroundings): Project {
  const { files, cwd } = host;
  const read: Read = (name) => {
    const file = readProjectFile(files, join(cwd, name));
    return file !== null && "text" in file ? file.text : null;
  };
  const folders: string[] = host.env().PATH?.split(DELIMITER) ?? [];
  const onPath: OnPath = (name) =>
    folders.some((folder) => files.isExecutable(resolve(cwd, folder, name)));
  const kind = KINDS.find(([name]) => read(name) !== null);
  return kind ? kind[1](read, kind[0], onPath) : NOTHING;
}
