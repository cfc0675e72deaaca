/**
 * How long a change takes that needs no restart, in `examples/life`, against the same save with one, in turns:
 * `deno task bench:ladder`. `--saves N` of each kind (20), `--baton PATH` of a compiled baton (the source).
 */
import { parseArgs } from "@std/cli/parse-args";
import { LifeProject } from "../tests/e2e/life.ts";
import { Baton, type LogEvent } from "../tests/e2e/baton.ts";
import { PYTHON } from "../tests/support/running.ts";
import { pause } from "../tests/support/pause.ts";
import { pair } from "./handoff/quantiles.ts";

const { saves } = parseArgs(Deno.args, { string: ["saves"], default: { saves: "20" } });
const CALLBACK =
  `    app.on_change("*.json", lambda paths: [open(path).read() for path in paths])\n`;
const KINDS = ["notify", "recycle", "restart"] as const;
const FILES = { notify: "data.json", recycle: "settings.txt", restart: "other.txt" };
const PARKED_MS = 1_000;

using project = new LifeProject();
project.replace("main.py", /^ {4}app\.wait\(\)/m, `${CALLBACK}    app.wait()`);
for (const file of Object.values(FILES)) project.write(file, "0");
const args = ["--rule", "*.json=notify", "--rule", "settings.txt=recycle"];
const env = { PORT: String(project.port) };
await using baton = new Baton(project, [PYTHON, "main.py"], { args, env });
await baton.event("armed");
await baton.event("ready", ({ announced }) => announced);

const took: Record<string, number[]> = {};
const dark: Record<string, number[]> = {};
for (let save = 1; save <= Number(saves); save++) {
  for (const kind of KINDS) {
    await pause(PARKED_MS);
    const from = baton.events.length;
    project.write(FILES[kind], String(save));
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
