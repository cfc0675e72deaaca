import { execFileSync } from "node:child_process";
import { readdirSync, readlinkSync } from "node:fs";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type Platform,
  PlatformError,
  type TcpConnection,
} from "../../../lib/platform/platform.ts";
import type { Clause } from "../contract.ts";
import { run, sh } from "./program.ts";

const HOST = "127.0.0.1";
const bytes = (text: string) => new TextEncoder().encode(text);

/** Two ends of one connection. */
async function pair({ tcp }: Platform): Promise<[TcpConnection, TcpConnection, () => void]> {
  const accepted = Promise.withResolvers<TcpConnection>();
  const listener = tcp.listen(HOST, 0, accepted.resolve);
  const one = await tcp.connect(HOST, listener.port);
  const other = await accepted.promise;
  return [one, other, () => {
    listener.close();
    one.destroy();
    other.destroy();
  }];
}

async function readAll(connection: TcpConnection): Promise<string> {
  let text = "";
  for (let next = await connection.read(); next !== null; next = await connection.read()) {
    text += new TextDecoder().decode(next);
  }
  return text;
}

export const tcpContract: readonly Clause[] = [
  {
    name: "a TCP connection carries bytes both ways, and each way ends by itself",
    async keep(platform) {
      const [one, other, close] = await pair(platform);
      assertEquals([one.peer, other.peer], [HOST, HOST]);
      await one.write(bytes("ask"));
      one.closeWrite();
      assertEquals(await readAll(other), "ask");
      await other.write(bytes("answer"));
      other.closeWrite();
      assertEquals(await readAll(one), "answer");
      close();
    },
  },
  {
    name: "whoever does not read a TCP connection holds up whoever writes, and loses nothing",
    async keep(platform) {
      const [one, other, close] = await pair(platform);
      const part = new Uint8Array(1_048_576).fill(97);
      let written = 0;
      const writing = (async () => {
        for (; written < 64; written++) await one.write(part);
        one.closeWrite();
      })();
      await new Promise((done) => setTimeout(done, 100));
      assert(written < 64, "64 MB were written, and nobody has read");
      let read = 0;
      for (let next = await other.read(); next !== null; next = await other.read()) {
        read += next.length;
      }
      await writing;
      assertEquals(read, 64 * part.length);
      close();
    },
  },
  {
    name:
      "what comes over a TCP connection goes to another without a look at it, as far as it is said",
    async keep(platform) {
      const [from, source, closeOne] = await pair(platform);
      const [target, to, closeOther] = await pair(platform);
      const part = bytes("abcdefg".repeat(100_000));
      const writing = from.write(part).then(() => from.write(bytes("behind")))
        .then(() => from.closeWrite());
      const reading = readAll(target);
      let left = part.length;
      let spliced = 0;
      let behind = "";
      while (left > 0) {
        const read = (await source.read())!;
        const first = read.subarray(0, left);
        left -= first.length;
        behind = new TextDecoder().decode(read.subarray(first.length));
        const count = await source.splice?.(to, first, left) ?? await to.write(first) ?? 0;
        spliced += count;
        left -= count;
      }
      to.closeWrite();
      assertEquals(await reading, new TextDecoder().decode(part));
      assertEquals(behind + await readAll(source), "behind");
      const isLinux = platform.name === "deno" && Deno.build.os === "linux";
      assertEquals(spliced > 0, isLinux, "elsewhere all of it goes the long way");
      await writing;
      closeOne();
      closeOther();
    },
  },
  {
    name: "what was written to a TCP connection arrives where that is destroyed then",
    async keep(platform) {
      const [one, other, close] = await pair(platform);
      const part = new Uint8Array(65_536).fill(97);
      const writing = (async () => {
        for (let count = 0; count < 256; count++) await one.write(part);
        one.closeWrite();
        one.destroy();
      })();
      let read = 0;
      for (let next = await other.read(); next !== null; next = await other.read()) {
        read += next.length;
        await new Promise((done) => setTimeout(done, 0));
      }
      await writing;
      assertEquals(read, 256 * part.length);
      close();
    },
  },
  {
    name:
      "a TCP connection that is destroyed rejects what waits on it, and its other side hears of it",
    async keep(platform) {
      const [one, other, close] = await pair(platform);
      const waiting = assertRejects(() => one.read(), PlatformError);
      one.destroy();
      one.destroy();
      await waiting;
      assertEquals(await other.read(), null);
      await assertRejects(async () => {
        for (;;) await other.write(bytes("x".repeat(65_536)));
      }, PlatformError);
      close();
    },
  },
  {
    name: "who connects is heard in the order of coming, however many have come at once",
    async keep({ tcp }) {
      const many = Array.from({ length: 200 }, (_, index) => `${index}`);
      const [heard, open] = [[] as string[], [] as TcpConnection[]];
      const all = Promise.withResolvers<void>();
      const listener = tcp.listen(HOST, 0, async (connection) => {
        open.push(connection);
        heard.push(new TextDecoder().decode((await connection.read())!));
        if (heard.length === many.length) all.resolve();
      });
      // All of them come while nothing else is done here, as where there is too much to do.
      const script = "import socket, sys\nopen = []\nfor text in sys.argv[2:]:\n" +
        "  open.append(socket.create_connection(('127.0.0.1', int(sys.argv[1]))))\n" +
        "  open[-1].sendall(text.encode())";
      execFileSync("python3", ["-c", script, `${listener.port}`, ...many]);
      await all.promise;
      assertEquals(heard, many);
      listener.close();
      for (const connection of open) connection.destroy();
    },
  },
  {
    name: "a TCP port that is taken, or nobody listens at, is told by its code",
    async keep({ tcp }) {
      const listener = tcp.listen(HOST, 0, (connection) => connection.destroy());
      const code = (host: string, port: number) =>
        assertThrows(() => tcp.listen(host, port, () => {}).close(), PlatformError).code;
      assertEquals(code(HOST, listener.port), "EADDRINUSE");
      assertEquals(code("192.0.2.1", 0), "EADDRNOTAVAIL");
      assertEquals(tcp.isFree(listener.port), false);
      listener.close();
      const free = tcp.freePort();
      assertEquals([free > 0, tcp.isFree(free), tcp.isFree(free)], [true, true, true]);
      const refused = await assertRejects(() => tcp.connect(HOST, free), PlatformError);
      assertEquals(refused.code, "ECONNREFUSED");
    },
  },
  {
    name: "no program has a TCP socket that was opened before it was started",
    async keep(platform) {
      const [, , close] = await pair(platform);
      const own = readdirSync("/proc/self/fd").flatMap((name) => {
        try {
          return [readlinkSync(`/proc/self/fd/${name}`)];
        } catch {
          return []; // that of the listing itself
        }
      }).filter((name) => name.startsWith("socket:"));
      const { exit, stderr } = run(platform, sh("ls -l /proc/self/fd >&2"));
      await exit;
      assertEquals(own.filter((name) => stderr().includes(name)), []);
      close();
    },
  },
];
