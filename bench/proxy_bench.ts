/**
 * Saves web programs behind `--proxy` under 200 requests a second, by connections that stay and by new ones, and
 * counts what failed and how long who comes waits; then what the proxy adds to a request, what it lets through,
 * and what an idle WebSocket costs: `deno task bench:proxy`.
 *
 *     --saves N          for each program; 50
 *     --broken N         broken edits, each with its repair; 20
 *     --only a,b         http.server, uvicorn, Node, Go, Python with the client; all
 *     --baton PATH       a compiled baton; the source
 *     --quick            5 saves, 2 broken edits, and little of the rest
 */
import { parseArgs } from "@std/cli/parse-args";
import { quantile } from "./handoff/quantiles.ts";
import { fromSource } from "./handoff/tools.ts";
import { readyToShown } from "./proxy/browser.ts";
import { measureBodies } from "./proxy/bodies.ts";
import { measureCosts } from "./proxy/costs.ts";
import { findServers } from "./proxy/servers.ts";
import { trial } from "./proxy/trial.ts";

const options = parseArgs(Deno.args, {
  string: ["saves", "broken", "only", "baton"],
  boolean: ["quick"],
});
const quick = options.quick === true;
const saves = Number(options.saves ?? (quick ? 5 : 50));
const broken = Number(options.broken ?? (quick ? 2 : 20));
const baton = options.baton === undefined ? await fromSource() : [Deno.realPathSync(options.baton)];
const servers = await findServers();

console.log(
  "program | handed over | requests | failed | failed while broken | p50 | p99 | longest | quiet p99",
);
for (const name of options.only?.split(",") ?? servers.keys()) {
  const folder = Deno.makeTempDirSync({ prefix: "baton-proxy-" });
  try {
    const server = await servers.get(name)!(folder);
    const { waits, failures, handedOver, quietWaits, brokenFailures } = await trial(
      baton,
      server,
      folder,
      { saves, broken },
    );
    const figures = [
      ...[0.5, 0.99, 1].map((share) => quantile(waits, share)),
      quantile(quietWaits, 0.99),
    ].map((ms) => `${ms.toFixed(1)} ms`);
    const counts = [waits.length + failures.length, failures.length, brokenFailures.length];
    console.log([name, handedOver, ...counts, ...figures].join(" | "));
    for (const failure of new Set([...failures, ...brokenFailures])) console.log(`  ${failure}`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
console.log();
for (const row of await measureCosts(baton, quick)) console.log(row.join(" | "));

console.log();
for (const row of await measureBodies(baton, quick ? 5 : 30)) console.log(row.join(" | "));

const shown = await readyToShown(quick ? 5 : 20);
if (shown === null) console.log("\nIn a browser: not measured, as there is no chromium on PATH");
else {
  const [median, p95] = [0.5, 0.95].map((share) => quantile(shown, share).toFixed(0));
  console.log(
    `\nChromium shows a new version of a Node program: ${median} / ${p95} ms after ready`,
  );
}
