/**
 * Restarts servers that listen on a socket of baton's, under 100 requests a second, and counts what was
 * refused and reset: `deno task bench:listen`.
 *
 *     --restarts N       in all, split over the servers; 1000
 *     --only a,b         uvicorn, gunicorn, flask, node, go, python client, typescript client; all
 *     --baton PATH       a compiled baton; the source
 */
import { parseArgs } from "@std/cli/parse-args";
import { quantile } from "./handoff/quantiles.ts";
import { fromSource } from "./handoff/tools.ts";
import { findServers } from "./listen/servers.ts";
import { type Trial, trial } from "./listen/trial.ts";

interface Options {
  readonly restarts: string;
  readonly only?: string;
  readonly baton?: string;
}

const options: Options = parseArgs(Deno.args, {
  string: ["restarts", "only", "baton"],
  default: { restarts: "1000" },
});
const baton = options.baton === undefined ? await fromSource() : [Deno.realPathSync(options.baton)];
const servers = await findServers();
const names = options.only?.split(",") ?? [...servers.keys()];
const each = Math.ceil(Number(options.restarts) / names.length);

const head = ["server", "restarts", "requests", "refused", "reset", "others"];
console.log([...head, "wait p50", "p99", "longest (ms)"].join(" | "));
for (const name of names) {
  const folder = Deno.makeTempDirSync({ prefix: "baton-listen-" });
  try {
    console.log(row(name, await trial(baton, await servers.get(name)!(folder), folder, each)));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function row(name: string, { restarts, waits, refused, reset, others }: Trial): string {
  const requests = waits.length + refused + reset + others.length;
  const [p50, p99, longest] = [0.5, 0.99, 1].map((share) => quantile(waits, share).toFixed(1));
  const text = [name, restarts, requests, refused, reset, others.length, p50, p99, longest];
  return [text.join(" | "), ...new Set(others)].join("\n");
}
