import { DELIMITER, join, resolve } from "@std/path";
import { type Platform, PlatformError } from "../platform/platform.ts";
import type { Host } from "./config_file.ts";
import { readProjectFile } from "./project_file.ts";
import { go, gradle, maven, rust } from "./projects/compiled.ts";
import type { Folder, Kind, Way } from "./projects/folder.ts";
import { node } from "./projects/node.ts";
import { compose, deno, elixir, perl, php, procfile, ruby, rules } from "./projects/others.ts";
import { python } from "./projects/python.ts";

/** What `baton init` found in a folder, and how such a project is run and watched. */
export interface Project extends Way {
  /** The file that tells what kind of project it is. */
  readonly found: string | null;
}

/** What telling how a project is run needs of the world. */
export interface Surroundings extends Host {
  readonly files: Host["files"] & Pick<Platform["files"], "isExecutable" | "readDir">;
  env(): Readonly<Record<string, string>>;
}

/** The first that is there and tells a command counts. */
const KINDS: readonly (readonly [string, Kind])[] = [
  ["deno.json", deno],
  ["deno.jsonc", deno],
  ["manage.py", python],
  ["pyproject.toml", python],
  ["requirements.txt", python],
  ["Pipfile", python],
  ["go.mod", go],
  ["Cargo.toml", rust],
  ["Gemfile", ruby],
  ["artisan", php],
  ["mix.exs", elixir],
  ["pom.xml", maven],
  ["build.gradle", gradle],
  ["build.gradle.kts", gradle],
  ["package.json", node],
  ["composer.json", php],
  ["main.py", python],
  ["app.py", python],
  ["server.py", python],
  ["bot.py", python],
  ["tasks.py", python],
  ["worker.py", python],
  ["config.ru", ruby],
  ["app.rb", ruby],
  ["index.php", php],
  ["app.psgi", perl],
  ["Makefile", rules("make")],
  ["justfile", rules("just")],
  ["Procfile", procfile],
  ["compose.yaml", compose],
  ["compose.yml", compose],
  ["docker-compose.yml", compose],
  ["docker-compose.yaml", compose],
];

function folderOf({ files, cwd, env }: Surroundings): Folder {
  const path: string[] = env().PATH?.split(DELIMITER) ?? [];
  /** What cannot be looked at is not there. */
  const seen = <T>(look: () => T, absent: T): T => {
    try {
      return look();
    } catch (error) {
      if (error instanceof PlatformError) return absent;
      throw error;
    }
  };
  return {
    has: (name) => seen(() => files.stat(join(cwd, name))?.kind === "file", false),
    read(name) {
      const file = readProjectFile(files, join(cwd, name));
      return file !== null && "text" in file ? file.text : null;
    },
    list: (name) =>
      seen(() => files.readDir(join(cwd, name)), []).map((entry) => entry.name).sort(),
    isExecutable: (name) => seen(() => files.isExecutable(join(cwd, name)), false),
    isOnPath: (name) => path.some((folder) => files.isExecutable(resolve(cwd, folder, name))),
  };
}

/** Finds out how the project in the working directory is run, from the files that are there. */
export function findProject(host: Surroundings): Project {
  const folder = folderOf(host);
  const projects = KINDS.filter(([name]) => folder.has(name))
    .map(([found, kind]): Project => ({ found, ...kind(folder, found) }));
  return projects.find(({ command }) => command.length > 0) ?? projects[0] ??
    { found: null, command: [], ext: [] };
}
