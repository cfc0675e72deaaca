/** The short forms of `deno task soak:verdict` and `soak:rewind`. */
import { assertEquals } from "@std/assert";
import { Random } from "../../soak/random.ts";
import { soakRewinds } from "../../soak/rewind_soak.ts";
import { soakVerdicts } from "../../soak/verdict_soak.ts";

const SEED = Date.now() % 1_000_000;

Deno.test(`no verdict is about other files than those on the disk, in random turns (seed ${SEED})`, async () => {
  const { wrong, counts } = await soakVerdicts(4, new Random(SEED));
  assertEquals(wrong, []);
  assertEquals(Object.values(counts).reduce((sum, one) => sum + one, 0), 4);
});

Deno.test(`each version gets its own state, in random walks (seed ${SEED})`, async () => {
  const { wrong, returns } = await soakRewinds(25, 4, new Random(SEED));
  assertEquals(wrong, []);
  assertEquals(returns > 0, true);
});
