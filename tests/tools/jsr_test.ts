import { assert, assertEquals } from "@std/assert";
import { serveJsr } from "../../tools/jsr.ts";

const root = new URL("../../", import.meta.url).pathname;

/** Runs Deno with JSR as the registry that is asked. */
async function withJsr(url: string, ...args: string[]): Promise<{ code: number; said: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    env: { JSR_URL: url, BATON_REGISTRY: "jsr", NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, said: text(stdout) + text(stderr) };
}

Deno.test("where JSR answers, baton's types fit and it runs", async () => {
  await using jsr = await serveJsr();
  const checked = await withJsr(jsr.url, "check", "--quiet", "cli.ts", "tests/e2e/counter_test.ts");
  assertEquals(checked.code, 0, checked.said);
  const ran = await withJsr(jsr.url, "run", "-A", "cli.ts", "--exit", "--", "echo", "runs");
  assert(ran.said.includes("runs\n"), ran.said);
});

Deno.test("where JSR answers, the task for the tests runs some, and its flags are none", async () => {
  await using jsr = await serveJsr();
  const flags = await withJsr(jsr.url, "run", "-A", "tools/registry_flags.ts");
  assertEquals(flags, { code: 0, said: "\n" });
  const { said } = await withJsr(jsr.url, "task", "test", "tests/duration_test.ts");
  assert(/^[1-9]\d* passed, 0 failed$/m.test(said), said);
});

Deno.test("what JSR does not have is not there", async () => {
  await using jsr = await serveJsr();
  for (const path of ["@std/nothing/meta.json", "@std/path/1.0.99/../assert.ts", "@std/path/x"]) {
    const response = await fetch(new URL(path, jsr.url));
    await response.body?.cancel();
    assertEquals(response.status, 404, path);
  }
});
