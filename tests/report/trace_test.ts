import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import * as z from "zod";
import { timings } from "../../lib/decide/handoff.ts";
import { BatonError } from "../../lib/errors.ts";
import { openTimeline } from "../../lib/report/timeline.ts";
import { writeTrace } from "../../lib/report/trace.ts";
import { LOG_EXAMPLES } from "../../tools/log_examples.ts";
import { FakePlatform } from "../support/fake_platform.ts";

const { ready } = LOG_EXAMPLES;
const LANES = ["settle", "boot", "ask", "save", "check", "gone", "start", "dark"];
/** In place of "dark" where that is not known. */
const STOPPING = "stopping";

/** What the Trace Event Format asks of complete events and of metadata. */
const common = {
  pid: z.number().int(),
  tid: z.number().int(),
  name: z.string(),
  args: z.record(z.string(), z.unknown()),
};
const slice = z.strictObject({
  ...common,
  ph: z.literal("X"),
  cat: z.string(),
  ts: z.number().nonnegative(),
  dur: z.number().nonnegative(),
});
const metadata = z.strictObject({ ...common, ph: z.literal("M") });
const trace = z.strictObject({
  displayTimeUnit: z.enum(["ms", "ns"]),
  traceEvents: z.array(z.discriminatedUnion("ph", [slice, metadata])),
});

function withFolder(run: (folder: string, platform: FakePlatform) => void): void {
  const folder = Deno.makeTempDirSync({ prefix: "baton_trace_" });
  try {
    run(folder, new FakePlatform(folder));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function unexpected(): never {
  throw new Error("The timeline could not be written");
}

function events(platform: FakePlatform, path: string) {
  const { traceEvents } = trace.parse(JSON.parse(platform.files.readText(path)));
  return {
    slices: traceEvents.filter((event) => event.ph === "X"),
    names: traceEvents.filter((event) => event.ph === "M"),
  };
}

Deno.test("the last restarts become a trace with one named track a step", () => {
  withFolder((folder, platform) => {
    const timeline = openTimeline(platform, { dir: folder, ensure: () => {} }, unexpected);
    timeline.note(ready);
    platform.clock.advance(2_000);
    timeline.note({ ...ready, generation: 8, from: 7 });
    timeline.close();
    const path = join(folder, "baton-timeline.json");
    assertEquals(
      writeTrace(platform, folder, null),
      `Wrote 2 restarts to "${path}"; open it at https://ui.perfetto.dev\n`,
    );

    const { slices, names } = events(platform, path);
    const tracks = names.filter(({ name }) => name === "thread_name");
    assertEquals(tracks.map(({ args }) => args.name), [...LANES, STOPPING]);
    assertEquals(names.find(({ name }) => name === "process_name")?.args, { name: "baton" });

    const [first, second] = [slices.slice(0, 8), slices.slice(8)];
    assertEquals(first.map(({ name }) => name), LANES);
    assertEquals(first.map(({ tid }) => tid), tracks.slice(0, 8).map(({ tid }) => tid));
    const expected: Record<string, number | undefined> = { ...timings(ready.marks) };
    for (const { name, dur } of first) assertEquals(dur / 1_000, expected[`${name}Ms`]);
    assertEquals(first[0]!.ts, 0);
    assertEquals(first[1]!.ts, 12_000);
    assertEquals(second.map(({ ts }, index) => ts - first[index]!.ts), Array(8).fill(2_000_000));
    const { generation, from, changed, stateBytes } = second[0]!.args;
    assertEquals([generation, from, changed, stateBytes], [8, 7, ready.changed, 1_234]);
  });
});

Deno.test("a step that did not happen has no slice", () => {
  withFolder((folder, platform) => {
    const timeline = openTimeline(platform, { dir: folder, ensure: () => {} }, unexpected);
    const marks = { changed: 10, acted: 60, spawned: 95, stopping: 60, gone: 95, ready: 95 };
    timeline.note({ ...ready, state: null, marks });
    timeline.close();
    writeTrace(platform, folder, "restarts.json");
    const { slices } = events(platform, join(folder, "restarts.json"));
    assertEquals(slices.map(({ name }) => name), ["settle", "boot", "gone", STOPPING]);
  });
});

Deno.test("without a restart, and where the file cannot be written, the next step is said", () => {
  withFolder((folder, platform) => {
    const nothing = assertThrows(() => writeTrace(platform, folder, null), BatonError);
    assertEquals((nothing as BatonError).what, "No restart is on record");
    const timeline = openTimeline(platform, { dir: folder, ensure: () => {} }, unexpected);
    timeline.note(ready);
    timeline.close();
    const failed = assertThrows(() => writeTrace(platform, folder, "no/such/file"), BatonError);
    assertEquals((failed as BatonError).next, "Name another file");
  });
});
