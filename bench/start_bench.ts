/**
 * Measures how long a compiled baton takes to start, against an empty program that the same Deno compiles, in
 * turns within one run: `deno task bench:start`, after `deno task compile` with the same Deno. On Linux.
 *
 *     --runs N           of each; 40
 *     --baton PATH       dist/baton
 *     --before PATH      another baton, say an earlier one, to compare with
 *     --json FILE        every sample
 */
import { parseArgs } from "@std/cli/parse-args";
import { existsSync } from "@std/fs/exists";
import { resolve } from "@std/path";
import { table } from "../tools/markdown_table.ts";
import { pair, quantile } from "./handoff/quantiles.ts";

interface Options {
  readonly runs: string;
  readonly baton: string;
  readonly before?: string;
  readonly json?: string;
}

/** What is started, and what ends the measurement: its own end, or a time that it prints. */
interface Contestant {
  readonly name: string;
  readonly command: readonly string[];
  readonly until: "end" | "printed";
  /** Where it is started: `served` is where a baton runs. */
  readonly where?: "served";
}

/** Prints when it began, in nanoseconds since 1970. */
const PROGRAM = ["date", "+%s%N"];

const options: Options = parseArgs(Deno.args, {
  string: ["runs", "baton", "before", "json"],
  default: { runs: "40", baton: "dist/baton" },
});

function contestants(empty: string): Contestant[] {
  const batons = [["baton", options.baton], ["before", options.before]] as const;
  return [
    { name: "empty", command: [empty], until: "end" },
    ...batons.flatMap(([name, path]): Contestant[] => {
      if (path === undefined) return [];
      if (!existsSync(path)) {
        throw new Error(`"${path}" is not there: run "deno task compile" first`);
      }
      const baton = resolve(path);
      return [
        { name: `${name} --version`, command: [baton, "--version"], until: "end" },
        { name: `${name} status`, command: [baton, "status"], until: "end", where: "served" },
        {
          name: `${name} until the program runs`,
          command: [baton, "-q", "--exit", "--", ...PROGRAM],
          until: "printed",
        },
        {
          name: `${name} --exit -- true`,
          command: [baton, "-q", "--exit", "--", "true"],
          until: "end",
        },
      ];
    }),
  ];
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

/** Milliseconds from the start. */
async function measure({ command: [path, ...args], until }: Contestant, cwd: string) {
  const startedAt = now();
  const { success, stdout, stderr } = await new Deno.Command(path!, { args, cwd }).output();
  const endedAt = now();
  if (!success) throw new Error(`"${path}" failed: ${new TextDecoder().decode(stderr)}`);
  const printedAt = Number(new TextDecoder().decode(stdout)) / 1e6;
  return (until === "end" ? endedAt : printedAt) - startedAt;
}

/** Resolves once the baton in this folder answers. */
async function untilServed(cwd: string): Promise<void> {
  for (;;) {
    const { success } = await new Deno.Command(resolve(options.baton), {
      ...{ args: ["status"], cwd, stdout: "null", stderr: "null" },
    }).output();
    if (success) return;
  }
}

const folder = Deno.makeTempDirSync({ prefix: "baton-bench-" });
const samples: Record<string, number[]> = {};
let serving: Deno.ChildProcess | null = null;
try {
  const [source, empty] = [`${folder}/empty.ts`, `${folder}/empty`];
  const [project, served] = [`${folder}/project`, `${folder}/served`];
  Deno.writeTextFileSync(source, "");
  for (const one of [project, served]) Deno.mkdirSync(one);
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["compile", "--quiet", "--no-config", "-o", empty, source],
  }).spawn().status;
  if (!success) throw new Error("The empty program cannot be compiled");
  const all = contestants(empty);
  serving = new Deno.Command(resolve(options.baton), {
    ...{ args: ["-q", "--", "sleep", "86400"], cwd: served, stdout: "null" },
  }).spawn();
  await untilServed(served);
  const whereOf = ({ where }: Contestant) => where === "served" ? served : project;
  // The first of each reads the file from the disk.
  for (const contestant of all) await measure(contestant, whereOf(contestant));
  for (let run = 0; run < Number(options.runs); run++) {
    for (const contestant of all) {
      (samples[contestant.name] ??= []).push(await measure(contestant, whereOf(contestant)));
    }
  }
} finally {
  serving?.kill();
  await serving?.status;
  Deno.removeSync(folder, { recursive: true });
}
const alone = quantile(samples["empty"] ?? [], 0.5);
const rows = Object.entries(samples).map(([name, all]) => [
  name,
  pair(all),
  `${(quantile(all, 0.5) / alone).toFixed(2)}x`,
]);
console.log(table(["start", "median / p95 in ms", "of the empty one"], rows));
if (options.json !== undefined) {
  const machine = { os: Deno.build.os, arch: Deno.build.arch, load: Deno.loadavg() };
  Deno.writeTextFileSync(
    options.json,
    JSON.stringify({ machine, deno: Deno.version, samples }),
  );
}
