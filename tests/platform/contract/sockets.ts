import { connect } from "node:net";
import { writeFileSync } from "node:fs";
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type Platform,
  PlatformError,
  type SocketAddress,
} from "../../../lib/platform/platform.ts";
import { waitUntil } from "../../support/wait_until.ts";
import type { Clause } from "../contract.ts";
import { run, sh } from "./program.ts";
import { inScratch } from "./scratch.ts";

const tcp = (host: string, port = 0): SocketAddress => ({ kind: "tcp", host, port });

/** Whether a connection is taken: by the queue of the system, whoever serves. */
function isTaken(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.once("close", () => resolve(true));
      socket.destroy();
    });
  });
}

function codeOf(platform: Platform, address: SocketAddress): string {
  return assertThrows(() => platform.sockets.listen(address).close(), PlatformError).code;
}

export const socketContract: readonly Clause[] = [
  {
    name: "a held socket takes connections until it is closed, and then its port is free",
    async keep({ sockets }) {
      for (const host of ["127.0.0.1", "::1"]) {
        const socket = sockets.listen(tcp(host));
        assert(socket.port !== null && socket.port > 0, `${socket.port}`);
        assertEquals(await isTaken(socket.port, host), true);
        socket.close();
        assertEquals(await isTaken(socket.port, host), false);
        sockets.listen(tcp(host, socket.port)).close();
      }
    },
  },
  {
    name: "what a program is given is its own 3, 4 …, with its pid; others have nothing of it",
    async keep(platform) {
      const held = [tcp("127.0.0.1"), tcp("::1")].map((each) => platform.sockets.listen(each));
      try {
        const script = 'printf "%s " $(($$ - LISTEN_PID)) "$(ls -l /proc/$$/fd |' +
          ' sed -n "s/.* \\([0-9]*\\) -> \\(socket.*\\)/\\1=\\2/p" | sort -u | tr "\\n" " ")" >&2';
        const given = run(platform, sh(script), {
          sockets: held.map(({ descriptor }) => descriptor),
        });
        await given.exit;
        const [first, second] = held.map(({ inode }) => `socket:[${inode}]`);
        assert(given.stderr().startsWith("0 "), given.stderr());
        assert(given.stderr().includes(`3=${first} 4=${second}`), given.stderr());
        const other = run(platform, sh("ls -l /proc/$$/fd >&2"));
        await other.exit;
        for (const { inode } of held) assert(!other.stderr().includes(`[${inode}]`));
      } finally {
        for (const socket of held) socket.close();
      }
    },
  },
  {
    name: "a program with sockets gets its arguments and every variable as they are",
    async keep(platform) {
      const socket = platform.sockets.listen(tcp("127.0.0.1"));
      try {
        const { exit, stderr } = run(
          platform,
          [...sh('printf "%s|" "$1" "$2" >&2; env >&2'), "sh", "a *'$HOME", ""],
          {
            env: { PATH: platform.env().PATH ?? "", "ODD.NAME": "x y", MARK: "é\n'\"$" },
            sockets: [socket.descriptor],
          },
        );
        assertEquals(await exit, { kind: "exited", code: 0 });
        assert(stderr().startsWith("a *'$HOME||"), stderr());
        assert(stderr().includes("MARK=é\n'\"$\n"), stderr());
        if (stderr().includes("ODD.NAME")) assert(stderr().includes("ODD.NAME=x y\n"), stderr());
      } finally {
        socket.close();
      }
    },
  },
  {
    name: "what runs with a socket keeps its port when baton has closed it",
    async keep(platform) {
      const socket = platform.sockets.listen(tcp("127.0.0.1"));
      const { exit, process } = run(platform, ["sleep", "60"], { sockets: [socket.descriptor] });
      await waitUntil(
        "it sleeps",
        () => /^\S*sleep /.test(platform.processes.commandLine(process.pid)),
      );
      assertEquals(platform.sockets.use(socket, [process.pid]).holders, [process.pid]);
      assertEquals(platform.sockets.ports([process.pid]), [socket.port]);
      assert(platform.sockets.listeners(socket.port!).includes(process.pid));
      socket.close();
      assertEquals(codeOf(platform, tcp("127.0.0.1", socket.port!)), "EADDRINUSE");
      platform.processes.kill(process.pid, "SIGKILL");
      await exit;
      platform.sockets.listen(tcp("127.0.0.1", socket.port!)).close();
    },
  },
  {
    name: "connections that nobody accepts are counted",
    async keep({ sockets }) {
      const socket = sockets.listen(tcp("127.0.0.1"));
      assertEquals(sockets.use(socket, []), { holders: [], isPolled: false, waiting: 0 });
      await isTaken(socket.port!);
      assertEquals(sockets.use(socket, []).waiting, 1);
      socket.close();
    },
  },
  {
    name: "a Unix socket is a file for as long as it is held",
    keep: (platform) =>
      inScratch(platform, (folder) => {
        const path = `${folder}/a.sock`;
        const socket = platform.sockets.listen({ kind: "unix", path });
        assertEquals([socket.port, platform.files.stat(path)?.kind], [null, "other"]);
        assertEquals(codeOf(platform, { kind: "unix", path }), "EADDRINUSE");
        socket.close();
        assertEquals(platform.files.stat(path), null);
        const replaced = platform.sockets.listen({ kind: "unix", path });
        platform.files.remove(path);
        writeFileSync(path, "another's");
        replaced.close();
        assertEquals(platform.files.readText(path), "another's");
      }),
  },
  {
    name: "why a socket cannot be opened is told by the system's code",
    keep: (platform) =>
      inScratch(platform, (folder) => {
        const unix = (path: string): SocketAddress => ({ kind: "unix", path });
        assertEquals(codeOf(platform, unix(`${folder}/${"x".repeat(108)}`)), "ENAMETOOLONG");
        assertEquals(codeOf(platform, unix(`${folder}/none/a.sock`)), "ENOENT");
        assertEquals(codeOf(platform, tcp("192.0.2.1")), "EADDRNOTAVAIL");
        assertEquals(codeOf(platform, tcp("example.org")), "EINVAL");
        assertEquals(codeOf(platform, tcp("::g")), "EINVAL");
      }),
  },
  {
    name: "a name has addresses, or none",
    async keep({ sockets }) {
      assertEquals(await sockets.resolve("::1"), ["::1"]);
      assertEquals((await sockets.resolve("localhost"))[0], "127.0.0.1");
      assertEquals(await sockets.resolve("no-such-host.invalid"), []);
    },
  },
];
