import { assertEquals } from "@std/assert";
import { formatReadyProbe, parseReadyProbe } from "../../lib/configure/ready_probe.ts";

Deno.test("readiness probes", () => {
  const tcp = (host: string, port: number) => ({ kind: "tcp" as const, host, port });
  const http = (url: string) => ({ kind: "http" as const, url });
  const cases = {
    "tcp:80": tcp("localhost", 80),
    "tcp:example.org:8080": tcp("example.org", 8080),
    "tcp:[::1]:65535": tcp("::1", 65_535),
    "http:http://localhost:1/health": http("http://localhost:1/health"),
    "http://localhost:1/health": http("http://localhost:1/health"),
    "https://localhost": http("https://localhost"),
    "http:https://localhost": http("https://localhost"),
  };
  for (const [text, probe] of Object.entries(cases)) {
    assertEquals(parseReadyProbe(text), probe, text);
    assertEquals(parseReadyProbe(formatReadyProbe(probe)), probe, text);
  }
  for (
    const text of [
      "",
      "80",
      "tcp:",
      "tcp:0",
      "tcp:65536",
      "tcp:host",
      "tcp:::1:80",
      "http:80",
      "http://",
      "ftp://x",
    ]
  ) {
    assertEquals(parseReadyProbe(text), null, text);
  }
});
