/**
 * Writes the tables of docs/reload-or-restart.md and its plot from the raw results in bench/reload/results/.
 * These are recorded by bench/reload/replay/replay.py and bench/reload/latency.py: the page says how.
 */
import {
  batonTable,
  comparable,
  latencyTable,
  packageTable,
  plot,
  reasonTable,
  type Replayed,
  replayTable,
  type Timed,
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
const parts: Record<string, string> = {
  replay: replayTable(replayed),
  packages: packageTable(replayed),
  baton: batonTable(every),
  reasons: reasonTable(every),
  latency: latencyTable(read<Timed>("latency.jsonl")),
};
let text = Deno.readTextFileSync(page);
for (const [name, table] of Object.entries(parts)) {
  const region = new RegExp(`(<!-- ${name}:begin -->)[^]*?(<!-- ${name}:end -->)`);
  text = text.replace(region, (_, begin, end) => `${begin}\n\n${table}\n\n${end}`);
}
Deno.writeTextFileSync(page, text);
Deno.writeTextFileSync(new URL("../docs/reload-or-restart.svg", import.meta.url), plot(replayed));
const { success } = await new Deno.Command(Deno.execPath(), {
  args: ["fmt", "--quiet", page.pathname],
}).output();
if (!success) throw new Error(`Cannot format ${page.pathname}`);
