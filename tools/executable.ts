/** What an executable is for, as its first bytes tell, and whether it runs and is this baton. */
import { VERSION } from "../lib/version.ts";

const ELF = 0x7f454c46;
const MACH_O = 0xcffaedfe;
const MZ = 0x4d5a;

/** As a target triple names it: architecture, and what it runs on. */
export interface Machine {
  readonly arch: "x86_64" | "aarch64";
  readonly os: "linux" | "darwin" | "windows";
}

const ARCHITECTURES: Readonly<Record<Machine["os"], Readonly<Record<number, Machine["arch"]>>>> = {
  linux: { 0x3e: "x86_64", 0xb7: "aarch64" },
  darwin: { 0x01000007: "x86_64", 0x0100000c: "aarch64" },
  windows: { 0x8664: "x86_64", 0xaa64: "aarch64" },
};

/** The system, and where in the file the number of the architecture is. */
function read(view: DataView): [os: Machine["os"], architecture: number] | null {
  if (view.getUint32(0) === ELF) return ["linux", view.getUint16(18, true)];
  if (view.getUint32(0) === MACH_O) return ["darwin", view.getUint32(4, true)];
  if (view.getUint16(0) !== MZ) return null;
  return ["windows", view.getUint16(view.getUint32(0x3c, true) + 4, true)];
}

/** The machine that an executable is for; null for what is none, or one for a machine that is not known. */
export function machineOf(bytes: Uint8Array): Machine | null {
  try {
    const found = read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    const arch = found && ARCHITECTURES[found[0]][found[1]];
    return found && arch ? { arch, os: found[0] } : null;
  } catch (error) {
    if (error instanceof RangeError) return null; // it is shorter than any
    throw error;
  }
}

/** Whether it is for this target, as in "aarch64-unknown-linux-gnu". */
export function fits(target: string, { arch, os }: Machine): boolean {
  return target.startsWith(`${arch}-`) && target.split("-").includes(os);
}

/** What is wrong with an executable for another machine; null where it is for that. */
export function strangeness(path: string, target: string): string | null {
  const machine = machineOf(firstBytes(path));
  if (machine === null) return "it is no executable";
  return fits(target, machine) ? null : `it is for ${machine.arch} and ${machine.os}`;
}

function firstBytes(path: string): Uint8Array {
  using file = Deno.openSync(path);
  const bytes = new Uint8Array(4_096);
  return bytes.subarray(0, file.readSync(bytes) ?? 0);
}

/** What is wrong with an executable for this machine; null where it runs and is this baton. */
export async function faultOf(path: string): Promise<string | null> {
  const { code, stdout, stderr } = await new Deno.Command(path, {
    args: ["--version"],
    env: { NO_COLOR: "1" },
  }).output();
  const [said, complaint] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim());
  if (code === 0 && said === `baton ${VERSION}`) return null;
  return `"--version" ended with status ${code} and said "${(said || complaint)!.split("\n")[0]}"`;
}
