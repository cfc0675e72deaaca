/**
 * What `--listen` and the clients promise, measured: `deno task bench:listen`.
 *
 *     --parts a,b        servers: restarts under 100 requests/s, and what was refused and reset;
 *                        broken: edits that do not come up; holding: what a held socket costs at the
 *                        start; dark: as baton tells it, against a client asking every ms; all
 *     --restarts N       of the servers, in all; 1000
 *     --only a,b         uvicorn, gunicorn, flask, node, go, python client, typescript client; all
 *     --rounds N         of each other measurement; 20
 *     --components N     of the program whose dark time is measured, at most; 5
 *     --baton PATH       a compiled baton; the source
 */
import { parseArgs } from "@std/cli/parse-args";
import { quantile } from "./handoff/quantiles.ts";
import { fromSource } from "./handoff/tools.ts";
import { breakEdits } from "./listen/broken_edit.ts";
import { arrangements, measureDark } from "./listen/dark.ts";
import { measureHolding } from "./listen/holding.ts";
import { findServers, type Server } from "./listen/servers.ts";
import { type Trial, trial } from "./listen/trial.ts";

const PARTS = { servers, broken, holding, dark };

interface Options {
  readonly parts?: string;
  readonly restarts: string;
  readonly only?: string;
  readonly rounds: string;
  readonly components: string;
  readonly baton?: string;
}

const options: Options = parseArgs(Deno.args, {
  string: ["parts", "restarts", "only", "rounds", "components", "baton"],
  default: { restarts: "1000", rounds: "20", components: "5" },
});
const baton = options.baton === undefined ? await fromSource() : [Deno.realPathSync(options.baton)];
const rounds = Number(options.rounds);

for (const [name, run] of Object.entries(PARTS)) {
  if (options.parts?.split(",").includes(name) ?? true) await run();
}

async function servers(): Promise<void> {
  const found = await findServers();
  const names = options.only?.split(",") ?? [...found.keys()];
  const each = Math.ceil(Number(options.restarts) / names.length);
  print(
    "server",
    "restarts",
    "requests",
    "refused",
    "reset",
    "others",
    "wait p50",
    "p99",
    "longest",
  );
  for (const name of names) {
    await inFolder(found.get(name)!, async (server, folder) => {
      row(name, await trial(baton, server, folder, each));
    });
  }
}

function row(name: string, { restarts, waits, refused, reset, others }: Trial): void {
  const requests = waits.length + refused + reset + others.length;
  const spread = [0.5, 0.99, 1].map((share) => quantile(waits, share).toFixed(1));
  print(name, restarts, requests, refused, reset, others.length, ...spread);
  for (const other of new Set(others)) console.log(other);
}

async function broken(): Promise<void> {
  const found = await findServers();
  print("a broken edit, level 2", "edits", "requests", "lost", "longest wait");
  for (const name of ["python client", "typescript client"]) {
    await inFolder(found.get(name)!, async (server, folder) => {
      const { waits, refused, reset, others } = await breakEdits(baton, server, folder, rounds);
      const lost = refused + reset + others.length;
      print(name, rounds, waits.length + lost, lost, Math.max(...waits).toFixed(1));
    });
  }
}

async function holding(): Promise<void> {
  const { held, none } = await measureHolding(baton, rounds);
  const more = held.map((ms, round) => ms - none[round]!);
  const medians = [none, held, more].map((all) => quantile(all, 0.5).toFixed(1));
  print("start of baton until its program runs, p50", "without", "with --listen", "more, in turns");
  print("", ...medians);
}

/** Where a few are too many, the worst of each arrangement tells. */
async function dark(): Promise<void> {
  print("parts, as they are added", "seen p50", "told p50", "apart p50", "most", "not known");
  for (const parts of arrangements(Number(options.components))) {
    const all = await measureDark(baton, parts, Math.max(2, Math.ceil(rounds / 5)));
    const told = all.flatMap(({ toldMs }) => toldMs ?? []);
    const apart = all.flatMap(({ seenMs, toldMs }) =>
      toldMs === undefined ? [] : Math.abs(toldMs - seenMs)
    );
    const figures = [quantile(all.map(({ seenMs }) => seenMs), 0.5), quantile(told, 0.5)];
    const spread = [quantile(apart, 0.5), Math.max(...apart)];
    const numbers = [...figures, ...spread].map((ms) => ms.toFixed(1));
    print(parts.join(" "), ...numbers, all.length - told.length);
  }
}

async function inFolder(
  place: (folder: string) => Promise<Server>,
  run: (server: Server, folder: string) => Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "baton-listen-" });
  try {
    await run(await place(folder), folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function print(...cells: readonly (string | number)[]): void {
  console.log(cells.join(" | "));
}
