import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { Item } from "../../lib/report/item.ts";
import { KEPT_RESTARTS, openTimeline } from "../../lib/report/timeline.ts";
import { readTimeline } from "../../lib/report/timeline_reader.ts";
import { LOG_EXAMPLES } from "../../tools/log_examples.ts";
import { FakePlatform } from "../support/fake_platform.ts";

const { ready, checkpoint } = LOG_EXAMPLES;

function withFolder(run: (folder: string, platform: FakePlatform) => void): void {
  const folder = Deno.makeTempDirSync({ prefix: "baton_timeline_" });
  try {
    run(folder, new FakePlatform());
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function unexpected(item: Item): never {
  throw new Error(`Unexpected: ${JSON.stringify(item)}`);
}

Deno.test("a restart is written once it is long over, for its user alone", () => {
  withFolder((folder, platform) => {
    const file = join(folder, "timeline.jsonl");
    const timeline = openTimeline(platform, { dir: folder, ensure: () => {} }, unexpected);
    platform.clock.advance(5_000);
    timeline.note(checkpoint);
    assertEquals(platform.clock.pending, 0);
    timeline.note(ready);
    timeline.note({ ...ready, generation: 8 });
    assertEquals(platform.files.stat(file), null);
    platform.clock.advance(1_000);
    assertEquals((platform.files.stat(file)?.mode ?? 0) & 0o777, 0o600);
    const { restarts, broken } = readTimeline(platform.files, folder);
    assertEquals(broken, 0);
    assertEquals(restarts.map(({ generation }) => generation), [7, 8]);
    assertEquals(restarts[0], {
      readyAt: platform.clock.startedAt + 5_000,
      generation: 7,
      from: 6,
      reason: "change",
      mode: "overlapped",
      changed: ["src/a.py", "src/b.py", "src/c.py", "src/d.py"],
      changedCount: 4,
      stateBytes: 1_234,
      marks: ready.marks,
    });
  });
});

Deno.test("closing writes at once, and what was there before stays", () => {
  withFolder((folder, platform) => {
    for (const generation of [2, 3]) {
      const timeline = openTimeline(platform, { dir: folder, ensure: () => {} }, unexpected);
      timeline.note({ ...ready, generation });
      timeline.close();
    }
    assertEquals(platform.clock.pending, 0);
    const { restarts } = readTimeline(platform.files, folder);
    assertEquals(restarts.map(({ generation }) => generation), [2, 3]);
  });
});

Deno.test("only the newest restarts are kept, and of one of them only some paths", () => {
  withFolder((folder, platform) => {
    const timeline = openTimeline(platform, { dir: folder, ensure: () => {} }, unexpected);
    const changed = Array.from({ length: 500 }, (_, index) => `src/${index}.py`);
    for (let generation = 1; generation <= KEPT_RESTARTS + 5; generation++) {
      timeline.note({ ...ready, generation, changed });
    }
    timeline.close();
    const { restarts } = readTimeline(platform.files, folder);
    assertEquals(restarts.length, KEPT_RESTARTS);
    assertEquals(restarts[0]!.generation, 6);
    assertEquals([restarts[0]!.changed.length, restarts[0]!.changedCount], [20, 500]);
  });
});

Deno.test("a broken line is skipped and counted; one that was cut short is gone with the next write", () => {
  withFolder((folder, platform) => {
    const timeline = openTimeline(platform, { dir: folder, ensure: () => {} }, unexpected);
    timeline.note(ready);
    timeline.close();
    const file = join(folder, "timeline.jsonl");
    const good = platform.files.readText(file);
    platform.files.writeAtomically(file, `{"readyAt": 1}\n${good}${good.slice(0, 40)}\n`);
    assertEquals(readTimeline(platform.files, folder).broken, 2);
    timeline.note(ready);
    timeline.close();
    const { restarts, broken } = readTimeline(platform.files, folder);
    assertEquals([restarts.length, broken], [2, 1]);
  });
});

Deno.test("a folder that is gone ends the recording, which is said once", () => {
  withFolder((folder, platform) => {
    const said: Item[] = [];
    const timeline = openTimeline(
      platform,
      { dir: join(folder, "gone"), ensure: () => {} },
      (item) => said.push(item),
    );
    timeline.note(ready);
    platform.clock.advance(1_000);
    timeline.note(ready);
    timeline.close();
    assertEquals(said.map(({ type }) => type), ["warning"]);
    assertStringIncludes(JSON.stringify(said), "Restarts are not recorded any more: cannot write");
  });
});
