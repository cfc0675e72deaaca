/** `--listen`: a socket that baton holds, and every generation inherits. */
import { assertEquals, assertMatch } from "@std/assert";
import { freePort } from "../support/free_port.ts";
import { waitUntil } from "../support/wait_until.ts";
import { Baton, type BatonOptions, Project } from "./baton.ts";
import { fixture, Stage } from "./fixtures.ts";

const SERVES = "serves_on_descriptor.py";

async function ask(port: number): Promise<Record<string, unknown>> {
  return await (await fetch(`http://127.0.0.1:${port}/`)).json();
}

async function portOf(baton: Baton): Promise<number> {
  return (await baton.event("listening")).port;
}

Deno.test("--listen: every generation inherits the sockets, and is told of them", async () => {
  await using stage = new Stage(fixture(SERVES, "{fd}", "{port}", "x{fd2}y", "${fd}", "{fd3}"), {
    args: ["--listen", "0", "--listen", "unix:app:1.sock"],
    env: { "LISTEN_FDS": "7", PORT: "1" },
  });
  const { baton, project } = stage;
  const port = await portOf(baton);
  await baton.up();
  const first = await ask(port);
  assertEquals(first, {
    LISTEN_PID: `${first.pid}`,
    LISTEN_FDS: "2",
    LISTEN_FDNAMES: `${port}:app_1.sock`,
    PORT: `${port}`,
    BATON_GENERATION: "1",
    pid: first.pid,
    args: ["3", `${port}`, "x4y", "${fd}", "{fd3}"],
    odd: null,
  });
  stage.touch();
  await baton.up(2);
  const second = await ask(port);
  assertEquals([second.BATON_GENERATION, second.LISTEN_PID], ["2", `${second.pid}`]);
  const path = project.path("app:1.sock");
  assertEquals(Deno.statSync(path).isSocket, true);
  assertEquals(await baton.stop(), 0);
  assertEquals(await Deno.stat(path).catch(() => null), null);
  Deno.listen({ hostname: "127.0.0.1", port }).close(); // nobody has it
});

Deno.test("--listen: who comes while nothing serves is served by the next", async () => {
  await using stage = new Stage(fixture(SERVES), { args: ["--listen", "0"] });
  const { baton } = stage;
  const port = await portOf(baton);
  await baton.up();
  const pid = (await ask(port)).pid as number;
  Deno.kill(pid, "SIGKILL"); // ended by itself: nothing runs until a change
  await baton.event("ended");
  const waiting = Array.from({ length: 20 }, () => ask(port));
  stage.touch();
  const answers = await Promise.all(waiting);
  assertEquals(answers.every(({ BATON_GENERATION }) => BATON_GENERATION === "2"), true);
});

Deno.test("--listen: of a baton that was killed, living generations keep the port, and the next takes it over", async () => {
  await using stage = new Stage(fixture(SERVES), { args: ["--listen", `${freePort()}`] });
  const { baton } = stage;
  const port = await portOf(baton);
  await baton.up();
  baton.kill("SIGKILL");
  await baton.status;
  assertEquals((await ask(port)).BATON_GENERATION, "1");
  await using next = stage.again(fixture(SERVES), { args: ["--listen", `${port}`] });
  await next.event("orphans");
  await next.up();
  assertEquals((await ask(port)).BATON_GENERATION, "1");
  const [pid] = [(await ask(port)).pid as number];
  await next.stop();
  await waitUntil(
    "the program is gone",
    () => Deno.stat(`/proc/${pid}`).then(() => false, () => true),
  );
});

/** What is said at the end of a baton that cannot begin. */
async function refusal(
  listen: readonly string[],
  options: BatonOptions & { project?: Project } = {},
): Promise<string> {
  const { project = new Project(), ...rest } = options;
  const args = listen.flatMap((address) => ["--listen", address]);
  await using baton = new Baton(project, ["true"], { ...rest, args, log: "text" });
  assertEquals(await baton.end(), 2, baton.transcript());
  return baton.others.join("\n");
}

Deno.test("--listen: what is in the way is told, with the next step", async (test) => {
  using project = new Project({ "taken.sock": "" });
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [
      "a port in use",
      `${port}`,
      RegExp(`at "127.0.0.1:${port}": the port is in use by process ${Deno.pid}, ".*deno`),
    ],
    ["an address of another machine", "192.0.2.1:0", /this machine has no address 192\.0\.2\.1/],
    ["a name that does not resolve", "no.such.invalid:80", /at "no\.such\.invalid": no such host/],
    ["a path that is taken", "unix:taken.sock", /taken\.sock": a file is there already/],
    ["a folder that is not there", "unix:no/a.sock", /its folder is not there/],
    ["a path that is too long", `unix:${"x".repeat(108)}`, /its path has \d+ bytes, and 107 is/],
    ["a mistake", ":80", /Cannot use ":80" for --listen: expected "PORT", "HOST:PORT"/],
  ];
  for (const [name, address, expected] of cases) {
    await test.step(name, async () => {
      const said = await refusal([address], { project });
      assertMatch(said, expected);
      assertMatch(said, /Next: \S/);
    });
  }
  await test.step("the second of two: the first is not kept", async () => {
    const free = freePort();
    assertMatch(await refusal([`${free}`, `${port}`], { project }), /in use/);
    Deno.listen({ hostname: "127.0.0.1", port: free }).close();
  });
  await test.step("a port for root alone, to others", async () => {
    if (Deno.uid() !== 0) return assertMatch(await refusal(["127.0.0.1:81"]), /are for root/);
    console.warn("SKIPPED: root may listen at every port");
  });
});
