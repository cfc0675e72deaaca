import { assertEquals } from "@std/assert";
import { type Batch, type Pending, Settle, type SettleHandler } from "../../lib/watch/settle.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** A settle on a fake clock that notes when it scans, emits and settles. */
class Scene implements SettleHandler<Pending> {
  readonly clock = new FakeClock();
  readonly said: string[] = [];
  isHeldNow = false;
  isHalfwayNow = false;
  hasMoved = true;
  moved: readonly string[] = ["a", "b"];
  /** What the next recheck turns up. */
  unheard: string | null = null;
  /** The next recheck finds a file gone that had no event yet. */
  findsGone = false;
  readonly settle: Settle<Pending>;

  constructor(tellsCloseFromWrite = true) {
    const timing = { settleMs: 50, maxWaitMs: 500, tellsCloseFromWrite };
    this.settle = new Settle(this.clock, timing, this);
  }

  isHeld(): boolean {
    return this.isHeldNow;
  }

  scan(paths: ReadonlySet<string>): Promise<void> {
    this.said.push(`${this.clock.now()} scan ${[...paths].join(" ")}`);
    return Promise.resolve();
  }

  recheck(): Promise<void> {
    if (this.unheard !== null) this.settle.touched(this.unheard, "complete");
    this.unheard = null;
    if (this.findsGone) this.isHalfwayNow = this.hasMoved = true;
    this.findsGone = false;
    return Promise.resolve();
  }

  pending(): Pending {
    return { paths: this.moved, halfway: this.isHalfwayNow };
  }

  emit({ firstAt, lastAt }: Batch): boolean {
    if (!this.hasMoved) return false;
    this.hasMoved = false;
    this.said.push(`${this.clock.now()} changed ${firstAt}-${lastAt}`);
    return true;
  }

  settled(): void {
    this.said.push(`${this.clock.now()} settled`);
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed++) {
      this.clock.advance(1);
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    }
  }
}

Deno.test("a completed write is spoken of after 3 ms and settles after the settle time", async () => {
  const scene = new Scene();
  scene.settle.touched("a", "partial");
  await scene.pass(3);
  scene.settle.touched("a", "complete");
  await scene.pass(100);
  assertEquals(scene.said, ["6 scan a", "6 changed 0-3", "53 settled"]);
});

Deno.test("one file that was closed settles after half the settle time", async () => {
  const scene = new Scene();
  scene.moved = ["a"];
  scene.settle.touched("a", "complete");
  await scene.pass(100);
  scene.hasMoved = true;
  scene.settle.touched("a", "complete");
  await scene.pass(100);
  assertEquals(scene.said, [
    ...["3 scan a", "3 changed 0-0", "25 settled"],
    ...["103 scan a", "103 changed 100-100", "125 settled"],
  ]);
});

Deno.test("whatever comes after one file that was closed settles after the settle time", async () => {
  const scene = new Scene();
  scene.moved = ["a"];
  scene.settle.touched("a", "complete");
  await scene.pass(20);
  scene.hasMoved = true;
  scene.settle.touched("a", "complete");
  await scene.pass(100);
  assertEquals(scene.said, [
    ...["3 scan a", "3 changed 0-0"],
    ...["23 scan a", "23 changed 0-20", "70 settled"],
  ]);
});

Deno.test("one file that nobody can tell to be closed settles after the settle time", async () => {
  const scene = new Scene(false);
  scene.moved = ["a"];
  scene.settle.touched("a", "partial");
  await scene.pass(100);
  assertEquals(scene.said, ["20 scan a", "20 changed 0-0", "50 settled"]);
});

Deno.test("a file that is being written holds back those that are complete", async () => {
  const scene = new Scene();
  scene.settle.touched("a", "complete");
  scene.settle.touched("b", "partial");
  await scene.pass(100);
  assertEquals(scene.said, ["50 scan a b", "50 changed 0-0", "51 settled"]);
});

