import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { good, newestText, Scratch } from "./support/scratch.ts";

type Damage = (bytes: Uint8Array) => Uint8Array;

const damages: Record<string, fc.Arbitrary<Damage>> = {
  truncated: fc.nat().map((seed): Damage => (bytes) => bytes.slice(0, seed % bytes.length)),
  extended: fc.uint8Array({ minLength: 1, maxLength: 64 }).map((tail): Damage => (bytes) =>
    new Uint8Array([...bytes, ...tail])
  ),
  flipped: fc.tuple(fc.nat(), fc.nat({ max: 7 })).map(([seed, bit]): Damage => (bytes) =>
    bytes.map((byte, i) => i === seed % bytes.length ? byte ^ (1 << bit) : byte)
  ),
};
const state = fc.string({ unit: "binary", minLength: 1, maxLength: 300 });
const parts = { state: ".state", envelope: ".json" };

for (const [part, extension] of Object.entries(parts)) {
  for (const [name, damage] of Object.entries(damages)) {
    Deno.test(`${part} ${name} anywhere is refused, and the state before it is used`, () => {
      using scratch = new Scratch();
      const property = fc.property(state, state, damage, (before, after, damaged) => {
        const store = scratch.store();
        const earlier = good(scratch.save(store, before));
        const { path } = good(scratch.save(store, after, { claim: scratch.claimOf(after) }));
        const file = path.replace(".state", extension);
        Deno.writeFileSync(file, damaged(Deno.readFileSync(file)));
        const { reading, rejected } = store.newest({ startedAnew: false });
        assertEquals(reading, earlier);
        assertEquals(rejected.length, 1);
        assertEquals(newestText(scratch.store()), before.toWellFormed());
      });
      fc.assert(property, { numRuns: 60 });
    });
  }
}

Deno.test("every single bit of an envelope counts", () => {
  using scratch = new Scratch();
  const store = scratch.store({ keep: 1 });
  const { path } = good(scratch.save(store, "count=7"));
  const envelope = path.replace(".state", ".json");
  const sealed = Deno.readFileSync(envelope);
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const flipped = sealed.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    Deno.writeFileSync(envelope, flipped);
    assertEquals(store.list().map(({ found }) => found === "good"), [false], `bit ${bit}`);
  }
  Deno.writeFileSync(envelope, sealed);
  assertEquals(newestText(store), "count=7");
});
