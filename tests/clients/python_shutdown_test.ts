import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { FakeBaton, type Participant } from "../support/fake_baton.ts";
import { INJECTED, Running } from "../support/running.ts";

async function sha256(path: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
  return new Uint8Array(digest).toHex();
}

async function shutDown(baton: FakeBaton, participant: Participant): Promise<string[]> {
  await participant.shutDown(baton.out);
  const said = await participant.until("saved");
  return said.map((message) =>
    "component" in message ? `${message.type} ${message.component}` : message.type
  );
}

Deno.test("Python client: components stop, last started first, then the state is saved", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("tells_its_life", baton.env);
  const participant = await baton.accept();
  await participant.start(baton.leave('{"count":41}'));
  await participant.shutDown(baton.out);
  const said = await participant.until("saved");
  assertEquals(said.slice(0, -1).map(({ type }) => type), [
    "stopping",
    "stopped",
    "stopping",
    "stopped",
  ]);
  assertEquals(said.at(-1), {
    type: "saved",
    kind: "final",
    bytes: 12,
    sha256: await sha256(baton.out),
  });
  assertEquals(baton.state(), { count: 42 });
  await participant.send({ type: "exit" });
  const { code, lines } = await program.end();
  assertEquals(code, 0);
  assertEquals(lines.slice(2), [
    "stop http",
    "stop database",
    "save",
    "waited",
    "finally",
    "atexit",
  ]);
});

Deno.test("Python client: a busy main thread leaves through finally and atexit", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("sleeps_on_the_main_thread", baton.env);
  const participant = await baton.accept();
  await participant.start();
  assertEquals(await shutDown(baton, participant), ["stopping http", "stopped http", "saved"]);
  await participant.send({ type: "exit" });
  assertEquals(await program.end(), {
    code: 0,
    lines: ["stopped on baton-call", "finally", "atexit"],
    stderr: "",
  });
});

/** A program with two components, the last declared stopped first. */
const BOTH_STOP = [
  ...["stopping http", "stopped http"],
  ...["stopping database", "stopped database"],
  "saved",
];

Deno.test("Python client: a main thread that ends with its server is held until the state is saved", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("returns_when_it_is_stopped", baton.env);
  const participant = await baton.accept();
  await participant.start();
  assertEquals(await shutDown(baton, participant), BOTH_STOP);
  assertEquals(baton.state(), { "main thread ended": true, "exit functions ran": false });
  await participant.send({ type: "exit" });
  assertEquals(await program.end(), { code: 0, lines: ["returns"], stderr: "" });
});

for (const where of ["elsewhere", "wait"]) {
  Deno.test(`Python client: a stop that hangs is given up, main thread: ${where}`, async () => {
    await using baton = new FakeBaton();
    await using program = Running.python("hangs_in_stop", baton.env, where, "0.05");
    const participant = await baton.accept();
    await participant.start();
    await participant.shutDown(baton.out);
    const said = await participant.until("saved");
    assertEquals(said.filter(({ type }) => type === "failed"), [
      { type: "failed", component: "stuck", error: "No end after 50 ms" },
    ]);
    assertEquals(said.filter(({ type }) => type === "stopped").length, 2);
    assertEquals(baton.state(), { saved: true });
    await participant.send({ type: "exit" });
    assertEquals((await program.end()).code, 0);
  });
}

Deno.test("Python client: a component that hangs leaves time to the next one, and to save before the deadline", async () => {
  await using baton = new FakeBaton();
  await using _program = Running.python("hangs_in_stop", baton.env, "elsewhere", "5");
  const participant = await baton.accept();
  await participant.start();
  await participant.shutDown(baton.out, 1_000);
  const said = await participant.until("saved");
  const ends = said.filter(({ type }) => type === "failed" || type === "stopped");
  assertEquals(ends.map(({ type }) => type), ["stopped", "failed", "stopped"]);
  const failed = said.find((message) => message.type === "failed")!;
  const late = /^No end after (\d+) of 5000 ms: all have 1 s \(--hook-timeout\)$/;
  assert(Number(late.exec(failed.error)![1]) <= 800, failed.error);
});

