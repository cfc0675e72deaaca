/**
 * Prints the flags a task needs to reach its dependencies from here: none where JSR answers,
 * `--import-map=tools/offline/import_map.json` where only the npm registry does.
 * The answer is kept for an hour in the cache folder; `BATON_REGISTRY=jsr|npm` overrides it.
 */
const FLAG = "--import-map=tools/offline/import_map.json";
const KEEP_MS = 3_600_000;
const cache = `${Deno.env.get("TMPDIR") ?? "/tmp"}/baton-registry-${Deno.uid?.() ?? 0}`;

async function jsrAnswers(): Promise<boolean> {
  try {
    const response = await fetch("https://jsr.io/@std/cli/meta.json", {
      signal: AbortSignal.timeout(1_500),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

function cached(): string | undefined {
  try {
    const { mtime } = Deno.statSync(cache);
    if (mtime && Date.now() - mtime.getTime() < KEEP_MS) return Deno.readTextFileSync(cache);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

const asked = Deno.env.get("BATON_REGISTRY");
let registry = asked === "jsr" || asked === "npm" ? asked : cached();
if (registry !== "jsr" && registry !== "npm") {
  registry = await jsrAnswers() ? "jsr" : "npm";
  Deno.writeTextFileSync(cache, registry);
}
if (registry === "npm") console.log(FLAG);
