import { assertEquals } from "@std/assert";
import { FirstReady } from "../../lib/control/first_ready.ts";
import { Hooks } from "../../lib/control/hooks.ts";
import { ServiceManager } from "../../lib/control/service_manager.ts";
import { PlatformError } from "../../lib/platform/platform.ts";
import { LOG_EXAMPLES } from "../../tools/log_examples.ts";
import { FakeClock } from "../support/fake_clock.ts";

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

/** Commands that end when the test says so, with a status. */
function scene(onReady: string | null, onFail: string | null) {
  const commands: (readonly string[])[] = [];
  const ends: ((code: number | Error) => void)[] = [];
  const troubles: string[] = [];
  const hooks = new Hooks({
    processes: {
      output(command) {
        commands.push(command);
        return new Promise((resolve, reject) =>
          ends.push((code) =>
            typeof code === "number" ? resolve({ code, stdout: "" }) : reject(code)
          )
        );
      },
    },
    settings: { onReady, onFail, cwd: "/p" },
    placeIn: () => ({ file: "a.py", line: 3 }),
    onTrouble: ({ what }) => void troubles.push(what),
  });
  const end = async (code: number | Error) => {
    ends.shift()!(code);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return { hooks, commands, troubles, end };
}

Deno.test("a command gets the facts in its environment, and is a shell's", () => {
  const { hooks, commands } = scene("say ready", "say failed");
  hooks.ready({ ...READY, generation: 7, changed: ["a.py", "b.py"] });
  const [env, ...rest] = commands[0]!;
  assertEquals([env, rest.includes("BATON_EVENT=ready"), rest.includes("BATON_GENERATION=7")], [
    "env",
    true,
    true,
  ]);
  assertEquals(rest.includes("BATON_CHANGED=a.py\nb.py"), true);
  assertEquals(rest.at(-1)!.endsWith("\nsay ready"), true);
});

Deno.test("one at a time, the newest next, and what fails is told", async () => {
  const { hooks, commands, troubles, end } = scene("on ready", "on fail");
  hooks.ready({ ...READY, generation: 1 });
  hooks.note({ ...FAILED, generation: 2 });
  hooks.note({ ...FAILED, generation: 3, lines: ["no"] });
  assertEquals(commands.length, 1);
  await end(0);
  assertEquals(commands.length, 2);
  for (const fact of ["GENERATION=3", "EVENT=failed", "FILE=a.py", "LINE=3", "LINES=no"]) {
    assertEquals(commands[1]!.includes(`BATON_${fact}`), true, fact);
  }
  await end(4);
  hooks.ready({ ...READY, generation: 4 });
  await end(new PlatformError("ETIMEDOUT", "over 30000 ms"));
  assertEquals(troubles, [
    'The command of "--on-fail" failed: exit status 4',
    'The command of "--on-ready" failed: over 30000 ms',
  ]);
});

Deno.test("nothing is run that was not asked for, nor for a program that ended well", () => {
  const { hooks, commands } = scene(null, null);
  hooks.ready(READY);
  hooks.note(FAILED);
  const asked = scene(null, "on fail");
  asked.hooks.note({ ...LOG_EXAMPLES["ended"], status: { kind: "exited", code: 0 } });
  assertEquals([commands, asked.commands], [[], []]);
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
