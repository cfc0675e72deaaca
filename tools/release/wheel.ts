/** The wheels for Python: each carries the executable for one machine, as ruff's and uv's do. */
import { VERSION } from "../../lib/version.ts";
import type { Made } from "./executables.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const CPU: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };
/** The oldest macOS that Bun's and Deno's runtimes start on. */
const MACOS = "13_0";
const MUSL = "1_2";

/** The oldest glibc with all that an executable asks of it, as in `2_27`. */
export function oldestGlibc(executable: Uint8Array): string {
  const text = new TextDecoder("latin1").decode(executable);
  const asked = [...text.matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
  return `2_${Math.max(17, ...asked)}`;
}

/** As the names of wheels tell which machine they are for. */
async function tagOf({ target, path }: Made): Promise<string> {
  const { os, cpu, libc } = target.npm;
  if (os === "darwin") return `macosx_${MACOS}_${cpu === "x64" ? "x86_64" : "arm64"}`;
  if (libc === "musl") return `musllinux_${MUSL}_${CPU[cpu]}`;
  return `manylinux_${oldestGlibc(await Deno.readFile(path))}_${CPU[cpu]}`;
}

/** Writes the wheel of one executable into `folder`. */
export async function wheel(made: Made, folder: string): Promise<void> {
  const script = new URL("wheel.py", import.meta.url).pathname;
  const tag = `py3-none-${await tagOf(made)}`;
  const { success } = await new Deno.Command("python3", {
    args: [script, made.path, VERSION, tag, `${ROOT}README.md`, folder],
  }).spawn().status;
  if (!success) throw new Error(`Python could not write the wheel for ${made.target.name}`);
}

/** Writes the wheel of the client for Python, which takes hatchling from PyPI. */
export async function clientWheel(folder: string): Promise<void> {
  const args = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder];
  const { success } = await new Deno.Command("python3", {
    args: [...args, `${ROOT}clients/python`],
  }).spawn().status;
  if (!success) throw new Error("pip could not make the wheel of the client for Python");
}
