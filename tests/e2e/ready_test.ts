/** Readiness seen from outside: `--ready tcp:PORT` and `--ready http:URL`. */
import { assert, assertEquals } from "@std/assert";
import { freePort } from "../support/free_port.ts";
import { fixture, Stage } from "./fixtures.ts";

const PROBES: Readonly<Record<string, (port: number) => string>> = {
  tcp: (port) => `tcp:${port}`,
  http: (port) => `http://127.0.0.1:${port}/health`,
};

for (const [kind, probeOf] of Object.entries(PROBES)) {
  Deno.test(`--ready ${kind}: a program is ready when it answers, and not before`, async () => {
    const port = freePort();
    const gate = Deno.makeTempFileSync();
    Deno.removeSync(gate);
    await using stage = new Stage(fixture("serves_when_let.py", kind, `${port}`, gate), {
      args: ["--ready", probeOf(port)],
    });
    const { baton } = stage;
    await baton.event("armed");
    await baton.prints("generation 1 starts");
    assertEquals(baton.count("ready"), 0, baton.transcript());
    const openedAt = Date.now();
    Deno.writeTextFileSync(gate, "");
    const first = await baton.event("ready");
    assertEquals([first.generation, first.announced], [1, true]);
    assert(Date.parse(first.time) >= openedAt, `${first.time} is before ${openedAt}`);
    stage.touch();
    const second = await baton.event("ready", ({ generation }) => generation === 2);
    assertEquals([second.mode, second.announced], ["sequential", true]);
    Deno.removeSync(gate);
  });
}

Deno.test("--ready: one that never answers counts as live in the end, and that is said", async () => {
  const port = freePort();
  const command = fixture("serves_when_let.py", "tcp", `${port}`, "/nowhere/at/all");
  await using stage = new Stage(command, {
    args: ["--ready", `tcp:${port}`, "--boot-timeout", "300ms"],
    log: "text",
  });
  await stage.baton.text(
    `baton: Generation 1 has not become ready in time; it counts as live
       Next: Say "ready" once it serves, or give it longer with "--boot-timeout"
`,
  );
});
