import { assertEquals } from "@std/assert";
import { listeningPorts } from "../../../lib/platform/linux/listening_ports.ts";
import { platform } from "../../../lib/platform/select.ts";
import { freePort } from "../../support/free_port.ts";

const { files, os, processes } = platform();

/** A port that is not one of those that the system gives to whoever asks for any. */
function portOfOnesOwn(): number {
  for (let port = 20_011; port < 20_111; port++) {
    try {
      Deno.listen({ port, hostname: "127.0.0.1" }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  return freePort();
}

Deno.test({
  name: "the ports that a process listens on are found, but for those that the system chose",
  ignore: os !== "linux",
  fn() {
    const port = portOfOnesOwn();
    const before = listeningPorts(files, [processes.self]);
    using _own = Deno.listen({ port, hostname: "127.0.0.1" });
    using _any = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const found = listeningPorts(files, [processes.self]).filter((one) => !before.includes(one));
    assertEquals(found, [port]);
    assertEquals(listeningPorts(files, []), []);
    assertEquals(listeningPorts(files, [2 ** 22 + 1]), []);
  },
});
