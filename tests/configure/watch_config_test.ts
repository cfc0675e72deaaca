import { assertEquals } from "@std/assert";
import { watchConfig } from "../../lib/configure/watch_config.ts";
import type { FolderObserver } from "../../lib/platform/file_events.ts";
import type { FileEvents } from "../../lib/platform/platform.ts";
import { FakePlatform } from "../support/fake_platform.ts";

/** A file that is watched, for edits that a test writes and then tells of. */
async function watched(
  now: string,
  before: string,
  run: (file: { edit(text: string): void; told(): number }, clock: FakePlatform["clock"]) => void,
): Promise<void> {
  const { clock, files, events: none } = new FakePlatform();
  const dir = Deno.makeTempDirSync({ prefix: "baton-test-" });
  const path = `${dir}/baton.jsonc`;
  Deno.writeTextFileSync(path, now);
  let observer = null as FolderObserver | null;
  let count = 0;
  const events: FileEvents = {
    ...none,
    watch(one) {
      observer = one;
      return none.watch(one);
    },
  };
  const close = watchConfig({ clock, files, events }, path, before, () => void count++);
  const edit = (text: string) => {
    Deno.writeTextFileSync(path, text);
    observer?.event({ kind: "complete", path });
  };
  run({ edit, told: () => count }, clock);
  await close();
  assertEquals(clock.pending, 0);
  Deno.removeSync(dir, { recursive: true });
}

Deno.test("an edit of the configuration is told of once it has settled, and only the first", async () => {
  await watched("{}", "{}", (file, clock) => {
    clock.advance(1_000);
    file.edit('{"keep": 1}');
    assertEquals(file.told(), 0);
    clock.advance(1_000);
    assertEquals(file.told(), 1);
    file.edit('{"keep": 2}');
    clock.advance(1_000);
    assertEquals(file.told(), 1);
  });
});

Deno.test("one that says the same as before is not told of", async () => {
  await watched("{}", "{}", (file, clock) => {
    file.edit('{"keep": 1}');
    file.edit("{}");
    clock.advance(1_000);
    assertEquals(file.told(), 0);
  });
});

Deno.test("an edit after it was read, and before it was watched, is told of", async () => {
  await watched('{"keep": 1}', "{}", (file, clock) => {
    clock.advance(1_000);
    assertEquals(file.told(), 1);
  });
});
