/** Programs that break the protocol: each heard as events, and read as people would, at once. */
import { assertEquals, assertObjectMatch } from "@std/assert";
import { fixture, Stage, together } from "./fixtures.ts";

const ARGS = ["--hook-timeout", "300ms", "--stop-timeout", "2s"];

interface Fault {
  /** What is told of generation 1, in this order. */
  readonly tells: readonly Record<string, unknown>[];
  readonly resumes: string;
  /** All that people read between the change and the next generation. */
  readonly says: string;
}

const CHECKPOINT = "checkpoint of 1";
const INSTEAD = "going on with its checkpoint (15 B)";
const CLOSED = "The pipe was closed before it had saved";

function lost(why: string): Record<string, unknown> {
  return { type: "hook", trouble: { kind: "lost", why } };
}

const LOST = `baton: Generation 1 saved nothing: the pipe was closed before it had saved; ${INSTEAD}
       Next: See why it ends while it is being stopped, then save a fix
`;
const LATE = `baton: Generation 1 gave no answer to shutdown in 300 ms; ${INSTEAD}
       Next: See what its stop and save functions wait for, or give them longer with "--hook-timeout"
`;

/** What people read of trouble on the pipe; bytes are counted from hello, which has a pid in it. */
function trouble(what: string): string {
  return `baton: Trouble on the pipe of generation 1: ${what} (line 4, byte …)
       Next: See docs/protocol.md for what may be said
`;
}

const FAULTS: Readonly<Record<string, Fault>> = {
  never_answers_shutdown: {
    tells: [{ type: "hook", trouble: { kind: "late", afterMs: 300 } }],
    resumes: CHECKPOINT,
    says: LATE,
  },
  floods_the_pipe: {
    tells: [{ type: "hook", trouble: { kind: "late", afterMs: 300 } }],
    resumes: CHECKPOINT,
    says: LATE,
  },
  answers_twice: { tells: [], resumes: "state of 1", says: "" },
  answers_with_junk: {
    tells: [{ type: "protocol-error" }, lost(CLOSED)],
    resumes: CHECKPOINT,
    says: trouble("the line is not UTF-8") + LOST,
  },
  answers_with_a_huge_line: {
    tells: [{ type: "protocol-error" }, lost(CLOSED)],
    resumes: CHECKPOINT,
    says: trouble("the line is longer than 1048576 bytes") + LOST,
  },
  closes_the_pipe_half_way: {
    tells: [{ type: "protocol-error" }, lost(CLOSED)],
    resumes: CHECKPOINT,
    says: trouble("the line was cut off") + LOST,
  },
  dies_while_saving: {
    tells: [lost("It was killed by SIGKILL before it had saved")],
    resumes: CHECKPOINT,
    says: LOST.replace("the pipe was closed", "it was killed by SIGKILL"),
  },
  lies_about_the_hash: {
    tells: [{ type: "state-rejected", found: "corrupt" }],
    resumes: CHECKPOINT,
    says:
      `baton: Cannot use the state of generation 1: it has SHA-256 6f16e98ffb2165e1e53d662c5de847a1ff37170f4d7917749f86c2f1ba4265d2, saved was ${
        "0".repeat(64)
      } (corrupt); ${INSTEAD}
       Next: Write a plain file there; who speaks on the pipe gives the size and SHA-256 of exactly its bytes
`,
  },
  saves_nothing_and_says_it_did: {
    tells: [{ type: "state-rejected", found: "missing" }],
    resumes: CHECKPOINT,
    says: `baton: Cannot use the state of generation 1: no file is there (missing); ${INSTEAD}
       Next: Write the state to the path that was given before saying that it is saved
`,
  },
  refuses_to_save: {
    tells: [{ type: "hook", trouble: { kind: "refused", why: "a payment is under way" } }],
    resumes: CHECKPOINT,
    says: `baton: Generation 1 refused to save: a payment is under way; ${INSTEAD}
       Next: See why its save failed, then save a fix
`,
  },
};

const TOLD = [
  "hook",
  "protocol-error",
  "state-rejected",
  "escalated",
  "candidate-failed",
  "ended",
  "warning",
];

async function hear(command: string[], { tells, resumes }: Fault): Promise<void> {
  await using stage = new Stage(command, { args: ARGS });
  const { baton } = stage;
  await baton.event("armed");
  await baton.event("checkpoint");
  stage.touch();
  const ready = await baton.event("ready", ({ generation }) => generation === 2);
  await baton.prints(`generation 2 resumes ${resumes}`);
  assertEquals([ready.mode, ready.from], ["overlapped", 1]);
  const told = baton.events.filter(({ type, generation }) =>
    TOLD.includes(type) && generation === 1
  );
  assertEquals(told.map(({ type }) => type), tells.map(({ type }) => type), baton.transcript());
  told.forEach((event, index) => assertObjectMatch(event, tells[index]!));
}

async function read(command: string[], { says }: Fault): Promise<void> {
  await using stage = new Stage(command, { args: ARGS, log: "text" });
  const { baton } = stage;
  await baton.text("baton: Watches 1 file in 1 folder");
  await baton.text("baton: Generation 1 is ready:");
  await baton.prints("generation 1 resumes nothing");
  baton.others.length = 0;
  stage.touch();
  await baton.text("baton: Generation 2 runs:");
  const text = baton.others.map((line) => `${line}\n`).join("");
  const before = text.slice(0, text.indexOf("baton: Generation 2 runs:"));
  assertEquals(before.replace(/byte \d+\)/, "byte …)"), says);
}

for (const [name, fault] of Object.entries(FAULTS)) {
  Deno.test(`a program that ${name.replaceAll("_", " ")}`, async () => {
    const command = fixture(`${name}.py`);
    await together(hear(command, fault), read(command, fault));
  });
}

Deno.test("a program that connects and never says hello is handed over like any other", async () => {
  await using stage = new Stage(fixture("never_says_hello.py"));
  const { baton } = stage;
  await baton.up();
  await baton.prints("generation 1 is silent");
  stage.touch();
  const ready = await baton.event("ready", ({ generation }) => generation === 2);
  assertEquals([ready.mode, ready.announced], ["sequential", false]);
  await baton.prints("generation 2 is silent");
  assertEquals(baton.count("protocol-error"), 0);
});
