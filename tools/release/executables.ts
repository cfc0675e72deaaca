/** Makes the executable for one machine: with Deno where its runtime can be had, else with Bun. */
import { ensureDir } from "@std/fs/ensure-dir";
import { findBun } from "../bun.ts";
import { bundleParts } from "../bundle_parts.ts";
import { faultOf, strangeness } from "../executable.ts";
import { isSigned, signatureFault, signedAdHoc } from "./macho_signature.ts";
import type { Target } from "./targets.ts";

export type Runtime = "deno" | "bun";

export interface Made {
  readonly target: Target;
  readonly path: string;
  readonly runtime: Runtime;
  /** Whether it is for this machine, and was seen to run. */
  readonly isTried: boolean;
}

const PROBE_MS = 5_000;

/** Whether what `deno compile` downloads for a machine can be. */
export async function canFetchDenort(triple: string): Promise<boolean> {
  const url = `https://dl.deno.land/release/v${Deno.version.deno}/denort-${triple}.zip`;
  try {
    const signal = AbortSignal.timeout(PROBE_MS);
    const response = await fetch(url, { method: "HEAD", signal });
    return response.ok;
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return false;
    throw error;
  }
}

/** Deno where it has a runtime for the machine and that can be had: every test runs on it, and it is smaller. */
export async function chooseRuntime({ triple, hasDeno }: Target): Promise<Runtime> {
  if (!hasDeno) return "bun";
  const isNamed = triple === Deno.build.target && Deno.env.has("DENORT_BIN");
  return isNamed || await canFetchDenort(triple) ? "deno" : "bun";
}

async function run(command: string, args: string[], env = Deno.env.toObject()) {
  const options = { args, env, clearEnv: true, stdout: "null" } as const;
  const { success } = await new Deno.Command(command, options).spawn().status;
  if (!success) throw new Error(`"${command} ${args.join(" ")}" failed`);
}

async function withDeno({ triple }: Target, path: string): Promise<void> {
  const isForHere = triple === Deno.build.target;
  const env = Deno.env.toObject();
  if (!isForHere) delete env.DENORT_BIN; // It names the runtime of this machine.
  await run(Deno.execPath(), ["task", "compile", "--target", triple], env);
  await Deno.rename(isForHere ? "dist/baton" : `dist/baton-${triple}`, path);
}

/**
 * As Bun cross-compiles, with a runtime from the npm registry. A project that baton runs in has no say: Bun would run
 * what the `preload` of its `bunfig.toml` names, and take variables from its `.env`.
 */
async function withBun({ bun: target }: Target, path: string): Promise<void> {
  const bun = await findBun();
  if (bun === null) throw new Error("Bun is not here, and npm cannot install it");
  const parts = `${path}.parts`;
  if (await bundleParts(parts) === null) throw new Error("Deno could not bundle baton");
  await run(bun, [
    ...["build", "--compile", `--target=${target}`, "--splitting", "--bytecode", "--format=esm"],
    ...["--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"],
    ...[`${parts}/cli.js`, "--outfile", path],
  ]);
  await Deno.remove(parts, { recursive: true });
}

/** Signs it where its signature is not right, or is missing where macOS demands one. */
async function sign({ npm: { cpu } }: Target, path: string): Promise<void> {
  const executable = await Deno.readFile(path);
  if (cpu === "x64" && !isSigned(executable)) return;
  if (signatureFault(executable) !== null) await Deno.writeFile(path, signedAdHoc(executable));
}

/** Makes it in `folder`, and throws where it does not run, or is for another machine. */
export async function makeExecutable(
  target: Target,
  folder: string,
  runtime: Runtime,
): Promise<Made> {
  await ensureDir(folder);
  const path = `${folder}/baton-${target.name}`;
  await (runtime === "deno" ? withDeno : withBun)(target, path);
  if (target.npm.os === "darwin") await sign(target, path);
  const isTried = target.triple === Deno.build.target;
  const fault = isTried ? await faultOf(path) : strangeness(path, target.triple);
  if (fault !== null) throw new Error(`The executable for ${target.name} is not sound: ${fault}`);
  return { target, path, runtime, isTried };
}
