import { assertEquals } from "@std/assert";
import { formatListenAddress, parseListenAddress } from "../../lib/configure/listen_address.ts";

Deno.test("addresses to listen at: 127.0.0.1 unless a host is named", () => {
  const tcp = (host: string, port: number) => ({ kind: "tcp" as const, host, port });
  const unix = (path: string) => ({ kind: "unix" as const, path });
  const cases = {
    "8000": tcp("127.0.0.1", 8_000),
    "0": tcp("127.0.0.1", 0),
    "65535": tcp("127.0.0.1", 65_535),
    "0.0.0.0:80": tcp("0.0.0.0", 80),
    "localhost:8000": tcp("localhost", 8_000),
    "[::1]:8000": tcp("::1", 8_000),
    "[::]:0": tcp("::", 0),
    "[::ffff:127.0.0.1]:1": tcp("::ffff:127.0.0.1", 1),
    "unix:app.sock": unix("app.sock"),
    "unix:/run/a b:c.sock": unix("/run/a b:c.sock"),
  };
  for (const [text, address] of Object.entries(cases)) {
    assertEquals(parseListenAddress(text), address, text);
    assertEquals(parseListenAddress(formatListenAddress(address)), address, text);
  }
  const wrong = ["", "65536", "-1", "8000 ", ":8000", "::1:8000", "[]:80", "[::g]:80", "[::1]"];
  for (const text of [...wrong, "host", "host:", "a b:80", "a/b:80", "unix:", "1:2:3"]) {
    assertEquals(parseListenAddress(text), null, text);
  }
});
