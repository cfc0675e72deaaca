import { DELIMITER, join, resolve } from "@std/path";
import type { Platform } from "../platform/platform.ts";
import type { Host } from "./config_file.ts";
import { parseJsonc } from "./jsonc.ts";

/** What `baton init` found in a folder, and how such a project is run and watched. */
export interface Project {
  /** The file that tells what kind of project it is. */
  readonly found: string | null;
  readonly command: readonly string[];
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

const NOTHING: Project = { found: null, command: ["./run.sh"], ext: [] };

function first(read: Read, names: readonly string[]): string | undefined {
  return names.find((name) => read(name) !== null);
}

/** The names of the tasks or scripts in a JSON file. */
function tasksOf(read: Read, name: string, key: string): readonly string[] {
  const content = parseJsonc(read(name) ?? "{}", name);
  return Object.keys(Object(Reflect.get(Object(content), key)));
}

function deno(read: Read, found: string): Project {
  const task = tasksOf(read, found, "tasks").find((name) => name === "start");
  const main = first(read, ["main.ts", "server.ts", "src/main.ts", "mod.ts"]) ?? "main.ts";
  const command = task ? ["deno", "task", task] : ["deno", "run", "-A", main];
  return { found, command, ext: ["ts", "tsx", "js", "json"] };
}

function node(read: Read, found: string): Project {
  const scripts = tasksOf(read, found, "scripts");
  const script = ["start", "serve"].find((name) => scripts.includes(name));
  const main = first(read, ["index.js", "server.js", "app.js", "src/index.js"]) ?? "index.js";
  const command = script ? ["npm", "run", script] : ["node", main];
  return { found, command, ext: ["js", "mjs", "cjs", "ts", "json"] };
}

function python(read: Read, found: string, onPath: OnPath): Project {
  const ext = ["py", "toml"];
  const interpreter = ["python3", "python"].find(onPath) ?? "python3";
  const tool = (name: string) => onPath(name) ? [name] : [interpreter, "-m", name];
  if (read("manage.py") !== null) {
    return { found, command: [interpreter, "manage.py", "runserver", "--noreload"], ext };
  }
  const main = first(read, ["main.py", "app.py", "server.py"]);
  const module = main?.replace(/\.py$/, "");
  const app = /^(\w+) *(?::[^=\n]+)?= *(FastAPI|Starlette|Flask)\(/m.exec(read(main ?? "") ?? "");
  if (!module || !app) return { found, command: [interpreter, main ?? "main.py"], ext };
  return app[2] === "Flask"
    ? { found, command: [...tool("flask"), "--app", module, "run"], ext }
    : { found, command: [...tool("uvicorn"), `${module}:${app[1]}`], ext };
}

function ruby(read: Read, found: string): Project {
  const command = read("bin/rails") !== null
    ? ["bin/rails", "server"]
    : read("config.ru") !== null
    ? ["bundle", "exec", "rackup"]
    : ["bundle", "exec", "ruby", first(read, ["app.rb", "main.rb"]) ?? "main.rb"];
  return { found, command, ext: ["rb", "erb", "ru", "yml"] };
}

type Kind = (read: Read, found: string, onPath: OnPath) => Project;

const KINDS: readonly (readonly [string, Kind])[] = [
  ["deno.json", deno],
  ["deno.jsonc", deno],
  ["manage.py", python],
  ["pyproject.toml", python],
  ["requirements.txt", python],
  ["go.mod", (_, found) => ({ found, command: ["go", "run", "."], ext: ["go", "mod"] })],
  ["Cargo.toml", (_, found) => ({ found, command: ["cargo", "run"], ext: ["rs", "toml"] })],
  ["Gemfile", ruby],
  ["package.json", node],
  ["main.py", python],
  ["app.py", python],
];

/** Finds out how the project in the working directory is run, from the files that are there. */
export function findProject(host: Surroundings): Project {
  const { files, cwd } = host;
  const read: Read = (name) => {
    const path = join(cwd, name);
    return files.stat(path)?.kind === "file" ? files.readText(path) : null;
  };
  const folders: string[] = host.env().PATH?.split(DELIMITER) ?? [];
  const onPath: OnPath = (name) =>
    folders.some((folder) => files.isExecutable(resolve(cwd, folder, name)));
  const kind = KINDS.find(([name]) => read(name) !== null);
  return kind ? kind[1](read, kind[0], onPath) : NOTHING;
}
