import { first, type Folder, type Kind, type Way } from "./folder.ts";
import { configurationOf, takesEdits } from "./takes_edits.ts";
import { fieldsOf, taskOf, unwatched } from "./tasks.ts";

/** How a package manager runs a script of the project, and a command of its packages. */
interface Manager {
  readonly run: readonly string[];
  readonly exec: readonly string[];
}

const MANAGERS: Readonly<Record<string, Manager>> = {
  npm: { run: ["npm", "run"], exec: ["npx"] },
  pnpm: { run: ["pnpm", "run"], exec: ["pnpm", "exec"] },
  yarn: { run: ["yarn", "run"], exec: ["yarn", "run"] },
  bun: { run: ["bun", "run"], exec: ["bunx"] },
};

const LOCKS: Readonly<Record<string, string>> = {
  "pnpm-lock.yaml": "pnpm",
  "pnpm-workspace.yaml": "pnpm",
  "yarn.lock": "yarn",
  "bun.lock": "bun",
  "bun.lockb": "bun",
};

function managerOf(folder: Folder, { packageManager }: Readonly<Record<string, unknown>>): string {
  const [, name] = /^(npm|pnpm|yarn|bun)@/.exec(String(packageManager)) ?? [];
  return name ?? LOCKS[first(folder, Object.keys(LOCKS)) ?? ""] ?? "npm";
}

const MAINS = ["index", "server", "app", "main", "src/index", "src/server", "src/app", "src/main"]
  .flatMap((name) => ["js", "mjs", "cjs", "ts", "mts"].map((ext) => `${name}.${ext}`));

/** The file that the package says it begins with, else one that is often called so. */
function mainOf(folder: Folder, { main, module }: Readonly<Record<string, unknown>>) {
  const said = [main, module].filter((name) => typeof name === "string");
  return first(folder, [...said, ...MAINS]);
}

/** How a file is run: Node reads TypeScript from 24 on, and many projects have what reads it before. */
function runnerOf(file: string, name: string, fields: Readonly<Record<string, unknown>>) {
  if (name === "bun") return ["bun"];
  const packages = { ...Object(fields.dependencies), ...Object(fields.devDependencies) };
  const reader = /ts$/.test(file) && ["tsx", "ts-node"].find((each) => each in packages);
  return reader ? [...MANAGERS[name]!.exec, reader] : ["node"];
}

const EXT = ["js", "mjs", "cjs", "ts", "mts", "jsx", "tsx", "json"];

export const node: Kind = (folder, found): Way => {
  const fields = fieldsOf(folder, found);
  const scripts: Readonly<Record<string, unknown>> = Object(fields.scripts);
  const name = managerOf(folder, fields);
  const { run, exec } = MANAGERS[name]!;
  const task = taskOf(scripts);
  if (task !== undefined && takesEdits(String(scripts[task]))) {
    return {
      command: [...run, task],
      ext: [],
      watch: configurationOf(String(scripts[task])),
      next:
        'Check "command" in it, then run "baton"; that server takes edits by itself, so only its configuration is watched',
    };
  }
  if (task === "dev") return { command: [...run, task], ext: EXT };
  const plain = unwatched(scripts.dev, exec);
  if (plain !== null) return { command: plain, ext: EXT };
  if (task !== undefined) return { command: [...run, task], ext: EXT };
  const main = mainOf(folder, fields);
  if (main !== undefined) return { command: [...runnerOf(main, name, fields), main], ext: EXT };
  if (scripts.dev) return { command: [...run, "dev"], ext: EXT };
  const isMany = "workspaces" in fields || folder.has("pnpm-workspace.yaml");
  const next = 'Set "command" in it, or let "baton init" look in the folder of what is to run';
  return { command: [], ext: EXT, ...isMany ? { next } : {} };
};
