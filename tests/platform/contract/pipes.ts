import { assertEquals, assertRejects } from "@std/assert";
import {
  type Connection,
  type ConnectionHandler,
  type Listener,
  type Peer,
  type Platform,
  PlatformError,
} from "../../../lib/platform/platform.ts";
import { MAX_CONNECTIONS } from "../../../lib/platform/pipes.ts";
import { waitUntil } from "../../support/wait_until.ts";
import type { Clause } from "../contract.ts";
import { run } from "./program.ts";
import { inScratch } from "./scratch.ts";

/** A handler that keeps what happens to it. */
class Ear implements ConnectionHandler {
  readonly received: number[] = [];
  closings = 0;

  onBytes(bytes: Uint8Array): void {
    for (const byte of bytes) this.received.push(byte);
  }

  onClose(): void {
    this.closings++;
  }
}

interface End {
  readonly ear: Ear;
  readonly connection: Connection;
}

/** Deno 2.5 needs one more turn to be done with a listener. */
function close(listener: Listener): Promise<void> {
  listener.close();
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** A listener and one connection to it. */
async function connected(
  platform: Platform,
  use: (near: End, far: End) => unknown,
): Promise<void> {
  await inScratch(platform, async (folder) => {
    const path = `${folder}/pipe`;
    const accepted: Connection[] = [];
    const [near, far] = [new Ear(), new Ear()];
    const listener = await platform.pipes.listen(path, (connection) => {
      accepted.push(connection);
      return far;
    });
    const connection = await platform.pipes.connect(path, near);
    await waitUntil("it is accepted", () => accepted.length === 1);
    try {
      await use({ ear: near, connection }, { ear: far, connection: accepted[0]! });
    } finally {
      connection.destroy();
      await waitUntil("both are closed", () => near.closings === 1 && far.closings === 1);
      await close(listener);
    }
  });
}

/** A program that connects, and ends a little later. */
function connecting(path: string): string[] {
  const script = "import socket, sys, time; s = socket.socket(socket.AF_UNIX); " +
    "s.connect(sys.argv[1]); time.sleep(0.1)";
  return ["python3", "-c", script, path];
}

export const pipeContract: readonly Clause[] = [
  {
    name: "a listener whose address cannot be removed is closed all the same",
    keep: (platform) =>
      inScratch(platform, async (folder) => {
        const path = `${folder}/pipe`;
        const listener = await platform.pipes.listen(path, () => new Ear());
        platform.files.remove(path);
        platform.files.makeDir(`${path}/in/the/way`);
        await close(listener);
        assertEquals(listener.isThere(), false);
      }),
  },
  {
    name: "bytes go both ways, in order",
    keep: (platform) =>
      connected(platform, async (near, far) => {
        near.connection.write(new Uint8Array([1, 2]));
        near.connection.write(new Uint8Array([3]));
        far.connection.write(new Uint8Array([4]));
        await waitUntil(
          "all arrived",
          () => far.ear.received.length === 3 && near.ear.received.length === 1,
        );
        assertEquals([far.ear.received, near.ear.received], [[1, 2, 3], [4]]);
      }),
  },
  {
    name: "what is queued is sent before a pipe ends",
    keep: (platform) =>
      connected(platform, async (near, far) => {
        const sizeBytes = 3_000_000;
        near.connection.write(new Uint8Array(sizeBytes));
        near.connection.end();
        await waitUntil("all arrived", (saw) => saw(far.ear.received.length) === sizeBytes);
        await waitUntil("it is closed", () => far.ear.closings === 1 && near.ear.closings === 1);
        assertEquals(far.ear.received.length, sizeBytes);
      }),
  },
  {
    name: "writing to whoever is gone throws nothing, and the end is told once",
    keep: (platform) =>
      connected(platform, async (near, far) => {
        far.connection.destroy();
        far.connection.destroy();
        for (let turn = 0; turn < 20; turn++) {
          near.connection.write(new Uint8Array(100_000));
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
        await waitUntil("both are closed", () => near.ear.closings === 1 && far.ear.closings === 1);
        near.connection.end();
        assertEquals([near.ear.closings, far.ear.closings], [1, 1]);
      }),
  },
  {
    name: "a connection says who opened it, of several at once and after others were closed",
    keep: (platform) =>
      inScratch(platform, async (folder) => {
        if (platform.os !== "linux" || platform.name === "fake") return;
        const peers: (Peer | null)[] = [];
        const listener = await platform.pipes.listen(`${folder}/pipe`, ({ peer }) => {
          peers.push(peer);
          return new Ear();
        });
        const others = Array.from({ length: 4 }, () => run(platform, connecting(`${folder}/pipe`)));
        for (let turn = 0; turn < 4; turn++) {
          const ear = new Ear();
          const near = await platform.pipes.connect(`${folder}/pipe`, ear);
          if (turn % 2 === 0) near.destroy();
        }
        await Promise.all(others.map(({ exit }) => exit));
        await waitUntil("all are accepted", (saw) => saw(peers.length) === 8);
        const pids = others.map(({ process }) => process.pid);
        const { self } = platform.processes;
        const expected = [...pids, self, self, self, self].sort();
        assertEquals(peers.map((peer) => peer?.pid).sort(), expected);
        assertEquals(new Set(peers.map((peer) => peer?.uid)), new Set([platform.user?.uid]));
        await close(listener);
      }),
  },
  {
    name: "what the other side has yet to read is known",
    keep: (platform) =>
      connected(platform, async (near, far) => {
        const bytes = new Uint8Array(8 * 1_048_576);
        near.connection.write(bytes);
        if (platform.name !== "fake") assertEquals(near.connection.unreadBytes > 0, true);
        await waitUntil("it is read", () => far.ear.received.length === bytes.length);
        await waitUntil("nothing is left", () => near.connection.unreadBytes === 0);
      }),
  },
  {
    name:
      "a flood of connections is closed but for as many as there may be, and one is accepted again after",
    keep: (platform) =>
      inScratch(platform, async (folder) => {
        if (platform.name === "fake") return;
        const path = `${folder}/pipe`;
        let accepted = 0;
        const listener = await platform.pipes.listen(path, () => (accepted++, new Ear()));
        const ears = Array.from({ length: MAX_CONNECTIONS + 40 }, () => new Ear());
        const all = await Promise.all(ears.map((ear) => platform.pipes.connect(path, ear)));
        const closed = () => ears.filter(({ closings }) => closings > 0).length;
        await waitUntil("the surplus is closed", (saw) => saw(closed()) === 40);
        assertEquals(accepted, MAX_CONNECTIONS);
        for (const connection of all) connection.destroy();
        await waitUntil("one more is accepted", async () => {
          (await platform.pipes.connect(path, new Ear())).destroy();
          return accepted > MAX_CONNECTIONS;
        });
        await close(listener);
      }),
  },
  {
    name: "a pipe is this user's alone",
    keep: (platform) =>
      inScratch(platform, async (folder) => {
        const path = `${folder}/pipe`;
        const listener = await platform.pipes.listen(path, () => new Ear());
        if (platform.name !== "fake") {
          assertEquals((platform.files.stat(path)?.mode ?? 0) & 0o777, 0o600);
        }
        await close(listener);
      }),
  },
  {
    name: "connecting where nobody listens, and listening where somebody does, fail",
    keep: (platform) =>
      inScratch(platform, async (folder) => {
        const path = `${folder}/pipe`;
        const missing = await assertRejects(
          () => platform.pipes.connect(path, new Ear()),
          PlatformError,
        );
        assertEquals([missing.code, missing.path], ["ENOENT", path]);
        const listener = await platform.pipes.listen(path, () => new Ear());
        const taken = await assertRejects(
          () => platform.pipes.listen(path, () => new Ear()),
          PlatformError,
        );
        assertEquals([taken.code, taken.path], ["EADDRINUSE", path]);
        await close(listener);
      }),
  },
  {
    name: "a listener that closes takes its connections with it",
    keep: (platform) =>
      inScratch(platform, async (folder) => {
        const near = new Ear();
        const far = new Ear();
        let accepted = 0;
        const listener = await platform.pipes.listen(`${folder}/pipe`, () => {
          accepted++;
          return far;
        });
        await platform.pipes.connect(`${folder}/pipe`, near);
        await waitUntil("it is accepted", () => accepted === 1);
        await close(listener);
        await waitUntil("both are closed", () => near.closings === 1 && far.closings === 1);
      }),
  },
  {
    name: "a listener is there until it is closed, or somebody removes its address",
    keep: (platform) =>
      inScratch(platform, async (folder) => {
        if (platform.name === "fake") return;
        const listener = await platform.pipes.listen(`${folder}/pipe`, () => new Ear());
        assertEquals(listener.isThere(), true);
        platform.files.remove(`${folder}/pipe`);
        assertEquals(listener.isThere(), false);
        await close(listener);
        const next = await platform.pipes.listen(`${folder}/pipe`, () => new Ear());
        assertEquals(next.isThere(), true);
        await close(next);
        assertEquals(next.isThere(), false);
      }),
  },
  {
    name: "a listener that closes leaves nothing at its address, once or twice",
    keep: (platform) =>
      inScratch(platform, async (folder) => {
        for (let time = 0; time < 2; time++) {
          const listener = await platform.pipes.listen(`${folder}/pipe`, () => new Ear());
          await close(listener);
          await close(listener);
          assertEquals(platform.files.lstat(`${folder}/pipe`), null);
        }
      }),
  },
];