Deno.test("a file that is open for writing is waited for until it is closed", async () => {
  const scene = new Scene();
  scene.settle.touched("a", "complete");
  scene.settle.touched("b", "writing");
  await scene.pass(200);
  scene.settle.touched("b", "partial"); // its times were set
  await scene.pass(200);
  assertEquals([scene.said, scene.settle.isPartial("b")], [[], true]);
  scene.settle.touched("b", "complete");
  await scene.pass(60);
  assertEquals(scene.said, ["403 scan a b", "403 changed 0-400", "450 settled"]);
});

Deno.test("a file that was being written in a folder that is gone is not waited for", async () => {
  const scene = new Scene();
  scene.settle.touched("/in/a", "writing");
  scene.settle.touched("/in/inner/b", "writing");
  await scene.pass(10);
  scene.settle.gone("/in/inner");
  await scene.pass(100);
  assertEquals(scene.said, []);
  scene.settle.gone("/in");
  await scene.pass(100);
  assertEquals(scene.said, ["110 scan /in/a /in/inner/b", "111 changed 0-0", "112 settled"]);
});

Deno.test("a file that stays open is waited for up to the cap", async () => {
  const scene = new Scene();
  scene.settle.touched("a", "writing");
  await scene.pass(600);
  assertEquals(scene.said, ["500 scan a", "500 changed 0-0", "500 settled"]);
});

Deno.test("without word of closing, a written file waits for a shorter quiet", async () => {
  const scene = new Scene(false);
  scene.settle.touched("a", "partial");
  await scene.pass(100);
  assertEquals(scene.said, ["20 scan a", "20 changed 0-0", "50 settled"]);
});

Deno.test("what did not move is not spoken of, and does not settle", async () => {
  const scene = new Scene();
  scene.hasMoved = false;
  scene.settle.touched("a", "complete");
  await scene.pass(100);
  assertEquals(scene.said, ["3 scan a"]);
});

Deno.test("a file gone or empty waits for the rest of its save", async () => {
  const scene = new Scene();
  scene.isHalfwayNow = true;
  scene.settle.touched("a", "complete");
  await scene.pass(30);
  assertEquals(scene.said, ["3 scan a"]);
  scene.isHalfwayNow = false;
  scene.settle.touched("a", "complete");
  await scene.pass(100);
  assertEquals(scene.said.slice(1), ["33 scan a", "33 changed 0-30", "80 settled"]);
});

Deno.test("a file that stays gone is spoken of when it has settled", async () => {
  const scene = new Scene();
  scene.isHalfwayNow = true;
  scene.settle.touched("a", "complete");
  await scene.pass(100);
  assertEquals(scene.said, ["3 scan a", "50 changed 0-0", "50 settled"]);
});

Deno.test("a second write before it settled is one round with the first", async () => {
  const scene = new Scene();
  scene.settle.touched("a", "complete");
  await scene.pass(30);
  scene.hasMoved = true;
  scene.settle.touched("a", "complete");
  await scene.pass(100);
  assertEquals(scene.said, [
    ...["3 scan a", "3 changed 0-0"],
    ...["33 scan a", "33 changed 0-30", "80 settled"],
  ]);
});

Deno.test("a steady writer is capped, and its next write begins a new round", async () => {
  const scene = new Scene();
  for (let at = 0; at < 600; at += 20) {
    scene.settle.touched("a", "partial");
    await scene.pass(20);
  }
  assertEquals(scene.said.slice(0, 3), ["500 scan a", "500 changed 0-480", "500 settled"]);
  scene.hasMoved = true;
  await scene.pass(100);
  assertEquals(scene.said.slice(3), ["630 scan a", "630 changed 500-580", "631 settled"]);
});

Deno.test("while git is at work nothing is looked at or settled; one round follows", async () => {
  const scene = new Scene();
  scene.isHeldNow = true;
  scene.settle.touched("a", "complete");
  await scene.pass(200);
  scene.settle.touched("b", "complete");
  await scene.pass(200);
  assertEquals(scene.said, []);
  scene.isHeldNow = false;
  await scene.pass(100);
  assertEquals(scene.said.map((line) => line.replace(/^\d+ /, "")), [
    ...["scan a b", "changed 0-200", "settled"],
  ]);
});