Deno.test("Python client: what cannot be told or joined costs only itself, and what serves comes last", async () => {
  await using baton = new FakeBaton();
  await using _program = Running.python("hangs_in_join", baton.env);
  const participant = await baton.accept();
  await participant.start();
  assertEquals(await shutDown(baton, participant), [
    "stopping hangs too",
    "stopping deaf",
    "failed deaf",
    "stopping hangs",
    "stopping ends",
    "failed hangs too",
    "failed hangs",
    "stopped ends",
    "stopping http",
    "stopped http",
    "saved",
  ]);
  assertEquals(baton.state(), "saved anyway");
});

Deno.test("Python client: a stop that raises is reported, the others stop, the state is saved", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("raises_in_stop", baton.env);
  const participant = await baton.accept();
  await participant.start();
  await participant.shutDown(baton.out);
  const said = await participant.until("saved");
  assertEquals(said[1], {
    type: "failed",
    component: "broken",
    error: "RuntimeError: the pool is stuck",
  });
  assertEquals(said[3]?.type, "stopped");
  await participant.send({ type: "exit" });
  const { code, stderr } = await program.end();
  assertEquals(code, 0);
  assertStringIncludes(stderr, "raises_in_stop.py");
});

for (const where of ["elsewhere", "wait"]) {
  Deno.test(`Python client: a stop that calls sys.exit has stopped, main thread: ${where}`, async () => {
    await using baton = new FakeBaton();
    await using program = Running.python("exits_in_stop", baton.env, where);
    const participant = await baton.accept();
    await participant.start();
    assertEquals(await shutDown(baton, participant), BOTH_STOP);
    await participant.send({ type: "exit" });
    assertEquals(await program.end(), { code: 0, lines: ["finally"], stderr: "" });
  });
}

Deno.test("Python client: a program that does not leave is ended, and told why", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("ignores_exit", baton.env);
  const participant = await baton.accept();
  await participant.start();
  await shutDown(baton, participant);
  await participant.send({ type: "exit" });
  const { code, stderr } = await program.end();
  assertEquals(code, 0);
  assertStringIncludes(stderr, 'did not leave in 1 s: the program waits for thread "forgotten"');
});

Deno.test("Python client: a SIGTERM handler of the program's own is kept and used", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("handles_sigterm", baton.env);
  const participant = await baton.accept();
  await participant.start();
  await shutDown(baton, participant);
  await participant.send({ type: "exit" });
  assertEquals(await program.end(), { code: 0, lines: ["its own handler"], stderr: "" });
});

Deno.test("Python client: what an open file still buffers is written after exit", async () => {
  await using baton = new FakeBaton();
  const log = `${baton.folder}/log`;
  await using program = Running.python("leaves_a_file_open", baton.env, log);
  const participant = await baton.accept();
  await participant.start();
  await shutDown(baton, participant);
  await participant.send({ type: "exit" });
  assertEquals((await program.end()).code, 0);
  assertEquals(await Deno.readTextFile(log), "the last line");
});

Deno.test("Python client: where nobody reads any more what is printed, a save function that prints saves", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("prints_while_saving", baton.env);
  const participant = await baton.accept();
  await participant.start();
  await program.closeOutput();
  participant.hangUp();
  await program.status;
  assertEquals(baton.state(), { printed: true });
});

/** Where the interpreter registers an exit function before the program's first line, as some packages do. */
async function registersEarly(folder: string): Promise<Record<string, string>> {
  await Deno.writeTextFile(
    `${folder}/sitecustomize.py`,
    "import atexit\natexit.register(print, 'early atexit')\n",
  );
  return { PYTHONPATH: `${INJECTED}:${folder}` };
}

