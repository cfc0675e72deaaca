import { assert, assertEquals } from "@std/assert";
import { Fixture } from "./support/fixture.ts";
import { newestText, Scratch } from "./support/scratch.ts";

const KILLS = 30;

Deno.test("killed at any moment, baton leaves the last state it admitted or the one after", async () => {
  using scratch = new Scratch();
  let last = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const fixture = new Fixture("saves_without_end.ts", [scratch.dir, String(last + 1)]);
    const lines = Math.floor(Math.random() * 40);
    for (let line = 0; line <= lines; line++) last = Number(await fixture.line());
    last = Number((await fixture.kill()).at(-1) ?? last);

    const store = scratch.store();
    assertEquals(store.newest({ startedAnew: false }).rejected, []);
    const text = newestText(store) ?? "";
    const number = Number(text.split(":")[0]);
    assert(text === `${number}:`.padEnd(10_000, String(number)), text.slice(0, 20));
    assert(number === last || number === last + 1, `${number} is there, ${last} was admitted`);
    last = number;
  }
});
