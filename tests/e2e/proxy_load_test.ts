/** Real web programs behind the proxy, saved under load: the short form of `deno task bench:proxy`. */
import { assertEquals } from "@std/assert";
import { findServers } from "../../bench/proxy/servers.ts";
import { trial } from "../../bench/proxy/trial.ts";
import { BATON } from "./baton.ts";

for (const [name, place] of await findServers()) {
  Deno.test(`--proxy: ${name} is saved under load, well and badly, and no request fails`, async () => {
    const folder = Deno.makeTempDirSync({ prefix: "baton-proxy-" });
    try {
      const counts = { saves: 2, broken: 1, perSecond: 50, quietMs: 0, betweenMs: 20 };
      const told = await trial(BATON, await place(folder), folder, counts);
      assertEquals([told.failures, told.brokenFailures, told.handedOver], [[], [], 3]);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });
}
