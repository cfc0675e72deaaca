/**
 * Measures the handoff against its peers, in turns within one run: `deno task bench:handoff`.
 *
 *     --saves N          saves of each program under each tool; 20
 *     --only a,b         the programs: python, deno, node; all of them
 *     --imports 300      milliseconds of imports; 300 and 0
 *     --tools a,b        sequential, overlapped, nodemon, entr; all that are installed
 *     --baton PATH       a compiled baton; the source
 *     --before PATH      another baton, say an earlier one, to compare with
 *     --json FILE        every sample
 */
import { parseArgs } from "@std/cli/parse-args";
import { bundleClient, PROGRAMS } from "./handoff/programs.ts";
import { type Race, race } from "./handoff/race.ts";
import { textOf } from "./handoff/text.ts";
import { findTools } from "./handoff/tools.ts";

interface Options {
  readonly saves: string;
  readonly only?: string;
  readonly imports: string;
  readonly tools?: string;
  readonly baton?: string;
  readonly before?: string;
  readonly json?: string;
}

const options: Options = parseArgs(Deno.args, {
  string: ["saves", "only", "imports", "tools", "baton", "before", "json"],
  default: { saves: "20", imports: "300,0" },
});
const wanted = options.tools?.split(",");
const tools = (await findTools(options))
  .filter(({ name }) => wanted === undefined || wanted.includes(name));
const only = options.only?.split(",");
const programs = PROGRAMS.filter(({ name }) => only === undefined || only.includes(name));
const folder = Deno.makeTempDirSync({ prefix: "baton-bench-" });
const races: Race[] = [];
try {
  const client = await bundleClient(folder);
  for (const program of programs) {
    for (const importMs of options.imports.split(",").map(Number)) {
      const result = await race(program, { tools, importMs, saves: Number(options.saves), client });
      races.push(result);
      console.log(`${textOf(result)}\n`);
    }
  }
} finally {
  Deno.removeSync(folder, { recursive: true });
}
if (options.json !== undefined) {
  const machine = { os: Deno.build.os, arch: Deno.build.arch, load: Deno.loadavg() };
  Deno.writeTextFileSync(options.json, JSON.stringify({ machine, deno: Deno.version, races }));
}