Deno.test("what moved while nothing could be said is said when it is reconsidered", async () => {
  const scene = new Scene();
  scene.settle.reconsider();
  await scene.pass(100);
  assertEquals(scene.said, ["50 changed 0-0", "50 settled"]);
});

Deno.test("where whoever writes is done, only what looks half saved is waited for, since it was touched", async () => {
  const scene = new Scene();
  scene.settle.complete(); // nothing there is
  scene.settle.reconsider();
  await scene.pass(1);
  scene.settle.complete();
  await scene.pass(100);
  assertEquals(scene.said.splice(0), ["2 changed 0-0", "2 settled"]);

  scene.hasMoved = scene.isHalfwayNow = true;
  scene.settle.touched("a", "complete");
  await scene.pass(20);
  scene.settle.reconsider();
  scene.settle.complete();
  await scene.pass(100);
  assertEquals(scene.said.splice(0), ["104 scan a", "151 changed 101-101", "151 settled"]);

  scene.hasMoved = true;
  scene.isHalfwayNow = false;
  scene.settle.reconsider();
  scene.settle.complete();
  scene.settle.touched("b", "complete"); // more comes all the same
  scene.settle.complete();
  await scene.pass(100);
  assertEquals(scene.said, ["224 scan b", "224 changed 221-221", "271 settled"]);
});

Deno.test("a closed settle has no timer left", () => {
  const scene = new Scene();
  scene.settle.touched("a", "complete");
  scene.settle.close();
  assertEquals(scene.clock.pending, 0);
});

Deno.test("what had no event is looked at before anything is called settled", async () => {
  const scene = new Scene();
  scene.unheard = "link";
  scene.settle.touched("a", "complete");
  await scene.pass(200);
  assertEquals(scene.said, [
    ...["3 scan a", "3 changed 0-0"],
    ...["53 scan link", "100 settled"],
  ]);
});

Deno.test("what had no event is looked at, though the batch before was capped", async () => {
  const scene = new Scene();
  for (let at = 0; at < 480; at += 20) {
    scene.settle.touched("a", "partial");
    await scene.pass(20);
  }
  scene.settle.touched("a", "partial");
  scene.unheard = "link";
  await scene.pass(20);
  scene.hasMoved = true;
  await scene.pass(200);
  assertEquals(scene.said, [
    ...["500 scan a", "500 changed 0-480", "500 settled"],
    ...["553 scan link", "553 changed 500-550", "600 settled"],
  ]);
});

Deno.test("a save that begins as a batch ends is waited for", async () => {
  const scene = new Scene();
  scene.settle.reconsider();
  scene.findsGone = true;
  await scene.pass(59);
  assertEquals(scene.said, []);
  scene.settle.touched("a", "complete");
  scene.isHalfwayNow = false;
  await scene.pass(100);
  assertEquals(scene.said, ["62 scan a", "62 changed 0-59", "109 settled"]);
});

Deno.test("a file that had no event and stays gone is spoken of after the settle time", async () => {
  const scene = new Scene();
  scene.settle.reconsider();
  scene.findsGone = true;
  await scene.pass(150);
  assertEquals(scene.said, ["100 changed 0-50", "100 settled"]);
});

Deno.test("what was touched is drained once it was scanned, at once where nothing was, and at the end", async () => {
  const scene = new Scene();
  const drained = (what: string) =>
    scene.settle.drained().then(() => void scene.said.push(`${scene.clock.now()} ${what}`));
  drained("nothing to drain");
  await scene.pass(1);
  scene.settle.touched("a", "complete");
  drained("drained");
  await scene.pass(60);
  scene.settle.touched("b", "writing");
  drained("closed");
  await scene.pass(2);
  scene.settle.close();
  await scene.pass(1);
  assertEquals(scene.said.filter((line) => !line.endsWith("settled")), [
    "1 nothing to drain",
    "4 scan a",
    "4 changed 1-1",
    "4 drained",
    "64 closed",
  ]);
});
