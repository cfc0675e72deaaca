/**
 * Prints the flags a task needs to reach its dependencies from here: none where JSR answers,
 * `--import-map=…` where only the npm registry does. The answer is kept for an hour in this user's cache
 * folder; `BATON_REGISTRY=jsr|npm` overrides it, and `JSR_URL` names another JSR, as it does for Deno.
 */

export type Registry = "jsr" | "npm";

const KEEP_MS = 3_600_000;
const PROBE = "@std/cli/meta.json";
const PROBE_MS = 1_500;

/** What choosing a registry needs of the world. */
export interface Surroundings {
  readonly asked: string | undefined;
  /** Where the answer is kept; null: nowhere. */
  readonly cache: string | null;
  readonly now: number;
  jsrAnswers(): Promise<boolean>;
}

function isRegistry(text: string | undefined): text is Registry {
  return text === "jsr" || text === "npm";
}

/** The answer kept earlier; undefined where there is none that counts. */
function kept({ cache, now }: Surroundings): Registry | undefined {
  if (cache === null) return undefined;
  try {
    const mtime = Deno.statSync(cache).mtime?.getTime() ?? 0;
    const text = Deno.readTextFileSync(cache);
    return now - mtime < KEEP_MS && isRegistry(text) ? text : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    console.error(`Cannot read "${cache}": ${error}`);
  }
}

function keep({ cache }: Surroundings, registry: Registry): void {
  if (cache === null) return;
  try {
    Deno.mkdirSync(cache.slice(0, cache.lastIndexOf("/")), { recursive: true, mode: 0o700 });
    Deno.writeTextFileSync(cache, registry);
  } catch (error) {
    console.error(`Cannot keep which registry answers: ${error}`);
  }
}

/** The registry that dependencies come from. A cache that cannot be used costs time, nothing else. */
export async function chooseRegistry(surroundings: Surroundings): Promise<Registry> {
  if (isRegistry(surroundings.asked)) return surroundings.asked;
  const before = kept(surroundings);
  if (before) return before;
  const registry = await surroundings.jsrAnswers() ? "jsr" : "npm";
  keep(surroundings, registry);
  return registry;
}

async function jsrAnswers(): Promise<boolean> {
  try {
    const jsr = Deno.env.get("JSR_URL") ?? "https://jsr.io/";
    const response = await fetch(new URL(PROBE, jsr), { signal: AbortSignal.timeout(PROBE_MS) });
    await response.body?.cancel();
    return response.ok;
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return false;
    throw error;
  }
}

/** Where nobody else can write, as it decides which code is loaded; without a home nothing is kept. */
function cacheFile(): string | null {
  const { XDG_CACHE_HOME, HOME } = Deno.env.toObject();
  const folder = XDG_CACHE_HOME || (HOME && `${HOME}/.cache`);
  return folder ? `${folder}/baton/registry` : null;
}

/** The flags for `deno run`, `deno check` and the like. */
export async function registryFlags(): Promise<string[]> {
  const { env } = Deno;
  const registry = await chooseRegistry({
    asked: env.get("BATON_REGISTRY"),
    cache: cacheFile(),
    now: Date.now(),
    jsrAnswers,
  });
  return registry === "npm" ? ["--import-map=tools/offline/import_map.json"] : [];
}

if (import.meta.main) console.log((await registryFlags()).join(" "));
