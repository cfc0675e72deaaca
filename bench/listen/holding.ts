/** What it costs at baton's start that it holds a socket. */

/** In its place: what is on the command line takes time itself. */
const ANOTHER_OPTION = ["--handoff", "auto"];

/** Milliseconds from baton's start until its program has written, with a held socket and without, in turns. */
export async function measureHolding(
  baton: readonly string[],
  rounds: number,
): Promise<{ readonly held: readonly number[]; readonly none: readonly number[] }> {
  const held: number[] = [];
  const none: number[] = [];
  const folder = Deno.makeTempDirSync({ prefix: "baton-holding-" });
  try {
    for (let round = 0; round < rounds; round++) {
      none.push(await startOf(baton, ANOTHER_OPTION, folder));
      held.push(await startOf(baton, ["--listen", "0"], folder));
    }
    return { held, none };
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

async function startOf(baton: readonly string[], option: readonly string[], folder: string) {
  const [program, ...args] = baton;
  const beganAt = performance.now();
  const child = new Deno.Command(program!, {
    args: [...args, "--exit", ...option, "--", "/bin/echo", "started"],
    cwd: folder,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  const ms = performance.now() - beganAt;
  await reader.cancel();
  await child.status;
  return ms;
}
