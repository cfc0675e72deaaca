import { assertEquals } from "@std/assert";
import { RestartLoop } from "../../../lib/watch/outputs/restart_loop.ts";

/** A program that is started when a change is emitted, in a time of its own. */
class Scene {
  readonly loop = new RestartLoop();
  now = 1_000;
  readonly told: string[] = [];
  sizeOf = (_path: string): number => 100;
  readonly #known = new Set<string>();

  constructor() {
    this.loop.started(this.now);
  }

  /** Files change so long after the start; returns how long after that the change is emitted. */
  changes(afterMs: number, ...paths: string[]): number {
    const firstAt = this.now += afterMs;
    const isNew = (path: string) => !this.#known.has(path);
    const change = { paths, firstAt, isNew, sizeOf: (path: string) => this.sizeOf(path) };
    let emittedAt = this.now;
    for (let until = this.loop.waitUntil(change); until > emittedAt;) {
      emittedAt = until;
      until = this.loop.waitUntil({ ...change, firstAt: until + 50 });
    }
    const notice = this.loop.emitted({ ...change, firstAt: emittedAt });
    if (notice !== null) this.told.push(`${notice.what}: ${notice.next?.split(" ").at(-1)}`);
    for (const path of paths) this.#known.add(path);
    this.now = emittedAt + 100;
    this.loop.started(this.now);
    return emittedAt - firstAt;
  }
}

function waits(scene: Scene, times: number, name: (at: number) => string): number[] {
  return Array.from({ length: times }, (_, at) => scene.changes(50, name(at)));
}

const EXPECTED = [0, 0, 0, 0, 0, 950, 1_950, 3_950, 7_950, 9_950, 9_950];

for (
  const [what, name, glob] of [
    ["the same file", () => "server.log", "server.log"],
    ["a new file each", (at: number) => `run-${at}.txt`, "run-*.txt"],
    ["a folder each", (at: number) => `runs/2026-11-${at}/out`, "runs/*/out"],
    ["a file whose name is random", (at: number) => `out.${"abdefgijkxz"[at]}`, null],
  ] as const
) {
  Deno.test(`a program that causes its own restarts is started more and more seldom: ${what}`, () => {
    const scene = new Scene();
    assertEquals(waits(scene, EXPECTED.length, name), EXPECTED);
    assertEquals(scene.told.length, 2, scene.told.join());
    assertEquals(scene.told[0]!.split(" ").slice(0, 4).join(" "), "The last 5 restarts");
    assertEquals(scene.told[1]!.split(" ").slice(0, 4).join(" "), "The last 10 restarts");
    if (glob !== null) assertEquals(scene.told[0]!.endsWith(`: "${glob}"`), true, scene.told[0]);
  });
}

Deno.test("a person who saves at leisure is not slowed down", () => {
  const scene = new Scene();
  for (let save = 0; save < 20; save++) {
    const afterMs = 1_001 + 1_000 * (save % 3);
    assertEquals(scene.changes(afterMs, "a.py"), 0);
  }
  assertEquals(scene.told, []);
});

Deno.test("a source that is saved during such a loop does not wait", () => {
  const scene = new Scene();
  scene.changes(20_000, "a.py"); // From now on it is known.
  waits(scene, 8, () => "server.log");
  assertEquals(scene.changes(50, "a.py"), 0);
  assertEquals(scene.changes(50, "server.log") > 0, true);
});

Deno.test("a tool that saves one source after each start is told of, and not slowed down", () => {
  const scene = new Scene();
  scene.changes(20_000, "a.py");
  assertEquals(waits(scene, 50, () => "a.py"), Array(50).fill(0));
  assertEquals(scene.told.length, 4);
});

Deno.test("a file that was there before and is no source waits, too, once nobody can have saved it as often", () => {
  const scene = new Scene();
  scene.changes(20_000, "state.dat");
  const waited = waits(scene, 23, () => "state.dat");
  assertEquals(waited, [...Array(19).fill(0), 9_950, 9_950, 9_950, 9_950]);
  assertEquals(scene.changes(50, "a.py"), 0);
});

Deno.test("a log that was there before is known by its growing", () => {
  const scene = new Scene();
  scene.changes(20_000, "server.log");
  let bytes = 0;
  scene.sizeOf = () => bytes += 10;
  const expected = [...Array(11).fill(0), 9_950, 9_950];
  assertEquals(waits(scene, expected.length, () => "server.log"), expected);
});

Deno.test("a rest ends the loop", () => {
  const scene = new Scene();
  waits(scene, 8, () => "server.log");
  assertEquals(scene.changes(3_000, "server.log"), 0);
  assertEquals(waits(scene, 4, () => "server.log"), [0, 0, 0, 0]);
});

Deno.test("several changes before one start count once", () => {
  const loop = new RestartLoop();
  loop.started(0);
  const change = { paths: ["a"], firstAt: 10, isNew: () => false, sizeOf: () => 0 };
  for (let change_ = 0; change_ < 20; change_++) assertEquals(loop.emitted(change), null);
  assertEquals(loop.waitUntil(change), -Infinity);
});

Deno.test("a program that makes its change later, but always as late, is in a loop, too", () => {
  const scene = new Scene();
  const waited = Array.from({ length: 9 }, (_, at) => scene.changes(1_500 + at % 2, "cache.dat"));
  assertEquals(waited.slice(0, 6), Array(6).fill(0));
  assertEquals(waited.slice(6).every((ms) => ms > 400), true, waited.join());
  assertEquals(scene.told.length, 1);
});

Deno.test("a source never waits, however soon after each start it is saved, and though it is new or grows", () => {
  const scene = new Scene();
  let size = 0;
  scene.sizeOf = () => ++size;
  for (const name of ["app.py", "main.go", "index.tsx", "baton.jsonc"]) {
    assertEquals(waits(scene, 20, () => name), Array(20).fill(0), name);
  }
  assertEquals(waits(scene, 20, (at) => `made_${at}.ts`), Array(20).fill(0));
});

Deno.test("the restart that is told of names what may be the program's, and not the source that was saved meanwhile", () => {
  const scene = new Scene();
  for (const name of ["app.py", "jobs/7.json", "app.py", "jobs/8.json", "app.py"]) {
    scene.changes(900, name);
  }
  assertEquals(scene.told, [
    'The last 5 restarts came at the same time after a start, one for "jobs/8.json": "jobs/*.json"',
  ]);
});
