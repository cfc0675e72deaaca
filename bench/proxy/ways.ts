/** Other ways to a program than through baton, each a process that listens. */
import { findOnPath } from "../../tools/find_on_path.ts";
import { freePort } from "../../tests/support/free_port.ts";
import { waitUntil } from "../../tests/support/wait_until.ts";

const here = new URL("./servers/", import.meta.url).pathname;
/** For `peer.mjs`, which is not type checked with everything else. */
const PEER = "npm:http-proxy-3@^1.23.0";

/** One that runs. */
export interface Way {
  readonly port: number;
  end(): Promise<void>;
}

/** Begins one, to the program at `target`; `folder` is for files of its own. */
export type BeginWay = (target: number, folder: string) => Promise<Way>;

/** By name; those that are not installed are left out, which is said. */
export function findWays(): ReadonlyMap<string, BeginWay> {
  const found = new Map<string, BeginWay>([
    ["bytes alone", (target) => begin(Deno.execPath(), deno("relay.ts", target))],
    ["http-proxy-3", (target) => begin(Deno.execPath(), deno("peer.mjs", target))],
  ]);
  const [go, air] = ["go", "air"].map(findOnPath);
  if (go) found.set("bytes by splice (Go)", (target, folder) => relayInGo(go, target, folder));
  else console.error("SKIPPED: go is not installed");
  if (air) found.set("air", (_target, folder) => airInFront(air, folder));
  else console.error("SKIPPED: air is not on PATH: go install github.com/air-verse/air@latest");
  return found;
}

function deno(file: string, target: number): string[] {
  return ["run", "-A", "--no-config", `${here}${file}`, `${target}`, PEER];
}

/** Starts what prints the port that it listens on. */
async function begin(command: string, args: readonly string[]): Promise<Way> {
  const child = new Deno.Command(command, { args: [...args], stdin: "null", stdout: "piped" })
    .spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  reader.cancel();
  return { port: Number(new TextDecoder().decode(value)), end: () => end(child) };
}

async function end(child: Deno.ChildProcess): Promise<void> {
  child.kill();
  await child.status;
}

async function relayInGo(go: string, target: number, folder: string): Promise<Way> {
  const path = `${folder}/relay`;
  const args = ["build", "-o", path, `${here}relay.go`];
  const { success, stderr } = await new Deno.Command(go, { args, stdin: "null" }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return await begin(path, [`${target}`]);
}

/** Air runs a program of its own behind its proxy: the same one, once more. */
async function airInFront(air: string, folder: string): Promise<Way> {
  const [port, own] = [freePort(), freePort()];
  const at = `${folder}/air`;
  Deno.mkdirSync(at);
  Deno.copyFileSync(`${here}costs.mjs`, `${at}/costs.mjs`);
  Deno.writeTextFileSync(
    `${at}/.air.toml`,
    `[build]
cmd = "true"
entrypoint = ["node", "costs.mjs"]
include_ext = ["mjs"]
[proxy]
enabled = true
proxy_port = ${port}
app_port = ${own}
`,
  );
  const child = new Deno.Command(air, {
    cwd: at,
    env: { PORT: `${own}` },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const isUp = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => null);
    await answer?.body?.cancel();
    return answer?.ok === true;
  };
  await waitUntil("air serves", isUp, { withinMs: 30_000 });
  return { port, end: () => end(child) };
}
