/**
 * Measures each way to run baton, in turns within one run: how soon the program runs, memory at rest, size on the
 * disk. `deno task bench:ways`, after `deno task release --only` for this machine and `deno task compile`; on Linux.
 *
 *     --runs N           of each; 20
 */
import { parseArgs } from "@std/cli/parse-args";
import { existsSync } from "@std/fs/exists";
import { table } from "../tools/markdown_table.ts";
import { serveJsr } from "../tools/jsr.ts";
import { targetHere } from "../tools/release/targets.ts";
import { toolFromNpm } from "../tools/tool_from_npm.ts";
import { pause } from "../tests/support/pause.ts";
import { pair, quantile } from "./handoff/quantiles.ts";

const { runs } = parseArgs(Deno.args, { string: ["runs"], default: { runs: "20" } });
const ROOT = new URL("../", import.meta.url).pathname;
const RELEASE = `${ROOT}dist/release`;
/** Prints when it began, in nanoseconds since 1970. */
const PROGRAM = ["date", "+%s%N"];
const AT_REST_MS = 20_000;

interface Way {
  readonly name: string;
  readonly command: readonly string[];
  /** What it takes on the disk; beside that of a runtime which is there anyway. */
  readonly takes: string;
  readonly env?: Readonly<Record<string, string>>;
}

async function run(command: string, args: string[], env: Record<string, string> = {}) {
  const { success, stderr } = await new Deno.Command(command, { args, env }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** The file in the release whose name fits. */
function packed(fits: RegExp): string {
  const found = [...Deno.readDirSync(RELEASE)].find(({ name }) => fits.test(name));
  if (found === undefined) throw new Error(`"${RELEASE}" has no ${fits}: run "deno task release"`);
  return `${RELEASE}/${found.name}`;
}

async function ways(folder: string, jsrUrl: string): Promise<Way[]> {
  const target = targetHere()!.name;
  const main = packed(/^baton-cli-[\d.]+tgz$/);
  const own = packed(new RegExp(`^baton-cli-${target}-[\\d.]+tgz$`));
  const npm = ["install", "--silent", "--offline", "--prefix"];
  await run("npm", [...npm, `${folder}/npm`, main, own]);
  await run("npm", [...npm, `${folder}/alone`, "--omit=optional", main]);
  const env = { JSR_URL: jsrUrl };
  const install = ["install", "--quiet", "-gA", "--root", `${folder}/deno`, "-n", "baton"];
  await run(Deno.execPath(), [...install, "jsr:@baton/baton/cli"], env);
  const node = await toolFromNpm("node", "node@24");
  const executable = `${RELEASE}/bin/baton-${target}`;
  const [launcher, alone] = ["npm", "alone"].map((one) => `${folder}/${one}/node_modules`);
  const all: (Way | null)[] = [
    existsSync(`${ROOT}dist/baton`)
      ? {
        name: "executable, made with Deno",
        command: [`${ROOT}dist/baton`],
        takes: `${ROOT}dist/baton`,
      }
      : null,
    { name: "executable, made with Bun", command: [executable], takes: executable },
    {
      name: "that from npm, on Node 20",
      command: ["node", `${launcher}/baton-cli/baton.mjs`],
      takes: launcher!,
    },
    node === null ? null : {
      name: "that from npm, on Node 24",
      command: [node, `${launcher}/baton-cli/baton.mjs`],
      takes: launcher!,
    },
    node === null ? null : {
      name: "npm without it, on Node 24",
      command: [node, `${alone}/baton-cli/baton.mjs`],
      takes: alone!,
    },
    { name: "from JSR, on Deno", command: [`${folder}/deno/bin/baton`], takes: `${ROOT}lib`, env },
  ];
  return all.filter((way) => way !== null);
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

async function start({ command: [path, ...args], env = {} }: Way, cwd: string): Promise<number> {
  const startedAt = now();
  const { success, stdout, stderr } = await new Deno.Command(path!, {
    args: [...args, "-q", "--exit", "--", ...PROGRAM],
    cwd,
    env,
  }).output();
  if (!success) throw new Error(`"${path}" failed: ${new TextDecoder().decode(stderr)}`);
  return Number(new TextDecoder().decode(stdout)) / 1e6 - startedAt;
}

/** Megabytes of its own at rest, with all that it has started but the program. */
async function memory({ command: [path, ...args], env = {} }: Way, cwd: string): Promise<number> {
  const child = new Deno.Command(path!, {
    args: [...args, "-q", "--fresh", "--", "sleep", "600"],
    cwd,
    env,
  }).spawn();
  await pause(AT_REST_MS);
  const { stdout } = new Deno.Command("ps", { args: ["-eo", "pid=,ppid=,comm="] }).outputSync();
  const rows = new TextDecoder().decode(stdout).trim().split("\n")
    .map((row) => row.trim().split(/\s+/));
  const family = new Set([String(child.pid)]);
  for (const [pid, parent] of rows) if (family.has(parent!)) family.add(pid!);
  const own = [...family].filter((pid) =>
    rows.some(([id, , name]) => id === pid && name !== "sleep")
  );
  const bytes = own.map((pid) => privateBytes(Number(pid))).reduce((sum, one) => sum + one, 0);
  child.kill("SIGTERM");
  await child.status;
  return bytes / 1e6;
}

/** What it alone holds, shared pages as its part of them. */
function privateBytes(pid: number): number {
  const rollup = Deno.readTextFileSync(`/proc/${pid}/smaps_rollup`);
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)![1]) * 1_024;
}

function megabytes(path: string): string {
  const { stdout } = new Deno.Command("du", { args: ["-sb", path] }).outputSync();
  return (parseInt(new TextDecoder().decode(stdout)) / 1e6).toFixed(1);
}

const folder = Deno.makeTempDirSync({ prefix: "baton-ways-" });
try {
  await using jsr = await serveJsr();
  const all = await ways(folder, jsr.url);
  const project = `${folder}/project`;
  Deno.mkdirSync(project);
  const samples = new Map<Way, number[]>(all.map((way) => [way, []]));
  // The first of each reads the files from the disk.
  for (const way of all) await start(way, project);
  for (let at = 0; at < Number(runs); at++) {
    for (const [way, kept] of samples) kept.push(await start(way, project));
  }
  const least = Math.min(...[...samples.values()].map((kept) => quantile(kept, 0.5)));
  const rows: string[][] = [];
  for (const [way, kept] of samples) {
    const ratio = `${(quantile(kept, 0.5) / least).toFixed(2)}x`;
    const used = (await memory(way, project)).toFixed(0);
    rows.push([way.name, pair(kept), ratio, used, megabytes(way.takes)]);
  }
  console.log(
    table(["way", "until the program runs, ms", "ratio", "memory, MB", "size, MB"], rows),
  );
} finally {
  Deno.removeSync(folder, { recursive: true });
}
