import { assertEquals } from "@std/assert";
import { FirstReady } from "../../lib/control/first_ready.ts";
import { Hooks } from "../../lib/control/hooks.ts";
import { ServiceManager } from "../../lib/control/service_manager.ts";
import { PlatformError } from "../../lib/platform/platform.ts";
import { LOG_EXAMPLES } from "../../tools/log_examples.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FakeProcesses } from "../support/fake_processes.ts";

const READY = LOG_EXAMPLES["ready"];
const FAILED = LOG_EXAMPLES["candidate failed"];

Deno.test("a generation is ready once: when it says so, or has lived for a second", () => {
  const clock = new FakeClock();
  const told: number[] = [];
  const first = new FirstReady(clock, ({ generation }) => void told.push(generation));
  first.note({ ...READY, generation: 1, announced: false });
  clock.advance(999);
  first.note({ ...READY, generation: 1, announced: true });
  assertEquals(told, [1]);
  clock.advance(5_000);
  first.note({ ...READY, generation: 2, announced: false });
  clock.advance(1_000);
  first.note({ ...READY, generation: 2, announced: true });
  assertEquals(told, [1, 2]);
  first.note({ ...READY, generation: 3, announced: false });
  first.note({ ...LOG_EXAMPLES["ended"], generation: 3 });
  clock.advance(5_000);
  assertEquals([told, clock.pending], [[1, 2], 0]);
});

/** Commands that end when the test says so. */
function scene(onReady: string | null, onFail: string | null) {
  const clock = new FakeClock();
  const processes = new FakeProcesses();
  const troubles: string[] = [];
  const hooks = new Hooks({
    platform: { clock, processes, env: () => ({ PATH: "/bin" }), randomId: () => "7" },
    settings: { onReady, onFail, cwd: "/p" },
    placeIn: () => ({ file: "a.py", line: 3 }),
    onTrouble: ({ what }) => void troubles.push(what),
  });
  return { hooks, clock, processes, troubles };
}

Deno.test("a command gets the facts in its environment, and is a shell's", () => {
  const { hooks, processes } = scene("say ready", "say failed");
  hooks.ready({ ...READY, generation: 7, changed: ["a.py", "b.py"] });
  const { command, env, cwd } = processes.last.request;
  assertEquals([command[0], command.at(-1)!.endsWith("\nsay ready"), cwd], ["sh", true, "/p"]);
  assertEquals([env.BATON_EVENT, env.BATON_GENERATION, env.BATON_CHANGED, env.PATH], [
    ...["ready", "7", "a.py\nb.py", "/bin"],
  ]);
});

Deno.test("one at a time, the newest next, and what fails is told", () => {
  const { hooks, processes, clock, troubles } = scene("on ready", "on fail");
  hooks.ready({ ...READY, generation: 1 });
  hooks.note({ ...FAILED, generation: 2 });
  hooks.note({ ...FAILED, generation: 3, lines: ["no"] });
  assertEquals(processes.spawned.length, 1);
  processes.last.exit(0);
  assertEquals(processes.spawned.length, 2);
  const { env } = processes.last.request;
  assertEquals([env.BATON_GENERATION, env.BATON_EVENT, env.BATON_LINES], ["3", "failed", "no"]);
  assertEquals([env.BATON_FILE, env.BATON_LINE], ["a.py", "3"]);
  processes.last.exit(4);
  hooks.ready({ ...READY, generation: 4 });
  clock.advance(30_000);
  assertEquals([processes.last.signals, clock.pending], [["SIGKILL"], 0]);
  processes.failure = new PlatformError("ENOENT", "Cannot find sh");
  hooks.ready({ ...READY, generation: 5 });
  assertEquals(troubles, [
    'The command of "--on-fail" failed: exit status 4',
    'The command of "--on-ready" failed: over 30 s',
    'The command of "--on-ready" failed: Cannot find sh',
  ]);
});

Deno.test("what a command leaves running is killed in its time, and with baton where that is asked to stop", () => {
  const { hooks, processes, clock, troubles } = scene("on ready", "on fail");
  hooks.ready(READY);
  processes.last.tree.push(900);
  processes.last.exit(0);
  clock.advance(30_000);
  assertEquals(processes.last.tree, []);

  hooks.ready(READY);
  hooks.note(FAILED);
  hooks.note(LOG_EXAMPLES["stopping"]);
  hooks.note(FAILED);
  assertEquals([processes.spawned.length, processes.last.signals], [2, ["SIGKILL"]]);

  const alone = scene("on ready", "on fail");
  alone.hooks.note(FAILED);
  alone.hooks.close(); // baton ends with its program
  assertEquals([alone.processes.last.signals, alone.clock.pending], [[], 0]);
  assertEquals([troubles, clock.pending], [[], 0]);
});

Deno.test("nothing is run that was not asked for, nor for a program that ended well", () => {
  const { hooks, processes } = scene(null, null);
  hooks.ready(READY);
  hooks.note(FAILED);
  const asked = scene(null, "on fail");
  asked.hooks.note({ ...LOG_EXAMPLES["ended"], status: { kind: "exited", code: 0 } });
  assertEquals([processes.spawned, asked.processes.spawned], [[], []]);
});

Deno.test("the service manager is told once that it is ready, then how it stands, and that it stops", () => {
  const sent: string[] = [];
  const troubles: string[] = [];
  const sockets = { send: (path: string, text: string) => void sent.push(`${path} ${text}`) };
  const make = (env: Record<string, string>) =>
    new ServiceManager(
      { sockets, env: () => env } as never,
      ({ what }) => void troubles.push(what),
    );
  const manager = make({ NOTIFY_SOCKET: "@s" });
  manager.ready({ ...READY, generation: 1 });
  manager.ready({ ...READY, generation: 2 });
  manager.note({ ...FAILED, generation: 3, live: 2 });
  manager.note(LOG_EXAMPLES["stopping"]);
  assertEquals(sent.splice(0), [
    "@s READY=1\nSTATUS=Generation 1 runs",
    "@s STATUS=Generation 2 runs",
    "@s STATUS=Generation 2 runs; generation 3 has failed",
    "@s STOPPING=1",
  ]);
  for (const env of [{}, { NOTIFY_SOCKET: "relative" }]) make(env as never).ready(READY);
  assertEquals(sent, []);
  sockets.send = () => {
    throw new PlatformError("ECONNREFUSED", "Cannot send");
  };
  manager.ready(READY);
  manager.ready(READY);
  assertEquals(troubles, ["The service manager is not told: cannot send"]);
});
