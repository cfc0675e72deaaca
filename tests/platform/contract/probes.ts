import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { assert, assertEquals } from "@std/assert";
import type { Clause } from "../contract.ts";

/** Serves `/status/N` with status N, and never answers `/silence`. */
async function serving(use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    const status = /^\/status\/(\d+)$/.exec(request.url ?? "")?.[1];
    if (status !== undefined) {
      response.writeHead(Number(status), { connection: "close" }).end("body");
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

export const probeContract: readonly Clause[] = [
  {
    name: "a TCP probe says whether somebody accepts",
    async keep({ probes }) {
      let free = 0;
      await serving(async (port) => {
        assert(await probes.tcp("127.0.0.1", port, 2_000));
        free = port;
      });
      assert(!await probes.tcp("127.0.0.1", free, 2_000));
    },
  },
  {
    name: "an HTTP probe is content with any status under 500",
    keep: ({ probes }) =>
      serving(async (port) => {
        const answers = [];
        for (const status of [200, 302, 404, 500, 503]) {
          answers.push(await probes.http(`http://127.0.0.1:${port}/status/${status}`, 2_000));
        }
        assertEquals(answers, [true, true, true, false, false]);
      }),
  },
  {
    name: "an HTTP probe gives up in time, and where nobody listens",
    async keep({ probes }) {
      let free = 0;
      await serving(async (port) => {
        assert(!await probes.http(`http://127.0.0.1:${port}/silence`, 50));
        free = port;
      });
      assert(!await probes.http(`http://127.0.0.1:${free}/`, 2_000));
    },
  },
];
