/** A state of hundreds of megabytes passes through baton piece by piece. */
import { assert, assertEquals } from "@std/assert";
import { Stage } from "./fixtures.ts";

const BYTES = 150_000_000;
const ROOM_KB = 30_000;

/** Kilobytes that a process has had in memory at most. */
function peakKb(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
}

Deno.test("a state of 150 MB costs baton less than 30 MB of memory", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const script = `
    wc -c <"$BATON_STATE_FILE" 2>/dev/null
    trap 'head -c ${BYTES} /dev/urandom >"$BATON_STATE_OUT.new"; mv "$BATON_STATE_OUT.new" "$BATON_STATE_OUT"; exit' TERM
    echo "up $BATON_GENERATION"
    while :; do sleep 0.1; done`;
  await using stage = new Stage(["sh", "-c", script]);
  const { baton } = stage;
  await baton.up();
  await baton.prints("up 1");
  const before = peakKb(baton.pid);
  for (const generation of [2, 3]) {
    stage.touch();
    await baton.event("ready", (event) => event.generation === generation, { withinMs: 60_000 });
    await baton.prints(`up ${generation}`);
  }
  assertEquals(baton.stdout.match(/^150000000$/gm)?.length, 2);
  const grown = peakKb(baton.pid) - before;
  assert(grown < ROOM_KB, `${grown} kB more`);
});
