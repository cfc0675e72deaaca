/**
 * Runs the tests with all they need, in a clean clone too: the flags for the registry that answers here,
 * `DENO` and `BUN` in the environment, Bun installed where it is missing. Arguments go to `deno test`;
 * without a path among them everything in `tests/` runs.
 */
import { findBun } from "./bun.ts";
import { findOnPath } from "./find_on_path.ts";
import { closingLine, type Counts, countTests } from "./junit.ts";
import { registryFlags } from "./registry_flags.ts";

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

/** Empty where the tests could not be begun. */
async function readReport(path: string): Promise<string> {
  return isPath(path) ? await Deno.readTextFile(path) : "";
}

/** Runs `deno test` with these arguments. */
async function runTests(args: readonly string[]): Promise<Counts> {
  const folder = await Deno.makeTempDir({ prefix: "baton-tests-" });
  const report = `${folder}/report.xml`;
  try {
    const flags = [...await registryFlags(), ...await configFlags(folder)];
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["test", "-A", `--junit-path=${report}`, ...flags],
        ...args,
        ...args.some(isPath) ? [] : ["tests/"],
      ],
      env: await environment(),
    }).spawn().status;
    return countTests(await readReport(report), success);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const counts = await runTests(Deno.args);
  console.log(closingLine(counts));
  Deno.exit(counts.failed === 0 ? 0 : 1);
}
