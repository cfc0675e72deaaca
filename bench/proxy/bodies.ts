/** Bodies of 1 MB through the proxy and directly, in turns in one run, for each of the web programs. */
import { quantile } from "../handoff/quantiles.ts";
import { startBaton } from "../listen/log.ts";
import { ask } from "./asker.ts";
import { findServers, type Place } from "./servers.ts";

const MUCH_BYTES = 1_048_576;
const AT_ONCE = [1, 4];
const OF_EACH = 5;

/** The heads of the columns, and the rows. */
export async function measureBodies(
  baton: readonly string[],
  rounds: number,
): Promise<string[][]> {
  const rows = [
    ["1 MB of", ...AT_ONCE.flatMap((count) => [`direct, ${count}`, `baton, ${count}`, "share"])],
  ];
  for (const [name, place] of await findServers()) {
    if (name !== "Python with the client") {
      rows.push([name, ...await ofProgram(baton, place, rounds)]);
    }
  }
  return rows;
}

async function ofProgram(
  baton: readonly string[],
  place: Place,
  rounds: number,
): Promise<string[]> {
  const folder = Deno.makeTempDirSync({ prefix: "baton-proxy-" });
  const { command } = await place(folder);
  const started = startBaton(baton, ["--proxy", "0", "--", ...command], folder);
  try {
    const { port } = await started.lines.next(({ type }) => type === "proxying");
    await started.lines.next(({ type }) => type === "ready");
    using asked = await connect(port!);
    const direct = Number((await ask(asked, get("/port"))).body);
    const figures: string[] = [];
    for (const count of AT_ONCE) {
      const [by, through] = await inTurns([direct, port!], count, rounds);
      const share = `${(100 * through! / by!).toFixed(0)} %`;
      figures.push(by!.toFixed(0), through!.toFixed(0), share);
    }
    return figures;
  } finally {
    await started.end();
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Median megabytes a second by each of these ports, over so many connections at once. */
async function inTurns(
  ports: readonly number[],
  count: number,
  rounds: number,
): Promise<number[]> {
  const ways = await Promise.all(ports.map((port) => {
    return Promise.all(Array.from({ length: count }, () => connect(port)));
  }));
  const buffers = Array.from({ length: count }, () => new Uint8Array(MUCH_BYTES));
  const samples: number[][] = ports.map(() => []);
  // A program that compiles what it runs often is asked in vain at first.
  for (let round = -rounds / 5; round < rounds; round++) {
    for (const [index, connections] of ways.entries()) {
      const beganAt = performance.now();
      await Promise.all(connections.map(async (connection, at) => {
        for (let body = 0; body < OF_EACH; body++) await readMuch(connection, buffers[at]!);
      }));
      const seconds = (performance.now() - beganAt) / 1_000;
      if (round >= 0) samples[index]!.push(count * OF_EACH / seconds);
    }
  }
  for (const connection of ways.flat()) connection.close();
  return samples.map((each) => quantile(each, 0.5));
}

export const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

export async function connect(port: number): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  connection.setNoDelay(true);
  return connection;
}

/** Asks for a megabyte, and reads it to its last byte: else the next question would come before its end. */
export async function readMuch(connection: Deno.TcpConn, buffer: Uint8Array): Promise<void> {
  await connection.write(new TextEncoder().encode(get("/much")));
  let head = "";
  for (let left = Infinity; left > 0;) {
    const count = await connection.read(buffer);
    if (count === null) throw new Error("Closed within a body");
    if (left < Infinity) {
      left -= count;
      continue;
    }
    head += new TextDecoder("latin1").decode(buffer.subarray(0, Math.min(count, 4_096)));
    const end = head.indexOf("\r\n\r\n");
    const before = head.length - Math.min(count, 4_096);
    if (end >= 0) left = MUCH_BYTES - (count - (end + 4 - before));
  }
}
