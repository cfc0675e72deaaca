import { assertEquals } from "@std/assert";
import { FakeBaton } from "../support/fake_baton.ts";
import { PYTHON, Running } from "../support/running.ts";

for (const library of ["gevent", "eventlet"]) {
  const { success } = new Deno.Command(PYTHON, {
    args: ["-W", "ignore", "-c", `import ${library}`],
    stderr: "null",
  }).outputSync();
  if (!success) console.error(`Skipped: ${PYTHON} has no ${library} (pip install ${library})`);
  for (const end of ["wait", "sleep"]) {
    const name = `Python client: with ${library}, it leaves from ${end}`;
    Deno.test({ name, ignore: !success, fn: () => leaves(library, end) });
  }
}

async function leaves(...args: [library: string, end: string]): Promise<void> {
  await using baton = new FakeBaton();
  const env = { ...baton.env, PYTHONWARNINGS: "ignore" };
  await using program = Running.python("serves_with_greenlets", env, ...args);
  const participant = await baton.accept();
  await participant.start();
  await participant.shutDown(baton.out);
  await participant.until("saved");
  await participant.send({ type: "exit" });
  const { code, lines, stderr } = await program.end();
  assertEquals({ code, lines, stderr }, { code: 0, lines: ["finally"], stderr: "" });
}
