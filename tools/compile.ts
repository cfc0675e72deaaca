/** Writes the single executable dist/baton, once what was compiled has been seen to run. */
import { VERSION } from "../lib/version.ts";
import { registryFlags } from "./registry_flags.ts";

/**
 * For memory at rest. V8 collects what a walk leaves behind before it asks the system for more: half as much
 * for each watched file. And it optimizes only what runs for long, as polling does: compilers are 8 MB of code
 * and of room to work in, and arming, a save and a handoff are over before they have gained anything.
 */
const V8_FLAGS = [
  "--max-semi-space-size=2",
  "--no-turbofan",
  "--invocation-count-for-maglev=200000",
  "--invocation-count-for-maglev-osr=50000",
];

/** Whether Deno could do it; else it says why not. */
async function deno(...args: string[]): Promise<boolean> {
  return (await new Deno.Command(Deno.execPath(), { args }).spawn().status).success;
}

/**
 * Compiles baton to `path`, out of few files: its hundreds of modules would take 30 ms at each start. What
 * `cli.ts` imports only where it is needed is a file of its own, which `--version` does not load.
 *
 * Without V8's code cache, which Deno keeps under a name that anybody knows in the temporary folder that all
 * share, and believes: another user's code would run as whoever runs baton.
 */
async function compile(path: string): Promise<boolean> {
  const folder = `${path}.parts`;
  const v8Flags = `--v8-flags=${V8_FLAGS.join(",")}`;
  const bundle = ["--quiet", "--code-splitting", "--outdir", folder, "cli.ts"];
  if (!await deno("bundle", ...await registryFlags(), ...bundle)) return false;
  const parts = Array.from(Deno.readDirSync(folder), ({ name }) => `${folder}/${name}`)
    .filter((part) => !part.endsWith("/cli.js"));
  return await deno(
    ...["compile", "--no-config", "--no-code-cache", "--allow-all", v8Flags],
    ...parts.flatMap((part) => ["--include", part]),
    ...["-o", path, `${folder}/cli.js`],
  );
}

/** What is wrong with an executable; null where it runs and is this baton. */
async function faultOf(path: string): Promise<string | null> {
  const { code, stdout, stderr } = await new Deno.Command(path, {
    args: ["--version"],
    env: { NO_COLOR: "1" },
  }).output();
  const [said, complaint] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim());
  if (code === 0 && said === `baton ${VERSION}`) return null;
  return `"--version" ended with status ${code} and said "${(said || complaint)!.split("\n")[0]}"`;
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
