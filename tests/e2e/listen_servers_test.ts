/** Real servers on a socket that baton holds: the short form of `deno task bench:listen`. */
import { assertEquals } from "@std/assert";
import { findServers } from "../../bench/listen/servers.ts";
import { trial } from "../../bench/listen/trial.ts";
import { BATON } from "./baton.ts";

const RESTARTS = 3;
const servers = await findServers();

for (const [name, place] of servers) {
  Deno.test(`--listen: ${name} is saved under load, and nobody is refused or reset`, async () => {
    const folder = Deno.makeTempDirSync({ prefix: "baton-listen-" });
    try {
      const server = await place(folder);
      const found = await trial(BATON, server, folder, RESTARTS);
      const { refused, reset, others, overlapped } = found;
      assertEquals({ refused, reset, others }, { refused: 0, reset: 0, others: [] });
      assertEquals(overlapped, server.level === 2 ? RESTARTS : 0);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });
}
