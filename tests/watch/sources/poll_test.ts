import { assertEquals } from "@std/assert";
import type { DirectFiles, RawEvent, Stat } from "../../../lib/platform/platform.ts";
import type { Freshness } from "../../../lib/watch/index/fingerprints.ts";
import { Poll, type PollHandler } from "../../../lib/watch/sources/poll.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { FakePlatform } from "../../support/fake_platform.ts";

const FOLDER = "/project";

/** A poll of one folder, each second; a test says what the disk holds. */
class Scene implements PollHandler {
  readonly clock = new FakeClock();
  readonly events: RawEvent[] = [];
  /** Names that were compared with what is known of them. */
  readonly compared: string[] = [];
  readonly stamps = new Map([["a", 1], ["b", 1], [".", 1]]);
  readonly verdicts = new Map<string, Freshness>();
  changedAt = this.clock.wallNow() - 60_000;
  readonly poll: Poll;

  constructor() {
    const files: DirectFiles = {
      ...new FakePlatform().files.direct(),
      stat: () => this.#stat(),
      stampOf: (_folder, name) => this.stamps.get(name) ?? -1,
    };
    this.poll = new Poll({ clock: this.clock, files }, { intervalMs: 1_000, isExact: true }, this);
  }

  namesIn(): string[] {
    return ["a", "b"];
  }

  freshness(_folder: string, name: string): Freshness {
    this.compared.push(name);
    return this.verdicts.get(name) ?? "same";
  }

  event(event: RawEvent): void {
    this.events.push(event);
  }

  /** What one round compared. */
  async round(): Promise<string[]> {
    this.clock.advance(1_000);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    return this.compared.splice(0);
  }

  #stat(): Stat {
    const times = { mtimeMs: this.changedAt, ctimeMs: this.changedAt };
    return {
      kind: "directory",
      sizeBytes: 0,
      ...times,
      inode: 1,
      device: 1,
      mode: 0o755,
      links: 2,
    };
  }
}

Deno.test("a file is compared when it is first looked at, and has an event if it is another", async () => {
  const scene = new Scene();
  scene.verdicts.set("b", "changed");
  scene.poll.add([FOLDER]);
  assertEquals(await scene.round(), ["a", "b"]);
  assertEquals(await scene.round(), ["b"]);
  scene.verdicts.delete("b");
  assertEquals(await scene.round(), ["b"]);
  assertEquals(await scene.round(), []);
  assertEquals(scene.events, [{ kind: "partial", path: `${FOLDER}/b` }]);
});

Deno.test("a file that may be written again under the same stamp has one event more, after that", async () => {
  const scene = new Scene();
  scene.poll.add([FOLDER]);
  await scene.round();
  scene.stamps.set("b", 2);
  for (const freshness of ["changed", "racing", "racing"] as const) {
    scene.verdicts.set("b", freshness);
    await scene.round();
    assertEquals(scene.events.length, 1);
  }
  scene.verdicts.set("b", "racy");
  for (let round = 0; round < 3; round++) await scene.round();
  const event = { kind: "partial", path: `${FOLDER}/b` } as const;
  assertEquals(scene.events, [event, event]);
});

Deno.test("a file that nobody may look at has one event", async () => {
  const scene = new Scene();
  scene.verdicts.set("a", "changed");
  scene.poll.add([FOLDER]);
  scene.stamps.delete("a");
  for (let round = 0; round < 3; round++) await scene.round();
  assertEquals(scene.events, [{ kind: "partial", path: `${FOLDER}/a` }]);
});

Deno.test("each later change has one event, within the interval", async () => {
  const scene = new Scene();
  scene.poll.add([FOLDER]);
  await scene.round();
  for (const stamp of [2, 3]) {
    scene.stamps.set("a", stamp);
    await scene.round();
    assertEquals(scene.events.splice(0), [{ kind: "partial", path: `${FOLDER}/a` }]);
    await scene.round();
    assertEquals(scene.events, []);
  }
});

Deno.test("a folder that changed has an event, and what is in it is compared again", async () => {
  const scene = new Scene();
  scene.poll.add([FOLDER]);
  await scene.round();
  scene.stamps.set(".", 2);
  scene.changedAt += 1;
  assertEquals(await scene.round(), ["a", "b"]);
  assertEquals(await scene.round(), []);
  assertEquals(scene.events, [{ kind: "complete", path: FOLDER }]);
});

Deno.test("a folder that changed just now may change again under the same stamp", async () => {
  const scene = new Scene();
  scene.changedAt = scene.clock.wallNow() + 0.5;
  scene.poll.add([FOLDER]);
  await scene.round();
  await scene.round();
  assertEquals(scene.events, [{ kind: "complete", path: FOLDER }]);
});

Deno.test("nothing is polled once it is closed", () => {
  const scene = new Scene();
  scene.poll.add([FOLDER]);
  assertEquals(scene.clock.pending, 1);
  scene.poll.close();
  assertEquals(scene.clock.pending, 0);
  scene.poll.add([FOLDER]);
  assertEquals(scene.clock.pending, 0);
});
