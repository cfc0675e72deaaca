/** A program that baton may not signal: told of, waited for, and no reason for baton to stay. */
import { assertEquals, assertMatch } from "@std/assert";
import { findOnPath } from "../../tools/find_on_path.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Baton, type BatonOptions, Project } from "./baton.ts";

const canTry = Deno.build.os === "linux" && Deno.uid() === 0 && findOnPath("setpriv") !== null;
if (!canTry) console.warn("SKIPPED: programs of another user, for that needs root and setpriv");

/** As root, but without the right to signal others: what another user is to root's processes. */
const WITHOUT_KILL = ["setpriv", "--bounding-set=-kill", "--inh-caps=-kill"];
const OTHERS = [
  "setpriv",
  "--reuid=65534",
  "--clear-groups",
  "sh",
  "-c",
  "echo begun $$; exec sleep 600",
];

function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound) && !/ESRCH/.test(String(error))) throw error;
  }
}

class Untouchable implements AsyncDisposable {
  readonly project = new Project({ "touched.txt": "0" });
  readonly baton: Baton;

  constructor(options: BatonOptions = {}) {
    const args = ["--stop-timeout", "200ms"];
    this.baton = new Baton(this.project, OTHERS, { args, below: WITHOUT_KILL, ...options });
  }

  get pids(): number[] {
    return [...this.baton.stdout.matchAll(/^begun (\d+)$/gm)].map(([, pid]) => Number(pid));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pid of this.pids) kill(pid);
    await this.baton[Symbol.asyncDispose]();
    this.project[Symbol.dispose]();
  }
}

Deno.test(
  "what may not be signaled is told of once it was to be killed; nothing starts beside it",
  {
    ignore: !canTry,
  },
  async () => {
    await using stage = new Untouchable();
    const { baton, project } = stage;
    await baton.up();
    project.write("touched.txt", "1");
    const { processes, isLeft } = await baton.event("not-killed");
    assertEquals([processes.length, processes[0].pid, isLeft], [1, stage.pids[0], false]);
    assertMatch(processes[0].why, /may not be signaled/);
    assertEquals([baton.count("started"), baton.count("escalated")], [1, 0]);
    kill(stage.pids[0]!);
    await waitUntil("the next has begun", () => baton.stdout.split("begun").length === 3);
    const second = stage.pids[1]!;
    baton.kill("SIGINT");
    const left = await baton.event("not-killed", (event) => event.isLeft);
    assertEquals(left.processes[0].pid, second);
    kill(second);
    assertEquals(await baton.end(), 1);
  },
);

Deno.test("a second Ctrl-C ends baton whatever lives on", { ignore: !canTry }, async () => {
  await using stage = new Untouchable({ args: ["--stop-timeout", "60s"] });
  const { baton } = stage;
  await baton.up();
  baton.kill("SIGINT");
  await baton.event("stopping");
  await new Promise((done) => setTimeout(done, 250)); // sooner it would count as the same Ctrl-C
  baton.kill("SIGINT");
  await baton.event("not-killed");
  assertEquals((await baton.status).code, 1);
});
