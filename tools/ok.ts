/**
 * The one gate: every step runs, even after one that failed; all failures are listed at the end.
 * `--no-tests` leaves the tests out, where they have just been run.
 */
import { styleViolations } from "./check_style.ts";
import { registryFlags } from "./registry_flags.ts";
import { layerViolations } from "./check_layers.ts";
import { readSources } from "./source.ts";

type Step = readonly [name: string, run: () => Promise<boolean>];

const flags = await registryFlags();
const sources = await readSources();

function deno(...args: string[]): () => Promise<boolean> {
  return async () => {
    const { success } = await new Deno.Command(Deno.execPath(), { args }).spawn().status;
    return success;
  };
}

function rules(violations: readonly string[]): () => Promise<boolean> {
  return () => {
    for (const violation of violations) console.error(violation);
    return Promise.resolve(violations.length === 0);
  };
}

const STEPS: readonly Step[] = [
  ["format", deno("fmt", "--check", "--quiet")],
  ["lint", deno("lint", "--quiet")],
  ["types", deno("check", "--quiet", ...flags, ".")],
  ["layers", rules(layerViolations(sources))],
  ["style", rules(styleViolations(sources))],
  ["doc lint", deno("doc", "--lint", "--quiet", ...flags, "mod.ts", "lib/client/mod.ts")],
  ["sweep", deno("run", "-A", ...flags, "tools/sweep_decide.ts")],
  ["docs up to date", deno("run", "-A", "tools/docs.ts", "--check")],
];
const TESTS: Step = ["tests", deno("run", "-A", "tools/test.ts")];

const failed: string[] = [];
for (const [name, run] of Deno.args.includes("--no-tests") ? STEPS : [...STEPS, TESTS]) {
  const begun = performance.now();
  const passed = await run();
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  console.log(`${passed ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  if (!passed) failed.push(name);
}
console.log(failed.length === 0 ? "The gate is passed" : `The gate fails at: ${failed.join(", ")}`);
Deno.exit(failed.length === 0 ? 0 : 1);
