/**
 * How long a change takes that needs no restart, in `examples/life`, in turns, and then the same save with one:
 * `deno task bench:ladder`. `--saves N` of each kind (20), `--baton PATH` of a compiled baton (the source).
 */
import { parseArgs } from "@std/cli/parse-args";
import { LifeProject } from "../tests/e2e/life.ts";
import { Baton, type LogEvent } from "../tests/e2e/baton.ts";
import { PYTHON } from "../tests/support/running.ts";
import { pause } from "../tests/support/pause.ts";
import { pair } from "./handoff/quantiles.ts";

const { saves } = parseArgs(Deno.args, { string: ["saves"], default: { saves: "20" } });
const CALLBACK = `    app.on_change("*.json", lambda paths: [open(path).read() for path in paths])
    import draw
    app.hot("draw")
`;
const KINDS = ["notify", "reload", "recycle", "restart"] as const;
const FILES = {
  notify: "data.json",
  reload: "draw.py",
  recycle: "settings.txt",
  restart: "other.txt",
};
const PARKED_MS = 1_000;

using project = new LifeProject();
project.replace("main.py", /^ {4}app\.wait\(\)/m, `${CALLBACK}    app.wait()`);
const textOf = (kind: typeof KINDS[number], save: number) =>
  kind === "reload" ? `def draw(): return ${save}\n` : String(save);
for (const kind of KINDS) project.write(FILES[kind], textOf(kind, 0));
const rules = ["*.json=notify", "draw.py=reload", "settings.txt=recycle"];
const args = rules.flatMap((rule) => ["--rule", rule]);
const env = { PORT: String(project.port) };
await using baton = new Baton(project, [PYTHON, "main.py"], { args, env });
await baton.event("armed");
await baton.event("ready", ({ announced }) => announced);

const took: Record<string, number[]> = {};
const dark: Record<string, number[]> = {};
// Restarts at the end: who was parked before a save of a hot module does not know for certain which text it runs.
for (const kinds of [KINDS.slice(0, 3), KINDS.slice(3)]) {
  for (let turn = 0; turn < Number(saves) * kinds.length; turn++) {
    const [kind, save] = [kinds[turn % kinds.length]!, 1 + Math.floor(turn / kinds.length)];
    await pause(PARKED_MS);
    const from = baton.events.length;
    project.write(FILES[kind], textOf(kind, save));
    const isDone = ({ type, announced }: LogEvent) =>
      type === "updated" || type === "ready" && announced === true;
    const { timings, rung = "restart" } = await baton.event(
      kind === "restart" ? "ready" : "updated",
      (event) => baton.events.indexOf(event) >= from && isDone(event),
    );
    if (rung !== kind) throw new Error(`A ${kind} was a ${rung}\n${baton.transcript()}`);
    (took[kind] ??= []).push(timings.totalMs);
    if (timings.darkMs !== undefined) (dark[kind] ??= []).push(timings.darkMs);
  }
}
console.log("Milliseconds, median / 95th percentile: from the first event of a save, and dark");
for (const kind of KINDS) console.log(kind, pair(took[kind]!), pair(dark[kind] ?? []));
