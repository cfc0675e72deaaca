import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { FakeBaton } from "../support/fake_baton.ts";
import { Running } from "../support/running.ts";

Deno.test("Python client: a lost pipe stops the program and leaves its state", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("tells_its_life", baton.env);
  const participant = await baton.accept();
  await participant.start();
  participant.hangUp();
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
  assertEquals(baton.state(), { count: 1 });
});

Deno.test("Python client: what baton takes it need not sync, what it leaves alone it does", async () => {
  const saves = { underBaton: ["save"], alone: ["save", "sync"] };
  for (const [how, expected] of Object.entries(saves)) {
    await using baton = new FakeBaton();
    await using program = Running.python("tells_when_it_syncs", baton.env);
    const participant = await baton.accept();
    await participant.start();
    if (how === "underBaton") {
      await participant.shutDown(baton.out);
      await participant.until("saved");
    }
    participant.hangUp();
    const { lines } = await program.end();
    assertEquals(lines, expected, how);
    assertEquals(baton.state(), null);
  }
});

Deno.test("Python client: a pipe lost after the state was saved does not save again", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("tells_its_life", baton.env);
  const participant = await baton.accept();
  await participant.start();
  await participant.shutDown(`${baton.folder}/other`);
  await participant.until("saved");
  participant.hangUp();
  const { lines } = await program.end();
  assertEquals(lines.filter((line) => line === "save").length, 1);
});

Deno.test("Python client: a second shutdown is told apart, and saves nothing more", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("tells_its_life", baton.env);
  const participant = await baton.accept();
  await participant.start();
  await participant.shutDown(baton.out);
  await participant.until("saved");
  await participant.shutDown(`${baton.folder}/other`);
  assertStringIncludes((await participant.expect("error")).message, "shutting down already");
  await participant.send({ type: "exit" });
  const { lines } = await program.end();
  assertEquals(lines.filter((line) => line === "save").length, 1);
});

Deno.test("Python client: SIGTERM is a shutdown that says what it saved", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("sleeps_on_the_main_thread", baton.env);
  const participant = await baton.accept();
  await participant.start();
  program.kill("SIGTERM");
  const said = await participant.until("saved");
  assertEquals(said.map(({ type }) => type), ["stopping", "stopped", "saved"]);
  assertEquals(await program.end(), {
    code: 0,
    lines: ["stopped on baton-call", "finally", "atexit"],
    stderr: "",
  });
  assertEquals(baton.state(), 1);
});

const badLines: Record<string, [bytes: Uint8Array, error: string]> = {
  "not JSON": [new TextEncoder().encode("{]\n"), "Line is not JSON in UTF-8"],
  "not UTF-8": [new Uint8Array([0x22, 0xff, 0x22, 0x0a]), "Line is not JSON in UTF-8"],
  "not an object": [new TextEncoder().encode("[]\n"), 'Line is not an object with a "type"'],
  "nested too deep": [new TextEncoder().encode("[".repeat(200_000) + "\n"), "Line is not JSON"],
  "too long": [new Uint8Array(1_048_577).fill(0x61), "Line is longer than 1048576 bytes"],
  "without its fields": [
    new TextEncoder().encode('{"type":"shutdown","deadlineMs":1000}\n'),
    '"shutdown" has no valid "out"',
  ],
};

for (const [what, [bytes, error]] of Object.entries(badLines)) {
  Deno.test(`Python client: a line that is ${what} counts as a lost pipe`, async () => {
    await using baton = new FakeBaton();
    await using program = Running.python("sleeps_on_the_main_thread", baton.env);
    const participant = await baton.accept();
    await participant.start();
    await participant.sendBytes(bytes);
    assertStringIncludes((await participant.expect("error")).message, error);
    assertEquals((await program.end()).code, 0);
    assertEquals(baton.state(), 1);
  });
}

Deno.test("Python client: messages cut anywhere are put together", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("tells_its_life", baton.env);
  const participant = await baton.accept();
  await participant.expect("hello");
  const start = { generation: 7, reason: "change", changed: ["ä.py"], stateFile: null };
  const lines = JSON.stringify({ type: "start", ...start }) +
    '\n{"type":"sing"}\n{"type":"exit"}\n';
  for (const byte of new TextEncoder().encode(lines)) {
    await participant.sendBytes(new Uint8Array([byte]));
  }
  assert((await participant.until("error")).length > 0);
  assertEquals((await program.end()).code, 0);
});

