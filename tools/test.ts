/**
 * Runs the tests with all they need, in a clean clone too: the flags for the registry that answers here,
 * `DENO` and `BUN` in the environment, Bun installed where it is missing. Arguments go to `deno test`;
 * without a path among them everything in `tests/` runs, in batches side by side.
 */
import { findBun } from "./bun.ts";
import { findOnPath } from "./find_on_path.ts";
import { addCounts, closingLine, type Counts, countTests, failedTests } from "./junit.ts";
import { registryFlags } from "./registry_flags.ts";
import { testBatches } from "./test_batches.ts";

function isPath(arg: string): boolean {
  try {
    return Deno.statSync(arg) !== null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function environment(): Promise<Record<string, string>> {
  const deno = Deno.execPath();
  const env: Record<string, string> = { DENO: deno };
  if (!findOnPath("deno")) {
    const folder = deno.slice(0, Math.max(deno.lastIndexOf("/"), deno.lastIndexOf("\\")));
    const separator = Deno.build.os === "windows" ? ";" : ":";
    env.PATH = `${Deno.env.get("PATH") ?? ""}${separator}${folder}`;
  }
  const bun = await findBun();
  if (bun) env.BUN = bun;
  else console.error("Bun is not here and npm cannot install it: its tests are skipped");
  return env;
}

/**
 * Deno before 2.8 always sanitizes, and refuses a configuration that asks for it: it gets one that does
 * not, in this folder.
 */
async function configFlags(folder: string): Promise<string[]> {
  const [major, minor] = Deno.version.deno.split(".").map(Number);
  if (major! > 2 || minor! >= 8) return [];
  const { imports, compilerOptions } = JSON.parse(await Deno.readTextFile("deno.json"));
  const config = { imports, compilerOptions, lock: false, nodeModulesDir: "none" };
  await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify(config));
  return [`--config=${folder}/deno.json`];
}

/** Every test file, as a path below this folder. */
function* testFiles(folder = "tests"): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* testFiles(path);
    else if (name.endsWith("_test.ts")) yield path;
  }
}

interface Outcome {
  readonly counts: Counts;
  readonly failed: readonly string[];
}

/** Runs everything in batches side by side, one more than there are processors, up to four: tests mostly wait. */
async function runBatches(flags: readonly string[], run: RunTests): Promise<Outcome> {
  const waiting = testBatches([...testFiles()]);
  const outcomes: Outcome[] = [];
  const works = async () => {
    for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
      outcomes.push(await run([...flags, ...batch]));
    }
  };
  const workers = Math.min(navigator.hardwareConcurrency + 1, 4);
  await Promise.all(Array.from({ length: workers }, works));
  const outcome = {
    counts: outcomes.map(({ counts }) => counts).reduce(addCounts),
    failed: outcomes.flatMap(({ failed }) => failed),
  };
  return await againAlone(outcome, (file) => run([...flags, file]));
}

/** More files than these have failed for a reason. */
const MOST_AGAIN = 3;

/**
 * What failed beside others is run once more, file by file, with the machine to itself: it counts as failed where it
 * fails again, and is named in any case.
 */
async function againAlone(
  { counts, failed }: Outcome,
  run: (file: string) => Promise<Outcome>,
): Promise<Outcome> {
  const fileOf = (name: string) => name.slice(0, name.indexOf(": "));
  const files = new Set(failed.map(fileOf));
  if (files.size === 0 || files.size > MOST_AGAIN) return { counts, failed };
  const mended: string[] = [];
  for (const file of files) {
    const { counts: alone } = await run(file);
    if (alone.failed === 0) mended.push(...failed.filter((name) => fileOf(name) === file));
  }
  for (const name of mended) console.log(`Failed beside others, and passed alone: ${name}`);
  return {
    counts: {
      ...counts,
      passed: counts.passed + mended.length,
      failed: counts.failed - mended.length,
    },
    failed: failed.filter((name) => !mended.includes(name)),
  };
}

type RunTests = (args: readonly string[]) => Promise<Outcome>;

/** Runs the tests that the arguments of `deno test` name, or all. */
async function runTests(args: readonly string[]): Promise<Outcome> {
  const folder = await Deno.makeTempDir({ prefix: "baton-tests-" });
  try {
    const flags = [...await registryFlags(), ...await configFlags(folder)];
    const env = await environment();
    let runs = 0;
    const run: RunTests = (args) =>
      runDenoTest([...flags, ...args], env, `${folder}/report-${runs++}.xml`);
    return args.some(isPath) ? await run(args) : await runBatches(args, run);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function runDenoTest(
  args: readonly string[],
  env: Record<string, string>,
  reportPath: string,
): Promise<Outcome> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", `--junit-path=${reportPath}`, ...args],
    env,
    stdout: "piped",
  }).spawn();
  await printByFile(child.stdout);
  const { success } = await child.status;
  // Nothing is there where the tests could not be begun.
  const report = isPath(reportPath) ? await Deno.readTextFile(reportPath) : "";
  return { counts: countTests(report, success), failed: failedTests(report) };
}

/** Prints what `deno test` reports a file at a time, as several of them run side by side. */
async function printByFile(output: ReadableStream<Uint8Array>): Promise<void> {
  let text = "";
  for await (const piece of output.pipeThrough(new TextDecoderStream())) {
    text += piece;
    const newest = [...text.matchAll(/running \d+ tests? from /g)].at(-1)?.index ?? 0;
    const end = text.lastIndexOf("\n", newest);
    if (end <= 0) continue;
    print(text.slice(0, end + 1));
    text = text.slice(end + 1);
  }
  print(text);
}

function print(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}

if (import.meta.main) {
  const { counts, failed } = await runTests(Deno.args);
  for (const name of failed) console.log(`Failed: ${name}`);
  console.log(closingLine(counts));
  Deno.exit(counts.failed === 0 ? 0 : 1);
}
