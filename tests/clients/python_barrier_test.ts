import { assertEquals, assertStringIncludes } from "@std/assert";
import { FakeBaton } from "../support/fake_baton.ts";
import { Running } from "../support/running.ts";

Deno.test("Python client: hello says who is there, and restore holds until start", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("tells_its_life", baton.env);
  const participant = await baton.accept();
  assertEquals(await participant.expect("hello"), {
    type: "hello",
    protocol: 1,
    pid: program.pid,
    client: "baton-python/0.1.0",
    capabilities: ["handoff"],
    components: [{ name: "database", timeoutMs: 5_000 }],
  });
  assertEquals(await program.line(), "at the barrier");
  await participant.open(baton.leave('{"count":41}'));
  assertEquals(await program.line(), 'restored {"count": 41}');
});

Deno.test("Python client: what is added after the hello is declared before ready", async () => {
  await using baton = new FakeBaton();
  await using _program = Running.python("tells_its_life", baton.env);
  const participant = await baton.accept();
  const hello = await participant.expect("hello");
  await participant.open(null);
  assertEquals(await participant.expect("hello"), {
    ...hello,
    capabilities: ["handoff", "checkpoint"],
    components: [{ name: "database", timeoutMs: 5_000 }, { name: "http", timeoutMs: 2_500 }],
  });
  await participant.expect("ready");
});

Deno.test("Python client: a state that is not JSON ends the program with an explanation", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("tells_its_life", baton.env);
  const participant = await baton.accept();
  await participant.expect("hello");
  await participant.open(baton.leave('{"count":'));
  const { code, stderr } = await program.end();
  assertEquals(code, 1);
  assertStringIncludes(stderr, `BatonError: Cannot read the state "${baton.folder}/resume.json"`);
  assertStringIncludes(stderr, "--fresh starts without it");
  assertEquals(await participant.next(), null);
});

Deno.test("Python client: an outdated candidate leaves the barrier on SIGTERM", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("tells_its_life", baton.env);
  const participant = await baton.accept();
  await participant.expect("hello");
  assertEquals(await program.line(), "at the barrier");
  program.kill("SIGTERM");
  const { code, lines } = await program.end();
  assertEquals(code, 143);
  assertEquals(lines, ["atexit"]);
});

for (const how of ["told to", "left by baton"]) {
  Deno.test(`Python client: it leaves the barrier ${how}, whatever handles SIGTERM`, async () => {
    await using baton = new FakeBaton();
    await using program = Running.python("notes_sigterm_at_the_barrier", baton.env);
    const participant = await baton.accept();
    await participant.expect("hello");
    if (how === "told to") await participant.send({ type: "exit" });
    else participant.hangUp();
    assertEquals(await program.end(), { code: 0, lines: ["finally"], stderr: "" });
  });
}

Deno.test("Python client: where baton cannot be reached the program is told what to do", async () => {
  await using baton = new FakeBaton();
  await using program = Running.python("tells_its_life", {
    ...baton.env,
    BATON_PIPE: `${baton.folder}/nobody`,
  });
  const { code, stderr } = await program.end();
  assertEquals(code, 1);
  assertStringIncludes(stderr, `Cannot reach baton at "${baton.folder}/nobody"`);
  assertStringIncludes(stderr, "unset BATON_PIPE to run it alone");
});

for (const when of ["never", "before", "after"]) {
  Deno.test(`Python client: a thread that died before ready is told of; a hook of the program's own is kept, set: ${when}`, async () => {
    await using baton = new FakeBaton();
    await using program = Running.python("loses_a_thread", baton.env, when);
    const participant = await baton.accept();
    await participant.start();
    const own = ["its own hook: api", "its own hook: done", "its own hook: late"];
    for (const expected of [...when === "never" ? [] : own, "same hook: True"]) {
      assertEquals(await program.line(), expected);
    }
    await participant.shutDown(baton.out);
    await participant.until("saved");
    await participant.send({ type: "exit" });
    const { stderr } = await program.end();
    assertEquals(stderr.match(/^baton: .*/gm), [
      'baton: thread "api" died of ZeroDivisionError before the program was ready, which it says it is ' +
      'now. "--ready tcp:PORT" has baton wait until something answers there',
    ]);
    const tracebacks = stderr.match(/^ZeroDivisionError/gm) ?? [];
    assertEquals(tracebacks.length, when === "before" ? 0 : 2); // of the hook that was there
  });
}