Deno.test("Python client: a checkpoint is saved where baton asks, and where it is told to", async () => {
  await using baton = new FakeBaton();
  await using _program = Running.python("takes_checkpoints", baton.env);
  const participant = await baton.accept();
  await participant.start();
  assertEquals((await participant.expect("saved")).kind, "checkpoint");
  assertEquals(baton.state(), 1);
  await participant.send({ type: "checkpoint", out: `${baton.folder}/asked` });
  assertEquals((await participant.expect("saved")).kind, "checkpoint");
  assertEquals(await Deno.readTextFile(`${baton.folder}/asked`), "2");
  await participant.send({ type: "checkpoint", out: `${baton.folder}/missing/asked` });
  assertStringIncludes((await participant.expect("refused")).why, "FileNotFoundError");
});

Deno.test("Python client: a save that raises is a refused checkpoint, and the program serves on", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("raises_while_serving", baton.env);
  const participant = await baton.accept();
  assertEquals((await participant.start()).capabilities, ["handoff"]);
  await participant.send({ type: "checkpoint", out: `${baton.folder}/asked` });
  assertEquals((await participant.expect("refused")).why, "RuntimeError: not now");
  await participant.send({ type: "checkpoint", out: `${baton.folder}/asked` });
  assertEquals((await participant.expect("saved")).kind, "checkpoint");
  await participant.shutDown(baton.out);
  await participant.until("saved");
  assertEquals(baton.state(), "saved on MainThread");
  await participant.send({ type: "exit" });
  assertEquals((await program.end()).code, 0);
});

Deno.test("Python client: what JSON cannot hold is refused, with its place and without a traceback", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("keeps_what_json_cannot", baton.env);
  const participant = await baton.accept();
  await participant.start();
  await participant.send({ type: "checkpoint", out: `${baton.folder}/asked` });
  assertEquals(
    (await participant.expect("refused")).why,
    "Cannot save state['rows'][1]['since'] as JSON: Object of type datetime is not JSON serializable",
  );
  await participant.send({ type: "exit" });
  assertEquals(await program.end(), { code: 0, lines: [], stderr: "" });
});

Deno.test("Python client: checkpoints are offered as soon as something saves, and not before", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("saves_something_later", baton.env);
  const participant = await baton.accept();
  assertEquals((await participant.start()).capabilities, ["handoff"]);
  await participant.send({ type: "checkpoint", out: `${baton.folder}/asked` });
  await participant.expect("refused");
  program.kill("SIGUSR1");
  assertEquals((await participant.expect("hello")).capabilities, ["handoff", "checkpoint"]);
  await participant.send({ type: "checkpoint", out: `${baton.folder}/asked` });
  await participant.expect("saved");
});

Deno.test("Python client: no checkpoint follows the final state", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("takes_checkpoints", baton.env, "often");
  const participant = await baton.accept();
  await participant.start();
  for (let i = 0; i < 3; i++) assertEquals((await participant.expect("saved")).kind, "checkpoint");
  await participant.shutDown(baton.out);
  let saved;
  do saved = await participant.expect("saved"); while (saved.kind !== "final");
  const final = baton.state();
  program.kill("SIGUSR1");
  assertEquals(await program.line(), "asked");
  await participant.send({ type: "exit" });
  await program.end();
  assertEquals(await participant.next(), null);
  assertEquals(baton.state(), final);
});

Deno.test("Python client: a forked child lets go of the pipe, and may join by itself", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("forks_a_child", baton.env);
  const participant = await baton.accept();
  await participant.start();
  assertEquals(await program.line(), "the child is alone SIG_DFL");
  assertEquals(await program.line(), "joined anew");
  const child = await baton.accept();
  const hello = await child.expect("hello");
  assert(hello.pid !== program.pid);
  await child.open(null);
  assertEquals(await child.next(), null);
  await participant.shutDown(baton.out);
  await participant.expect("saved");
  await participant.send({ type: "exit" });
  assertEquals((await program.end()).code, 0);
});
