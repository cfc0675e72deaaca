/**
 * Makes what is published, in dist/release: for each machine an executable, packed, and its package for npm and for
 * Python; SHA-256 sums of them all; the script that installs from them. `deno task release`; `--only NAME` for one
 * machine, `--runtime deno|bun` where the choice is not to be made by what can be fetched.
 */
import { parseArgs } from "@std/cli/parse-args";
import { ensureDir } from "@std/fs/ensure-dir";
import { goModuleFault } from "./release/go_module.ts";
import { gzipFile } from "./release/gzip_file.ts";
import { chooseRuntime, type Made, makeExecutable, type Runtime } from "./release/executables.ts";
import { packMain, packTarget } from "./release/npm.ts";
import { packClient } from "./release/npm_client.ts";
import { repository } from "./release/repository.ts";
import { smoke } from "./release/smoke.ts";
import { writeSums } from "./release/sums.ts";
import { type Target, TARGETS } from "./release/targets.ts";
import { clientWheel, wheel } from "./release/wheel.ts";
import { table } from "./markdown_table.ts";

const FOLDER = "dist/release";

interface Asked {
  readonly targets: readonly Target[];
  readonly runtime: Runtime | null;
}

/** What the arguments ask for; null where they are not understood. */
function readArguments(args: readonly string[]): Asked | null {
  const unknown: string[] = [];
  const { only, runtime } = parseArgs([...args], {
    string: ["only", "runtime"],
    collect: ["only"],
    unknown: (arg: string) => void unknown.push(arg),
  });
  const targets = TARGETS.filter(({ name }) => only.length === 0 || only.includes(name));
  const isKnown = unknown.length === 0 && targets.length === (only.length || TARGETS.length);
  if (!isKnown || !(runtime === undefined || runtime === "deno" || runtime === "bun")) return null;
  return { targets, runtime: runtime ?? null };
}

async function make(target: Target, asked: Runtime | null): Promise<Made> {
  const made = await makeExecutable(target, `${FOLDER}/bin`, asked ?? await chooseRuntime(target));
  if (made.isTried) await smoke([await Deno.realPath(made.path)]);
  await gzipFile(made.path, `${FOLDER}/baton-${target.name}.gz`);
  await packTarget(made, FOLDER);
  await wheel(made, FOLDER);
  return made;
}

/** The script loads from the releases of the repository that this is made for. */
async function writeInstallScript(path: string): Promise<void> {
  const script = await Deno.readTextFile(new URL("release/install.sh", import.meta.url));
  const filled = script.replace(/^repository=$/m, `repository=${repository() ?? ""}`);
  await Deno.writeTextFile(path, filled, { mode: 0o755 });
}

function row({ target, path, runtime, isTried }: Made): string[] {
  const megabytes = (file: string) => `${(Deno.statSync(file).size / 1e6).toFixed(0)} MB`;
  return [
    target.name,
    runtime,
    megabytes(path),
    megabytes(`${FOLDER}/baton-${target.name}.gz`),
    isTried ? "runs, and hands over" : "is for that machine",
  ];
}

if (import.meta.main) {
  const asked = readArguments(Deno.args);
  if (asked === null) {
    const names = TARGETS.map(({ name }) => name).join(", ");
    console.error(`Cannot release with "${Deno.args.join(" ")}"
Next: Write "--only NAME" (${names}) or "--runtime deno|bun", or nothing`);
    Deno.exit(2);
  }
  const fault = goModuleFault(repository());
  if (fault !== null) {
    console.error(fault);
    Deno.exit(1);
  }
  await Deno.remove(FOLDER, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  await ensureDir(FOLDER);
  const made: Made[] = [];
  for (const target of asked.targets) {
    console.error(`Making ${target.name}`);
    made.push(await make(target, asked.runtime));
  }
  await packMain(FOLDER, asked.targets);
  await packClient(FOLDER);
  await clientWheel(FOLDER);
  await writeInstallScript(`${FOLDER}/install.sh`);
  await writeSums(FOLDER);
  console.log(table(["machine", "made with", "size", "packed", "seen"], made.map(row)));
}
