import { assertEquals } from "@std/assert";
import { createSocket } from "node:dgram";
import {
  listeningDescriptors,
  listeningSockets,
} from "../../../lib/platform/linux/listening_sockets.ts";
import { platform } from "../../support/platform.ts";

const { files, os, processes } = platform();
const hostname = "127.0.0.1";

/** A port that is free and not one of those that the system gives to whoever asks for any. */
function freePort(): number {
  for (let port = 20_011;; port++) {
    try {
      Deno.listen({ port, hostname }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}

Deno.test({
  name: "what a process listens on is found, but for UDP ports that the system chose",
  ignore: os !== "linux",
  async fn() {
    const before = listeningSockets(files, [processes.self]);
    const folder = Deno.makeTempDirSync();
    const path = `${folder}/socket`;
    const port = freePort();
    using _tcp = Deno.listen({ port, hostname });
    using any = Deno.listen({ port: 0, hostname });
    using _unix = Deno.listen({ transport: "unix", path });
    const udp = createSocket("udp4");
    await new Promise<void>((done) => udp.bind(port, hostname, done));
    const client = createSocket("udp4");
    await new Promise<void>((done) => client.bind(0, hostname, done));
    const found = listeningSockets(files, [processes.self]).filter((one) => !before.includes(one));
    for (const one of [udp, client]) await new Promise<void>((done) => one.close(done));
    Deno.removeSync(folder, { recursive: true });
    assertEquals(found, [`port ${port}`, `port ${any.addr.port}`, `UDP port ${port}`, path]);
    assertEquals(listeningSockets(files, []), []);
    assertEquals(listeningSockets(files, [2 ** 22 + 1]), []);
  },
});

Deno.test({
  name: "each descriptor by which a process listens is found, and told when it is closed",
  ignore: os !== "linux",
  fn() {
    const folder = Deno.makeTempDirSync();
    const before = listeningDescriptors(files, [processes.self]).length;
    const tcp = Deno.listen({ port: 0, hostname });
    const unix = Deno.listen({ transport: "unix", path: `${folder}/socket` });
    const found = listeningDescriptors(files, [processes.self]).slice(before);
    const open = () => found.map((one) => one.isOpen());
    assertEquals(open(), [true, true]);
    tcp.close();
    assertEquals(open().sort(), [false, true]);
    unix.close();
    assertEquals(open(), [false, false]);
    Deno.removeSync(folder, { recursive: true });
    assertEquals(listeningDescriptors(files, []), []);
  },
});
