/**
 * Writes the single executable dist/baton, once what was compiled has been seen to run; for another machine,
 * with `--target TRIPLE`, dist/baton-TRIPLE, once it has been seen to be for that.
 */
import { parseArgs } from "@std/cli/parse-args";
import { ensureDir } from "@std/fs/ensure-dir";
import { bundleParts } from "./bundle_parts.ts";
import { faultOf, strangeness } from "./executable.ts";
import { bundleScripts } from "./scripts/bundle_scripts.ts";
import { recordCode } from "./scripts/record_code.ts";

/**
 * For memory at rest. V8 collects what a walk leaves behind before it asks the system for more: half as much
 * for each watched file. And it optimizes only what runs for long, as polling does: compilers are 8 MB of code
 * and of room to work in, and arming, a save and a handoff are over before they have gained anything.
 */
const V8_FLAGS = [
  "--max-semi-space-size=2",
  "--min-semi-space-size=2",
  "--no-turbofan",
  "--invocation-count-for-maglev=200000",
  "--invocation-count-for-maglev-osr=50000",
];

/** Whether Deno could do it; else it says why not. */
async function deno(...args: string[]): Promise<boolean> {
  return (await new Deno.Command(Deno.execPath(), { args }).spawn().status).success;
}

/**
 * Compiles baton to `path`, out of few scripts and what V8 makes of them in a start of theirs: for another machine,
 * where none can be tried, out of the scripts alone.
 *
 * Without Deno's code cache, which is kept under a name that anybody knows in the temporary folder that all share, and
 * believed: another user's code would run as whoever runs baton.
 */
async function compile(path: string, target: string): Promise<boolean> {
  const folder = `${path}.parts`;
  if (await bundleParts(`${folder}/modules`) === null) return false;
  await bundleScripts(`${folder}/modules`, folder);
  const v8Flags = `--v8-flags=${V8_FLAGS.join(",")}`;
  const embed = async (main: string, output: string) =>
    await deno(
      ...["compile", "--no-config", "--no-check", "--no-code-cache", "--allow-all", v8Flags],
      ...["--include", `${folder}/scripts`, "--target", target, "-o", output],
      `${folder}/${main}`,
    );
  if (target === Deno.build.target) {
    const recorder = `${folder}/record`;
    if (!await embed("record.js", recorder) || !await isSound(recorder, target)) return false;
    await recordCode(recorder, `${folder}/scripts`);
    await Deno.remove(recorder);
  }
  return await embed("main.js", path);
}

/** What went wrong with which runtime, and the next step. */
function explain(what: string, target: string): string {
  const deno = `Deno ${Deno.version.deno}`;
  const runtime = Deno.env.get("DENORT_BIN");
  const wanted = target === Deno.build.target ? deno : `${deno} for "${target}"`;
  const [where, next] = runtime
    ? [
      `built by ${deno} on DENORT_BIN "${runtime}"`,
      `Let DENORT_BIN name the runtime of ${wanted}, or compile with the Deno that it belongs to`,
    ]
    : [`built by ${deno}`, "Try another version of Deno, and report this one"];
  return `${what}\nWhere: ${where}\nNext: ${next}`;
}

/** Whether what was made may take its place; else it has been told why not. */
async function isSound(made: string, target: string): Promise<boolean> {
  const isForHere = target === Deno.build.target;
  const fault = isForHere ? await faultOf(made) : strangeness(made, target);
  if (fault === null) return true;
  const what = isForHere
    ? `The compiled executable does not run: ${fault}`
    : `The compiled executable is not for "${target}": ${fault}`;
  console.error(explain(what, target));
  return false;
}

/** The target that is asked for; null where the arguments ask for anything else. */
function readTarget(args: readonly string[]): string | null {
  const unknown: string[] = [];
  const { target = Deno.build.target, _: words } = parseArgs([...args], {
    string: ["target"],
    unknown: (arg: string) => void unknown.push(arg),
  });
  return unknown.length > 0 || words.length > 0 || target === "" ? null : target;
}

/** Where it is written: under the name of its target where that is another machine's. */
function nameOf(target: string): string {
  const name = target === Deno.build.target ? "baton" : `baton-${target}`;
  return target.includes("windows") ? `${name}.exe` : name;
}

const target = readTarget(Deno.args);
if (target === null) {
  console.error(
    `Cannot compile with "${Deno.args.join(" ")}"\nNext: Write "--target TRIPLE" alone`,
  );
  Deno.exit(2);
}
const name = nameOf(target);
await ensureDir("dist");
const folder = await Deno.makeTempDir({ dir: "dist" });
try {
  const made = `${folder}/${name}`;
  if (await compile(made, target) && await isSound(made, target)) {
    await Deno.rename(made, `dist/${name}`);
    if (target !== Deno.build.target) {
      console.error(`Wrote dist/${name}, which cannot be tried on this machine`);
    }
  } else Deno.exitCode = 1;
} finally {
  await Deno.remove(folder, { recursive: true });
}
