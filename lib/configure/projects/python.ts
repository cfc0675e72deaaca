import { first, type Folder, type Kind, type Way } from "./folder.ts";

/** What runs a project's commands with its packages, by the file that tells so. */
const RUNNERS: Readonly<Record<string, string>> = {
  "uv.lock": "uv",
  "poetry.lock": "poetry",
  "pdm.lock": "pdm",
  "Pipfile": "pipenv",
};

/** How to call this project's interpreter, and a tool among its packages. */
interface Packages {
  readonly interpreter: readonly string[];
  tool(name: string): readonly string[];
}

function packagesOf(folder: Folder): Packages {
  const lock = first(folder, Object.keys(RUNNERS));
  if (lock !== undefined) {
    const run = [RUNNERS[lock]!, "run"];
    return { interpreter: [...run, "python"], tool: (name) => [...run, name] };
  }
  const bin = [".venv/bin", "venv/bin"].find((each) => folder.isExecutable(`${each}/python`));
  const interpreter = bin !== undefined
    ? `${bin}/python`
    : ["python3", "python"].find(folder.isOnPath) ?? "python3";
  const tool = (name: string) => {
    const isThere = bin !== undefined
      ? folder.isExecutable(`${bin}/${name}`)
      : folder.isOnPath(name);
    const command = bin !== undefined ? `${bin}/${name}` : name;
    return isThere ? [command] : [interpreter, "-m", name];
  };
  return { interpreter: [interpreter], tool };
}

const PROGRAMS = [
  "main.py",
  "app.py",
  "server.py",
  "run.py",
  "bot.py",
  "src/main.py",
  "app/main.py",
];
/** Files that are no programs, but may hold an application that a server imports. */
const APPLICATIONS = ["wsgi.py", "asgi.py", "app/__init__.py", "src/app.py"];
/** Files with the jobs of a queue, where there is no other program. */
const JOBS = ["tasks.py", "worker.py"];

const APPLICATION =
  /^(\w+) *(?::[^=\n]+)?= *(?:\w+\.)?(FastAPI|Starlette|Flask|Quart|Litestar|Sanic)\(/m;

/** How a server is given the application in a file; null where none is seen in it. */
function serverOf(text: string, file: string, { tool }: Packages): readonly string[] | null {
  if (/^(?:import|from) streamlit\b/m.test(text)) return [...tool("streamlit"), "run", file];
  if (/\.servable\(/.test(text)) return [...tool("panel"), "serve", file];
  const module = file.replace(/(?:\/__init__)?\.py$/, "").replaceAll("/", ".");
  if (/^def (?:create|make)_app\(/m.test(text) && /\bFlask\(/.test(text)) {
    return [...tool("flask"), "--app", module, "run"];
  }
  const [, name, kind] = APPLICATION.exec(text) ?? [];
  switch (kind) {
    case undefined:
      return null;
    case "Flask":
    case "Quart":
      return [...tool(kind.toLowerCase()), "--app", module, "run"];
    case "Litestar":
      return [...tool("litestar"), "--app", `${module}:${name}`, "run"];
    case "Sanic":
      return [...tool("sanic"), `${module}:${name}`];
    default:
      return [...tool("uvicorn"), `${module}:${name}`];
  }
}

const SCRIPTS = /^\[(?:project|tool\.poetry)\.scripts\]\s*\n\s*["']?([\w.-]+)["']?\s*=/m;
const NAME = /^name *= *["']([\w.-]+)["']/m;

/** A command that `pyproject.toml` names, or the package of its name that can be run; empty where there is none. */
function named(folder: Folder, { interpreter }: Packages): readonly string[] {
  const text = folder.read("pyproject.toml") ?? "";
  const [, script] = SCRIPTS.exec(text) ?? [];
  if (script !== undefined) return [...interpreter.slice(0, -1), script];
  const name = NAME.exec(text)?.[1]?.replace(/[-.]/g, "_");
  const isRun = name !== undefined &&
    first(folder, [`${name}/__main__.py`, `src/${name}/__main__.py`]) !== undefined;
  return isRun ? [...interpreter, "-m", name] : [];
}

function served(folder: Folder, packages: Packages): readonly string[] | null {
  for (const file of [...PROGRAMS, ...APPLICATIONS]) {
    const server = serverOf(folder.read(file) ?? "", file, packages);
    if (server !== null) return server;
  }
  return null;
}

/** What works off the jobs in a file; null where none is seen in it. */
function workerOf(folder: Folder, { tool }: Packages): readonly string[] | null {
  for (const file of JOBS) {
    const [text, module] = [folder.read(file) ?? "", file.replace(/\.py$/, "")];
    if (/^\w+ *= *(?:celery\.)?Celery\(/m.test(text)) {
      return [...tool("celery"), "-A", module, "worker"];
    }
    if (/^@dramatiq\.actor\b/m.test(text)) return [...tool("dramatiq"), module];
  }
  return null;
}

const EXT = ["py", "toml"];

export const python: Kind = (folder): Way => {
  const packages = packagesOf(folder);
  if (folder.has("manage.py")) {
    const command = [...packages.interpreter, "manage.py", "runserver", "--noreload"];
    return { command, ext: [...EXT, "html"] };
  }
  const server = served(folder, packages);
  if (server !== null) return { command: server, ext: [...EXT, "html"] };
  const main = first(folder, PROGRAMS);
  const command = main === undefined
    ? workerOf(folder, packages) ?? named(folder, packages)
    : [...packages.interpreter, main];
  return { command, ext: EXT };
};
