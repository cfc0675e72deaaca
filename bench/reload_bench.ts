/**
 * Writes the tables of docs/reload-or-restart.md and its plots from the raw results in bench/reload/results/.
 * These are recorded by study.py, latency.py and programs.py in bench/reload/: the page says how.
 */
import {
  batonTable,
  comparable,
  type Edited,
  latencyTable,
  memoryTable,
  packageTable,
  plot,
  programPlot,
  programTable,
  reasonTable,
  type Replayed,
  replayTable,
  type Timed,
  timesTable,
} from "./reload/tables.ts";

const results = new URL("reload/results/", import.meta.url);
const page = new URL("../docs/reload-or-restart.md", import.meta.url);

function read<Line>(name: string): Line[] {
  return Deno.readTextFileSync(new URL(name, results)).trim().split("\n").map((line) =>
    JSON.parse(line)
  );
}

const every = read<Replayed>("replay.jsonl");
const replayed = comparable(every);
const edited = read<Edited>("programs.jsonl");
const parts: Record<string, string> = {
  replay: replayTable(replayed),
  packages: packageTable(replayed),
  baton: batonTable(every),
  reasons: reasonTable(every),
  latency: latencyTable(read<Timed>("latency.jsonl")),
  programs: programTable(edited),
  times: timesTable(edited),
  memory: memoryTable(read<Edited>("memory.jsonl")),
};
let text = Deno.readTextFileSync(page);
for (const [name, table] of Object.entries(parts)) {
  const region = new RegExp(`(<!-- ${name}:begin -->)[^]*?(<!-- ${name}:end -->)`);
  text = text.replace(region, (_, begin, end) => `${begin}\n\n${table}\n\n${end}`);
}
Deno.writeTextFileSync(page, text);
const plots = {
  "reload-or-restart.svg": plot(replayed),
  "reload-or-restart-programs.svg": programPlot(edited),
};
for (const [name, drawn] of Object.entries(plots)) {
  Deno.writeTextFileSync(new URL(`../docs/${name}`, import.meta.url), drawn);
}
const { success } = await new Deno.Command(Deno.execPath(), {
  args: ["fmt", "--quiet", page.pathname],
}).output();
if (!success) throw new Error(`Cannot format ${page.pathname}`);
