import { expandGlobSync } from "@std/fs/expand-glob";
import { join } from "@std/path";
import { openPipeServer, type Peer, within } from "./pipe_server.ts";

/** A fixture program of the TypeScript client, running under a stand-in for baton. */
export interface ClientProgram {
  readonly peer: Peer;
  /** A folder for this test; `out` in it is BATON_STATE_OUT. */
  readonly folder: string;
  /** How it ended and what it printed. */
  ended(): Promise<Ended>;
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const RUNTIMES = ["deno", "bun", "node"] as const;
export type Runtime = typeof RUNTIMES[number];

const FIXTURES = new URL("../fixtures/", import.meta.url).pathname;
let bundles: string | undefined;

/** Whether this runtime can be tested here. */
export function isInstalled(runtime: Runtime): boolean {
  try {
    return runtime === "deno" ||
      new Deno.Command(runtime, { args: ["--version"], stdout: "null" }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Runs a fixture without a pipe server, in a folder that is removed. */
export async function runAlone(
  runtime: Runtime,
  fixture: string,
  env: Record<string, string> = {},
): Promise<Ended> {
  const child = spawn(runtime, fixture, env);
  const ended = collect(child);
  try {
    return await within("end", ended);
  } finally {
    await end(child, ended);
  }
}

/** Runs a fixture against a pipe server while `run` plays baton; nothing of it is left afterwards. */
export async function withClient(
  runtime: Runtime,
  fixture: string,
  run: (program: ClientProgram) => Promise<void>,
  env: Record<string, string> = {},
): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "baton_client_" });
  const server = openPipeServer(join(folder, "pipe"));
  const child = spawn(runtime, fixture, {
    BATON_PIPE: server.path,
    BATON_STATE_OUT: join(folder, "out"),
    BATON_GENERATION: "2",
    BATON_CHANGED: "a.ts\nb.ts",
    ...env,
  });
  const ended = collect(child);
  let peer: Peer | undefined;
  try {
    const early = ended.then((how) => {
      throw new Error(`Ended without a connection: ${JSON.stringify(how)}`);
    });
    peer = await Promise.race([server.accept(), early]);
    await run({ peer, folder, ended: () => within("end", ended) });
  } finally {
    await end(child, ended);
    await peer?.gone;
    await server.close();
    Deno.removeSync(folder, { recursive: true });
  }
}

function spawn(runtime: Runtime, fixture: string, env: Record<string, string>): Deno.ChildProcess {
  const command = {
    deno: [Deno.execPath(), "run", "-A", "--no-check", "--no-config", join(FIXTURES, fixture)],
    bun: ["bun", join(FIXTURES, fixture)],
    node: ["node", join(bundled(), fixture.replace(/\.ts$/, ".js"))],
  }[runtime];
  const inherited = Object.entries(Deno.env.toObject())
    .filter(([name]) => !name.startsWith("BATON_"));
  return new Deno.Command(command[0]!, {
    args: command.slice(1),
    env: { ...Object.fromEntries(inherited), ...env },
    clearEnv: true,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function collect(child: Deno.ChildProcess): Promise<Ended> {
  const { code, stdout, stderr } = await child.output();
  return {
    code,
    stdout: new TextDecoder().decode(stdout),
    stderr: new TextDecoder().decode(stderr),
  };
}

async function end(child: Deno.ChildProcess, ended: Promise<Ended>): Promise<void> {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // it has ended already
  }
  await ended;
}

/** The fixtures as Node runs them: plain JavaScript, client included; made once a test file. */
function bundled(): string {
  if (bundles !== undefined) return bundles;
  const folder = Deno.makeTempDirSync({ prefix: "baton_bundles_" });
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  const entries = Array.from(expandGlobSync("*.ts", { root: FIXTURES }), ({ path }) => path)
    .filter((path) => Deno.readTextFileSync(path).includes("lib/client/"));
  const { success, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--no-config", "--outdir", folder, ...entries],
  }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  Deno.writeTextFileSync(join(folder, "package.json"), `{"type":"module"}`);
  return bundles = folder;
}
