/** Writes the single executable dist/baton, once what was compiled has been seen to run. */
import { VERSION } from "../lib/version.ts";
import { registryFlags } from "./registry_flags.ts";

/**
 * So that V8 collects what a walk leaves behind before it asks the system for more: without it, resident
 * memory grows twice as much for each watched file. Neither arming nor a handoff takes longer for it.
 */
const V8_FLAGS = "--v8-flags=--max-semi-space-size=2";

/** Whether Deno could do it; else it says why not. */
async function deno(...args: string[]): Promise<boolean> {
  return (await new Deno.Command(Deno.execPath(), { args }).spawn().status).success;
}

/** Compiles baton to `path`, out of one file: its hundreds of modules would take 30 ms at each start. */
async function compile(path: string): Promise<boolean> {
  const bundle = `${path}.js`;
  return await deno("bundle", ...await registryFlags(), "--quiet", "-o", bundle, "cli.ts") &&
    await deno("compile", "--no-config", "--allow-all", V8_FLAGS, "-o", path, bundle);
}

/** What is wrong with an executable; null where it runs and is this baton. */
async function faultOf(path: string): Promise<string | null> {
  const { code, stdout, stderr } = await new Deno.Command(path, {
    args: ["--version"],
    env: { NO_COLOR: "1" },
  }).output();
  const [said, complaint] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim());
  if (code === 0 && said === `baton ${VERSION}`) return null;
  return `"--version" ended with status ${code} and said "${(said || complaint).split("\n")[0]}"`;
}

function explain(fault: string): string {
  const deno = `Deno ${Deno.version.deno}`;
  const runtime = Deno.env.get("DENORT_BIN");
  const [where, next] = runtime
    ? [
      `built by ${deno} on DENORT_BIN "${runtime}"`,
      `Let DENORT_BIN name the runtime of ${deno}, or compile with the Deno that it belongs to`,
    ]
    : [`built by ${deno}`, "Try another version of Deno, and report this one"];
  return `The compiled executable does not run: ${fault}\nWhere: ${where}\nNext: ${next}`;
}

await Deno.mkdir("dist", { recursive: true });
const folder = await Deno.makeTempDir({ dir: "dist" });
try {
  const made = `${folder}/baton`;
  const compiled = await compile(made);
  const fault = compiled ? await faultOf(made) : null;
  if (fault !== null) console.error(explain(fault));
  if (compiled && fault === null) await Deno.rename(made, "dist/baton");
  else Deno.exitCode = 1;
} finally {
  await Deno.remove(folder, { recursive: true });
}
