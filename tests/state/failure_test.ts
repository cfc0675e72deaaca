import { assert, assertEquals } from "@std/assert";
import { BatonError } from "../../lib/errors.ts";
import type { Store } from "../../lib/state/store.ts";
import { failingFiles, type Failure } from "./support/failing_files.ts";
import { newestText, Scratch } from "./support/scratch.ts";

/** What baton does between two generations; a `BatonError` on the way is an answer, anything else is not. */
function handOver(store: Store, out: string): void {
  for (
    const step of [
      () => store.admit({ path: out, generation: 1, kind: "final", reason: "a test" }),
      () => {
        const { reading } = store.newest({ startedAnew: false });
        store.prepare(2, reading.found === "good" ? reading : null);
      },
      () => store.cleanUp(1),
      () => store.flush(),
    ]
  ) {
    try {
      step();
    } catch (error) {
      assert(error instanceof BatonError, String(error));
    }
  }
}

/** Hands over with the n-th operation failing; returns how many operations there were. */
function failAt(nth: number, failure: Failure): number {
  using scratch = new Scratch();
  const store = scratch.store({ keep: 1 });
  scratch.save(store, "the last good state");
  store.flush();

  const { files, count } = failingFiles(scratch.real.files, nth, failure);
  // Opened on sound files: the failure is to happen during the handover.
  let current = scratch.real.files;
  const switching = new Proxy(current, { get: (_, name: keyof typeof current) => current[name] });
  const failing = scratch.store({ keep: 1, platform: scratch.platform({ files: switching }) });
  const out = failing.outPath(1);
  Deno.writeTextFileSync(out, "the new state");
  current = files;
  handOver(failing, out);

  const after = scratch.store();
  const { rejected } = after.newest({ startedAnew: false });
  assertEquals(rejected, [], `operation ${nth} fails ${failure}`);
  const text = newestText(after);
  assert(
    text === "the last good state" || text === "the new state",
    `operation ${nth} fails ${failure}: ${text}`,
  );
  return count();
}

for (const failure of ["once", "for good"] as const) {
  Deno.test(`whichever file operation fails ${failure}, the old or the new state is good`, () => {
    const operations = failAt(Infinity, failure);
    assert(operations > 20);
    for (let nth = 1; nth <= operations; nth++) failAt(nth, failure);
  });
}
