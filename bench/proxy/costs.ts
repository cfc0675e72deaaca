/** What the proxy adds to a request, what it lets through, and what an idle WebSocket costs, in turns in one run. */
import { copySync } from "@std/fs/copy";
import { findOnPath } from "../../tools/find_on_path.ts";
import { quantile } from "../handoff/quantiles.ts";
import { startBaton } from "../listen/log.ts";
import { ask } from "./asker.ts";
import { connect, get, readMuch } from "./bodies.ts";
import { findWays, type Way } from "./ways.ts";

const here = new URL("./servers/", import.meta.url).pathname;
const MUCH_BYTES = 1_048_576;
const WEB_SOCKETS = 1_000;
const UPGRADE =
  "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

/** The heads of the columns, and the rows. */
export async function measureCosts(
  baton: readonly string[],
  quick: boolean,
): Promise<string[][]> {
  const node = findOnPath("node");
  if (node === null) return [["SKIPPED: node is not installed"]];
  const folder = Deno.makeTempDirSync({ prefix: "baton-proxy-" });
  copySync(`${here}costs.mjs`, `${folder}/costs.mjs`);
  const started = startBaton(baton, ["--proxy", "0", "--", node, "costs.mjs"], folder);
  const { lines } = started;
  const beside: Way[] = [];
  const aside = Deno.makeTempDirSync({ prefix: "baton-proxy-" }); // not in what baton watches
  try {
    const { port } = await lines.next(({ type }) => type === "proxying");
    await lines.next(({ type }) => type === "ready");
    using asked = await connect(port!);
    const direct = Number((await ask(asked, get("/"))).body);
    const ways = findWays();
    for (const begin of ways.values()) beside.push(await begin(direct, aside));
    const ports = [direct, port!, ...beside.map(({ port }) => port)];
    return [
      ["figure", "direct", "baton", ...ways.keys()],
      await latencies(ports, quick ? 5 : 50),
      await throughputs(ports, quick ? 5 : 50),
      await memory(port!, started.pid),
    ];
  } finally {
    for (const way of beside) await way.end();
    await started.end();
    for (const path of [folder, aside]) Deno.removeSync(path, { recursive: true });
  }
}

async function latencies(ports: readonly number[], rounds: number): Promise<string[]> {
  const samples = await inTurns(ports, rounds, 50, async (connection) => {
    const beganAt = performance.now();
    await ask(connection, get("/"));
    return performance.now() - beganAt;
  });
  return [
    "small GET, keep-alive, median ms",
    ...samples.map((each) => quantile(each, 0.5).toFixed(3)),
  ];
}

async function throughputs(ports: readonly number[], rounds: number): Promise<string[]> {
  const buffer = new Uint8Array(MUCH_BYTES);
  const samples = await inTurns(ports, rounds, 10, async (connection) => {
    const beganAt = performance.now();
    await readMuch(connection, buffer);
    return 1_000 / (performance.now() - beganAt);
  });
  return [
    "bodies of 1 MB, keep-alive, MB/s",
    ...samples.map((each) => quantile(each, 0.5).toFixed(0)),
  ];
}

/** Samples of each port, a few of one after a few of another. */
async function inTurns(
  ports: readonly number[],
  rounds: number,
  times: number,
  sample: (connection: Deno.TcpConn) => Promise<number>,
): Promise<number[][]> {
  const connections = await Promise.all(ports.map(connect));
  const samples: number[][] = ports.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, connection] of connections.entries()) {
      for (let time = 0; time < times; time++) samples[index]!.push(await sample(connection));
    }
  }
  for (const connection of connections) connection.close();
  return samples;
}

async function memory(port: number, pid: number): Promise<string[]> {
  const before = await settledBytes(pid);
  const connections: Deno.TcpConn[] = [];
  for (let count = 0; count < WEB_SOCKETS; count++) {
    const connection = await connect(port);
    await connection.write(new TextEncoder().encode(UPGRADE));
    await connection.read(new Uint8Array(1_024));
    connections.push(connection);
  }
  const bytes = (await settledBytes(pid) - before) / WEB_SOCKETS;
  for (const connection of connections) connection.close();
  return ["an idle WebSocket, KB", "–", (bytes / 1_024).toFixed(1)];
}

/** Memory of its own (Linux), once it has had the time to tidy up. */
async function settledBytes(pid: number): Promise<number> {
  await new Promise((done) => setTimeout(done, 3_000));
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1]) * 1_024;
}
