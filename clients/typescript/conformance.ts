/** The programs that the conformance suite runs: `conformance.ts PROGRAM`; see docs/protocol.md. */
import { spawn } from "node:child_process";
import process from "node:process";
import { join } from "../../lib/client/mod.ts";

const program = process.argv[2] as keyof typeof PROGRAMS;
process.on("exit", () => console.log("ended"));
const baton = await join({ exclusive: program === "late" });

const hang = () => new Promise(() => {});

function fail(why: string): never {
  throw new Error(why);
}

async function counts(): Promise<void> {
  const state = await baton.restore({ count: 0 });
  console.log(`restored ${JSON.stringify(state)}`);
  state.count += 1;
  baton.component("first", () => console.log("stop first"));
  baton.component("second", () => console.log("stop second"), { timeoutMs: 900 });
  baton.onSave(() => state);
}

const alive = setInterval(() => {}, 60_000);
baton.stopped.then(() => clearInterval(alive));

const PROGRAMS = {
  counts,
  async workers() {
    await counts();
    baton.ready();
    // A worker is a process of its own that takes part as well.
    const [, script] = process.argv;
    const args = "Deno" in globalThis ? ["run", "-A", script!] : [script!];
    spawn(process.execPath, [...args, "worker"], { stdio: "inherit" });
  },
  async worker() {
    await baton.restore(null);
    baton.onSave(() => "of the worker");
  },
  async parts() {
    await baton.restore(null);
    baton.onSave(() => ({ whole: true }));
    baton.component("queue", () => {}, { save: () => ["event"] });
    baton.component("config", { save: () => ({ tick: 1 }) });
  },
  async joins() {
    await baton.restore(null);
    const say = (what: string) => () => console.log(what);
    baton.component("http", say("stop http"), { serves: true });
    baton.component("first", say("tell first"), { join: say("join first") });
    baton.component("queue", say("stop queue"));
    baton.component("second", say("tell second"), { join: say("join second") });
    baton.onSave(() => "joined");
  },
  async stuck() {
    await baton.restore(null);
    baton.component("fine", () => {});
    baton.component("hangs", hang, { timeoutMs: 50 });
    baton.component("raises", () => fail("cannot stop"));
    baton.onSave(() => "saved anyway");
  },
  async raises() {
    await baton.restore(null);
    baton.onSave(() => fail("not now"));
  },
  async slow() {
    await baton.restore("");
    baton.onSave(async () => {
      process.stdout.write("saving\n");
      process.stderr.write("saving\n");
      await new Promise((resolve) => setTimeout(resolve, 200));
      return "x".repeat(1 << 24);
    });
  },
  async nothing() {
    await baton.restore(null);
    baton.component("only", () => {});
  },
  async notices() {
    await baton.restore(null);
    baton.onChange("*.txt", (paths) => {
      if (paths.join() !== "touched.txt") fail("cannot read it");
      console.log("told touched.txt");
    });
    baton.onSave(() => "told");
  },
  async recycles() {
    await baton.restore(null);
    const say = (what: string) => () => console.log(what);
    let count = 1;
    baton.component("count", say("stop count"), {
      save: () => count,
      start: (saved) => {
        console.log(`start count with ${saved}`);
        count = saved as number + 1;
      },
    });
    baton.component("kept", { save: () => "as it is" });
    baton.component("http", say("stop http"), { start: say("start http"), serves: true });
    baton.component("loop", say("tell loop"), { join: say("join loop"), start: say("start loop") });
  },
  async unstartable() {
    const state = await baton.restore({});
    console.log(`restored ${JSON.stringify(state)}`);
    const queue = ["event"];
    baton.component("queue", () => {}, {
      save: () => [...queue],
      start: () => {
        queue.length = 0;
        fail("cannot start");
      },
    });
    baton.component("only", () => console.log("stop only"), {
      start: () => console.log("start only"),
    });
  },
  async unready() {
    await baton.restore(null);
    baton.onSave(() => "too early");
    await hang();
  },
  async finishes() {
    await counts();
    clearInterval(alive);
  },
  late() {
    baton.ready();
    baton.component("late", () => {});
  },
  async checkpoints() {
    const state = await baton.restore({ saved: 0 });
    baton.onSave(() => {
      state.saved += 1;
      return state;
    });
    baton.ready();
    await baton.checkpoint();
  },
};

await PROGRAMS[program]();
baton.ready();
