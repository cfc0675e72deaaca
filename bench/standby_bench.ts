/**
 * Measures what standby saves, in turns within one run: `deno task bench:standby`.
 *
 *     --saves N      saves of each program under each tool; 10
 *     --only WORD    the programs whose name has it in it; all
 *     --warming N    saves at moments spread over warming; 5, 0 for none
 *     --baton PATH   a compiled baton; the source
 *     --json FILE    every sample
 */
import { parseArgs } from "@std/cli/parse-args";
import { freePort } from "../tests/support/free_port.ts";
import { table } from "../tools/markdown_table.ts";
import { pair, quantile } from "./handoff/quantiles.ts";
import { findNodemon, fromSource } from "./handoff/tools.ts";
import { Entrant, type ParkedNews, type Tool } from "./standby/entrant.ts";
import { findPrograms, type Program } from "./standby/programs.ts";

const options = parseArgs(Deno.args, {
  string: ["saves", "only", "warming", "baton", "json"],
  default: { saves: "10", only: "", warming: "5" },
});
const client = new URL("../clients/python", import.meta.url).pathname;
const baton = options.baton === undefined ? await fromSource() : [Deno.realPathSync(options.baton)];
const nodemon = await findNodemon();
if (nodemon === null) console.error("SKIPPED: npm cannot install nodemon");
const results: unknown[] = [];

const toolsOf = (program: Program): readonly Tool[] => [
  under(`baton --standby ${program.standby ?? "auto"}`, program.standby ?? "auto"),
  under("baton --standby off", "off"),
  ...nodemon === null ? [] : [{
    name: "nodemon",
    parks: false,
    command: (
      command: readonly string[],
    ) => [nodemon, "--quiet", "--watch", ".", "--ext", "py", "--exec", command.join(" ")],
  }],
];
const programs = (await findPrograms()).filter(({ name }) => name.includes(options.only));
for (const program of programs) await measure(program);
if (options.json !== undefined) Deno.writeTextFileSync(options.json, JSON.stringify(results));

function under(name: string, mode: string): Tool {
  const args = ["--log", "json", "-v", "--standby", mode];
  return {
    name,
    parks: mode !== "off",
    command: (command, options) => [...baton, ...args, ...options, "--", ...command],
  };
}

async function measure(program: Program): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const entrants: Entrant[] = [];
  for (const each of toolsOf(program)) {
    if (each.name === "nodemon" && program.importMs === undefined) continue;
    const tool = program.isBuilt ? { ...each, parks: false } : each;
    const packages = tool.name === "nodemon" ? client : "";
    const entrant = stack.use(new Entrant(tool, program, freePort(), packages));
    await entrant.warmUp();
    entrants.push(entrant);
  }
  for (let round = 0; round < Number(options.saves); round++) {
    for (const entrant of entrants) await entrant.save();
  }
  const [standby, cold] = entrants;
  console.log(`### ${program.name} (median / p95 in ms)\n`);
  console.log(table(
    [
      "tool",
      "save to new",
      "ratio",
      "start to new",
      "ratio",
      "dark",
      "CPU until it answers",
      "started cold",
    ],
    entrants.map((entrant) => [
      entrant.tool.name,
      ...withRatio(entrant, standby!, "newMs"),
      ...withRatio(entrant, standby!, "startMs"),
      pair(entrant.samples.map(({ darkMs }) => darkMs)),
      pair(entrant.samples.map(({ cpuMs }) => cpuMs)),
      [...new Set(entrant.samples.map(({ cold }) => cold))].filter((why) => why).join("; "),
    ]),
  ));
  if (standby!.parked !== null) tellParked(standby!.parked);
  const early = program.isBuilt ? [] : await whileWarming(standby!, cold!);
  if (early.length > 0) console.log(`\nSaved at a moment of warming: ${early.join(", ")}\n`);
  results.push({
    program: program.name,
    early,
    samples: entrants.map(({ tool, samples }) => ({ tool: tool.name, samples })),
  });
}

function tellParked({ modules, tookMs, bytes, liveBytes, cut }: ParkedNews): void {
  const mb = (size: number) => `${(size / 1e6).toFixed(0)} MB`;
  console.log(
    `\nParked: ${modules} modules in ${tookMs.toFixed(0)} ms, ${mb(bytes)} of its own beside ` +
      `${mb(liveBytes)} of the live one${cut === null ? "" : `; not all: ${cut}`}`,
  );
}

/** The same moments after a first answer for both: a ratio each, of what had been parked or not. */
async function whileWarming(standby: Entrant, cold: Entrant): Promise<string[]> {
  const count = Number(options.warming);
  const spanMs = 400 + (standby.parked?.tookMs ?? 0);
  const lines: string[] = [];
  for (let turn = 0; turn < count; turn++) {
    const afterMs = Math.round(spanMs * (turn + 0.5) / count);
    const took: number[][] = [[], []];
    for (let time = 0; time < 3; time++) {
      for (const [index, entrant] of [standby, cold].entries()) {
        await entrant.save({ counts: false });
        await entrant.save({ afterMs });
        took[index]!.push(entrant.samples.pop()!.newMs);
      }
    }
    const [with_, without] = took.map((all) => quantile(all, 0.5));
    lines.push(`${afterMs} ms: ${with_!.toFixed(0)} (cold ${without!.toFixed(0)})`);
  }
  return lines;
}

/** How long it took, and how many times what standby took. */
function withRatio(entrant: Entrant, standby: Entrant, what: "newMs" | "startMs"): string[] {
  const median = medianOf(entrant, what);
  if (Number.isNaN(median)) return ["-", "-"];
  const times = `${(median / medianOf(standby, what)).toFixed(1)}x`;
  return [pair(entrant.samples.map((sample) => sample[what])), times];
}

function medianOf({ samples }: Entrant, what: "newMs" | "startMs"): number {
  return quantile(samples.map((sample) => sample[what]), 0.5);
}
