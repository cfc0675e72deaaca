/** When a generation ceases to serve, as it is seen from outside. */
import { assertEquals } from "@std/assert";
import type { ChildEvent } from "../../lib/act/child_event.ts";
import { ServingWatch } from "../../lib/act/serving_watch.ts";
import type { ListeningDescriptor, Sockets } from "../../lib/platform/platform.ts";
import { FakeClock } from "../support/fake_clock.ts";

const SELF = 100;
const WORKER = 101;

/** A generation that listens by these descriptors, each a process and a socket. */
class Scene {
  readonly clock = new FakeClock();
  /** Those that are open, as `100 a`. */
  readonly open: Set<string>;
  /** How often it was looked for what is listened on, and at a descriptor. */
  searches = 0;
  looks = 0;
  readonly closed: number[] = [];
  readonly watch: ServingWatch;

  constructor(...descriptors: (readonly [pid: number, inode: string])[]) {
    this.open = new Set(descriptors.map((each) => each.join(" ")));
    const listening = (pids: readonly number[]): ListeningDescriptor[] => {
      this.searches += 1;
      return descriptors.filter(([pid]) => pids.includes(pid)).map(([pid, inode]) => ({
        pid,
        inode,
        place: "",
        isOpen: () => {
          this.looks += 1;
          return this.open.has(`${pid} ${inode}`);
        },
      }));
    };
    const sockets = { listening } as Partial<Sockets> as Sockets;
    const platform = { clock: this.clock, sockets };
    const processes = () => [SELF, WORKER, WORKER + 1];
    this.watch = new ServingWatch(platform, processes, (_, openUntil) => {
      this.closed.push(openUntil);
    });
  }

  says(event: Partial<ChildEvent> & { type: ChildEvent["type"] }): void {
    this.watch.hear(1, { participant: 0, ...event } as ChildEvent);
  }

  hello(...components: { name: string; serves?: boolean }[]): void {
    const declared = components.map((each) => ({ timeoutMs: 5_000, ...each }));
    this.says({ type: "hello", pid: SELF, capabilities: [], components: declared, listens: [] });
  }
}

const HTTP = { name: "http" };

Deno.test("serving: it is open until the last look before it was found closed", () => {
  const scene = new Scene([SELF, "a"]);
  scene.hello(HTTP);
  scene.watch.prepare(1);
  scene.clock.advance(300);
  scene.watch.start(1);
  scene.clock.advance(103);
  scene.says({ type: "stopped", component: "loop" });
  scene.clock.advance(1);
  scene.open.clear();
  scene.says({ type: "stopped", component: "http" });
  assertEquals([scene.closed, scene.searches], [[403], 1]);
  scene.looks = 0;
  scene.clock.advance(100);
  scene.says({ type: "stopped", component: "more" });
  assertEquals([scene.closed, scene.looks], [[403], 0]); // it is dark: nothing more is looked at
});

Deno.test("serving: a checkpoint in between, or another generation's, is no reason to search again", () => {
  const scene = new Scene([SELF, "a"]);
  scene.hello(HTTP);
  scene.watch.prepare(1);
  scene.says({ type: "saved", kind: "checkpoint" });
  scene.watch.start(1);
  scene.watch.hear(2, { type: "refused", participant: 0, why: "" });
  scene.clock.advance(5);
  scene.open.clear();
  scene.clock.advance(5);
  assertEquals([scene.closed, scene.searches], [[5], 1]);
});

Deno.test("serving: what it listens on is looked for once it has been ready for a while, and only once", () => {
  const scene = new Scene([SELF, "a"]);
  scene.hello(HTTP);
  scene.says({ type: "ready" });
  assertEquals(scene.searches, 0);
  scene.clock.advance(1_000);
  assertEquals(scene.searches, 1);
  scene.watch.prepare(1);
  scene.says({ type: "saved", kind: "checkpoint" });
  scene.says({ type: "refused", why: "not now" });
  scene.watch.start(1);
  assertEquals(scene.searches, 1);
  scene.says({ type: "saved", kind: "checkpoint" }); // late
  scene.open.clear();
  scene.says({ type: "stopped", component: "http" });
  assertEquals(scene.closed, [1_000]);
  scene.watch.forget(1);
  assertEquals(scene.clock.pending, 0);

  const gone = new Scene([SELF, "a"]);
  gone.hello(HTTP);
  gone.says({ type: "ready" });
  gone.watch.close();
  assertEquals(gone.clock.pending, 0);
});

Deno.test("serving: where the program says nothing it is looked at again and again", () => {
  const scene = new Scene([SELF, "a"]);
  scene.hello(HTTP);
  scene.watch.start(1);
  scene.clock.advance(52);
  scene.open.clear();
  scene.clock.advance(10);
  assertEquals([scene.closed, scene.searches], [[50], 1]);
});

Deno.test("serving: one that says what serves, or has no components, is not looked at", () => {
  for (const components of [[{ ...HTTP, serves: true }, { name: "loop" }], []]) {
    const scene = new Scene([SELF, "a"]);
    scene.hello(...components);
    scene.watch.prepare(1);
    scene.watch.start(1);
    scene.clock.advance(100);
    assertEquals([scene.searches, scene.looks], [0, 0]);
  }
});

Deno.test("serving: a process closes one of several, a socket that several have is closed by all", () => {
  const copies = new Scene([SELF, "a"], [SELF, "b"]);
  copies.hello(HTTP);
  copies.watch.start(1);
  copies.open.delete(`${SELF} b`);
  copies.clock.advance(5);
  assertEquals(copies.closed, [0]);

  const workers = new Scene([WORKER, "a"], [WORKER + 1, "a"]);
  workers.hello(HTTP);
  workers.watch.start(1);
  workers.open.delete(`${WORKER} a`);
  workers.clock.advance(5);
  assertEquals(workers.closed, []);
  workers.open.clear();
  workers.clock.advance(5);
  assertEquals(workers.closed, [5]);
});

Deno.test("serving: nothing is known of what stays open until the state is saved", () => {
  const scene = new Scene([SELF, "a"]);
  scene.hello(HTTP);
  scene.watch.start(1);
  scene.says({ type: "saved", kind: "final" });
  scene.open.clear();
  scene.clock.advance(100);
  scene.watch.forget(1);
  assertEquals(scene.closed, []);
});
