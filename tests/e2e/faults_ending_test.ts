/** Programs that end by themselves: status, signal and uptime are told apart, and what comes next is said. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fixture, Stage, together } from "./fixtures.ts";

interface Ending {
  readonly how: string;
  readonly status: Readonly<Record<string, unknown>>;
  readonly exit: number;
  readonly says: RegExp;
}

const ENDINGS: readonly Ending[] = [
  {
    how: "0",
    status: { kind: "exited", code: 0 },
    exit: 0,
    says:
      /baton: Generation 1 ended: exit status 0 after \d+ ms\n +Next: Save a change to start it again\n/,
  },
  {
    how: "3",
    status: { kind: "exited", code: 3 },
    exit: 3,
    says:
      /baton: Generation 1 ended: exit status 3 after \d+ ms\n +its last words\n +Next: Save a fix to start it again\n/,
  },
  {
    how: "SEGV",
    status: { kind: "signaled", signal: "SIGSEGV", code: 139 },
    exit: 139,
    says:
      /baton: Generation 1 ended: killed by SIGSEGV after \d+ ms\n +its last words\n +Next: Save a fix to start it again\n/,
  },
  {
    how: "RTMIN+6",
    status: { kind: "signaled", signal: "SIG40", code: 168 },
    exit: 168,
    says: /baton: Generation 1 ended: killed by SIG40 after \d+ ms\n/,
  },
];

async function hear({ how, status }: Ending): Promise<void> {
  await using stage = new Stage(fixture("ends_by_itself.sh", how));
  const { baton } = stage;
  await baton.event("armed");
  const ended = await baton.event("ended", ({ generation }) => generation === 1);
  assertEquals([ended.status, ended.next, ended.lines], [status, "wait", ["its last words"]]);
  assert(ended.uptimeMs >= 0 && ended.uptimeMs < 10_000, `uptime is ${ended.uptimeMs} ms`);
  stage.touch();
  await baton.prints("generation 2 ends");
}

async function read({ how, says }: Ending): Promise<void> {
  await using stage = new Stage(fixture("ends_by_itself.sh", how), { log: "text" });
  await stage.baton.text(says);
}

async function passOn({ how, exit }: Ending): Promise<void> {
  await using stage = new Stage(fixture("ends_by_itself.sh", how), { args: ["--exit"] });
  assertEquals(await stage.baton.end(), exit, stage.baton.transcript());
  assertEquals(stage.baton.events.find(({ type }) => type === "ended")?.next, "exit");
}

for (const ending of ENDINGS) {
  Deno.test(`a program that ends with ${ending.how}: reported, and --exit passes it on`, async () => {
    await together(hear(ending), read(ending), passOn(ending));
  });
}

Deno.test("--on-crash restart: each time later, and a change does not wait for it", async () => {
  await using stage = new Stage(fixture("ends_by_itself.sh", "1"), {
    args: ["--on-crash", "restart"],
  });
  const { baton } = stage;
  await baton.event("armed");
  await baton.event("ended", ({ generation }) => generation === 4);
  const waits = baton.events.filter(({ type }) => type === "ended").map(({ next }) => next.retryMs);
  assertEquals(waits.slice(0, 4), [100, 200, 400, 800]);
  stage.touch();
  const started = await baton.event("started", ({ generation }) => generation === 5);
  assertEquals(started.reason, "change", baton.transcript());
});

Deno.test("--on-crash restart says when it starts again", async () => {
  await using stage = new Stage(fixture("ends_by_itself.sh", "1"), {
    args: ["--on-crash", "restart"],
    log: "text",
  });
  await stage.baton.text(
    /exit status 1 after \d+ ms\n +its last words\n +Next: It starts again by itself in 100 ms\n/,
  );
});

Deno.test("--on-crash restart goes on from the last checkpoint", async () => {
  await using stage = new Stage(fixture("crashes_after_a_checkpoint.py"), {
    args: ["--on-crash", "restart"],
  });
  const { baton } = stage;
  await baton.prints("generation 3 resumes 2");
  assertStringIncludes(baton.stdout, "generation 1 resumes 0\ngeneration 2 resumes 1\n");
  const ended = await baton.event("ended");
  assertEquals([ended.state.envelope.kind, ended.state.envelope.generation], ["checkpoint", 1]);
});

Deno.test("a crash that waits for a change goes on from the last checkpoint", async () => {
  await using stage = new Stage(fixture("crashes_after_a_checkpoint.py"));
  const { baton } = stage;
  await baton.event("armed");
  await baton.event("ended");
  stage.touch();
  await baton.prints("generation 2 resumes 1");
});

Deno.test("a program that another tells to end goes on from what it saved then", async () => {
  await using stage = new Stage(fixture("is_told_to_end_by_another.py"));
  const { baton } = stage;
  await baton.event("armed");
  const ended = await baton.event("ended");
  assertEquals([ended.status.code, ended.state?.envelope.kind], [0, "final"], baton.transcript());
  stage.touch();
  await baton.prints("run 2 is generation 2");
});
