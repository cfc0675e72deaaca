import { assertEquals } from "@std/assert";
import { Running } from "../support/running.ts";

const ticker = new URL("../../examples/ticker.sh", import.meta.url).pathname;

for (const shell of ["sh", "bash"]) {
  Deno.test(`ticker.sh (${shell}) counts, saves on SIGTERM, and goes on from there`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "baton-test-" });
    const state = `${folder}/state`;
    try {
      const env = { TICK_SECONDS: "0.02", BATON_STATE_OUT: state };
      await using first = new Running([shell, ticker], env);
      for (const tick of ["tick 1", "tick 2", "tick 3"]) assertEquals(await first.line(), tick);
      first.kill("SIGTERM");
      const { code, lines } = await first.end();
      const count = 3 + lines.length;
      assertEquals([code, await Deno.readTextFile(state)], [0, `${count}\n`]);

      await using second = new Running([shell, ticker], { ...env, BATON_STATE_FILE: state });
      assertEquals(await second.line(), `tick ${count + 1}`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("ticker.sh leaves at once, however long its tick", async () => {
  await using program = new Running(["sh", ticker], { TICK_SECONDS: "60" });
  await program.catchesSigterm();
  program.kill("SIGTERM");
  assertEquals((await program.end()).code, 0);
});