for (const collector of ["collector", "no collector"]) {
  Deno.test(`Python client: after exit every exit function runs and nothing is torn down, ${collector}`, async () => {
    await using baton = new FakeBaton();
    const env = { ...baton.env, ...await registersEarly(baton.folder) };
    await using program = Running.python("tells_of_its_teardown", env, collector);
    const participant = await baton.accept();
    await participant.start();
    await shutDown(baton, participant);
    await participant.send({ type: "exit" });
    assertEquals(await program.end(), {
      code: 0,
      lines: ["waited", "atexit", "early atexit"],
      stderr: "",
    });
  });
}

const WORDS = ["text", "frozen", "buffer", "pipe", "of_socket", "finalizer", "generator", "native"];
for (const where of WORDS) {
  Deno.test(`Python client: after exit last words come out: ${where}`, async () => {
    assertEquals(await lastWords(where), ["last words"]);
    assertEquals(await lastWords(where, "late"), ["last words"], "after a checkpoint");
  });
}

Deno.test("Python client: after exit last words come out where they do without baton: compressed", async () => {
  await using program = Running.python("leaves_last_words", { BATON_PIPE: "" }, "compressed");
  await program.catchesSigterm();
  program.kill("SIGTERM");
  const { lines } = await program.end(); // In some versions of Python none.
  if (lines.length > 0) assertEquals(await lastWords("compressed"), lines);
});

async function lastWords(where: string, ...late: string[]): Promise<string[]> {
  await using baton = new FakeBaton();
  await using program = Running.python("leaves_last_words", baton.env, where, ...late);
  const participant = await baton.accept();
  await participant.start();
  if (late.length > 0) {
    await participant.send({ type: "checkpoint", out: baton.out });
    await participant.until("saved");
  }
  await shutDown(baton, participant);
  await participant.send({ type: "exit" });
  const { code, lines } = await program.end();
  assertEquals(code, 0);
  return lines;
}

const SINCE_IT_RESTED = {
  nothing: [],
  file: ["last words"],
  generator: ["last words"],
  collected: ["looked", "last words"],
  frozen: ["looked", "last words"],
  finalizer: ["looked", "looked", "last words"],
  new_class: ["looked", "looked", "last words"],
  other_class: ["looked", "looked", "last words"],
  changed_class: ["looked", "looked", "last words"],
  changed_other_class: ["looked", "looked", "last words"],
};
for (const [what, lines] of Object.entries(SINCE_IT_RESTED)) {
  Deno.test(`Python client: what has come since the program rested is looked at when it is to end: ${what}`, async () => {
    assertEquals(await sinceItRested(what), lines);
  });
}

Deno.test("Python client: a program that needs its teardown is not looked through when it is to end", async () => {
  assertEquals(await sinceItRested("nothing", "finalizer"), ["last words"]);
  assertEquals(await sinceItRested("let_go", "finalizer"), ["last words", "looked"]);
});

/** What the program prints from the moment on when it has looked at everything, and was told to do something. */
async function sinceItRested(...args: string[]): Promise<string[]> {
  await using baton = new FakeBaton();
  await using program = Running.python("looks_through_objects", baton.env, ...args);
  const participant = await baton.accept();
  await participant.start();
  assertEquals([await program.line(), await program.line()], ["looked", "rested"]);
  program.kill("SIGUSR1");
  const before: string[] = [];
  for (let line = await program.line(); line !== "done"; line = await program.line()) {
    before.push(line!);
  }
  await participant.send({ type: "checkpoint", out: baton.out });
  await participant.until("saved");
  await shutDown(baton, participant);
  await participant.send({ type: "exit" });
  const { code, lines, stderr } = await program.end();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  return [...before, ...lines];
}

Deno.test("Python client: without baton the interpreter is torn down as ever", async () => {
  await using program = Running.python("tells_of_its_teardown", { BATON_PIPE: "" });
  await program.catchesSigterm();
  program.kill("SIGTERM");
  assertEquals((await program.end()).lines, ["waited", "atexit", "torn down"]);
});
