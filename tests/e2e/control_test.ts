/** Commands that talk to a running baton, over its control socket. */
import { assertEquals, assertMatch } from "@std/assert";
import { PYTHON } from "../support/running.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Baton, Project } from "./baton.ts";
import { COUNTING } from "./programs.ts";
import { say } from "./say.ts";

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

Deno.test("status, restart, logs and stop reach the baton of a folder above", async () => {
  using project = new Project({ "app.py": COUNTING, "sub/deep/x.txt": "" });
  const below = project.path("sub/deep");
  const none = await say(below, "status");
  assertEquals([none.code, none.stdout], [2, ""]);
  assertMatch(
    none.stderr,
    /No baton runs in ".*sub\/deep", nor in a folder above it\n.*Next: Start/,
  );

  await using baton = new Baton(project, [PYTHON, "app.py"]);
  await baton.up();
  const socket = project.path(".baton/control");
  await waitUntil("the socket is there", () => exists(socket));
  assertEquals(Deno.statSync(socket).mode! & 0o777, 0o600);

  const status = JSON.parse((await say(below, "status", "--json")).stdout);
  assertEquals(
    [status.pid, status.cwd, status.live.generation, status.live.ready, status.changed],
    [baton.pid, project.dir, 1, true, []],
  );
  assertMatch((await say(project.dir, "status")).stdout, /Generation 1 runs, started/);

  Deno.removeSync(socket);
  assertEquals((await say(below, "status")).code, 2);
  project.replace("app.py", "VERSION = 1", "VERSION = 2");
  await baton.event("ready", ({ generation }) => generation === 2);
  assertEquals(await say(below, "restart"), { code: 0, stdout: "", stderr: "" });
  await baton.event("ready", ({ generation, reason }) => generation === 3 && reason === "restart");

  const { stdout } = await say(below, "logs", "-n", "400");
  assertMatch(stdout, /Generation 1 is ready[^]*"app\.py" changed[^]*Generation 3 runs: restart/);
  assertEquals((await say(below, "logs", "-n", "1")).stdout.split("\n").length, 2);

  assertEquals((await say(below, "stop")).code, 0);
  assertEquals(await baton.end(), 0);
  assertEquals(exists(socket), false);
});

Deno.test("the baton is found where its states are elsewhere, its path is long, or another died here", async () => {
  using project = new Project({ "app.py": COUNTING });
  {
    const dead = new Baton(project, [PYTHON, "app.py"]);
    await dead.up();
    await waitUntil("the socket is there", () => exists(project.path(".baton/control")));
    dead.kill("SIGKILL");
    await dead.status;
    await dead[Symbol.asyncDispose]();
  }
  const over = await say(project.dir, "status");
  assertMatch(over.stderr, /No baton runs in/);

  await using plain = new Baton(project, [PYTHON, "app.py"]);
  await plain.up();
  project.write("baton.json", '{"command": ["true"], "stateDir": "kept"}');
  await using other = new Baton(project, [PYTHON, "app.py"]);
  await other.up();
  const both = await say(project.dir, "status");
  assertMatch(
    both.stderr,
    /More than one baton runs here: process \d+ .*; process \d+ .*--state-dir/s,
  );
  const one = await say(project.dir, "status", "--json", "--state-dir", "kept");
  assertEquals(JSON.parse(one.stdout).pid, other.pid);
  assertEquals(await plain.stop(), 0);
  const rest = await say(project.dir, "status", "--json");
  assertEquals(JSON.parse(rest.stdout).pid, other.pid);

  const long = `deep/${"x".repeat(100)}`;
  project.write(`${long}/app.py`, COUNTING);
  const folder = { dir: project.path(long) } as Project;
  await using far = new Baton(folder, [PYTHON, "app.py"]);
  await far.up();
  const found = await say(folder.dir, "status", "--json");
  assertEquals(JSON.parse(found.stdout).pid, far.pid);
  assertEquals(exists(`${folder.dir}/.baton/control`), false);
});

Deno.test("what a command cannot read is told before anybody is asked", async () => {
  using project = new Project();
  const { code, stderr } = await say(project.dir, "status", "--frob");
  assertEquals(code, 2);
  assertMatch(stderr, /"status" does not take "--frob"\n.*Where: command line\n.*Next: It takes/);
  assertMatch((await say(project.dir, "logs", "--help")).stdout, /Usage: baton logs \[-n NUMBER\]/);
});
