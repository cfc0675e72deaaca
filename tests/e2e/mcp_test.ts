/** `baton mcp`, spoken to by the client of the protocol's own SDK. */
import { assertEquals, assertMatch } from "@std/assert";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { PYTHON } from "../support/running.ts";
import { waitUntil } from "../support/wait_until.ts";
import { BATON, Baton, Project } from "./baton.ts";
import { COUNTING, edit } from "./programs.ts";

class Agent implements AsyncDisposable {
  readonly client = new Client({ name: "a test", version: "1" });

  static async begin(cwd: string): Promise<Agent> {
    const agent = new Agent();
    const [command, ...args] = BATON;
    const env = { ...Deno.env.toObject(), NO_COLOR: "1" };
    await agent.client.connect(
      new StdioClientTransport({ command: command!, args: [...args, "mcp"], cwd, env }),
    );
    return agent;
  }

  async call(name: string, args: Record<string, unknown> = {}) {
    const { content, structuredContent, isError = false } = await this.client.callTool({
      name,
      arguments: args,
    });
    const [first] = content as { text: string }[];
    return { text: first!.text, answer: structuredContent as Record<string, unknown>, isError };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
  }
}

Deno.test({
  name: "an agent holds, edits, releases and reads the verdict",
  sanitizeOps: false, // the client of the SDK leaves a timer of 2 s when it is closed
  sanitizeResources: false,
  fn: turn,
});

async function turn(): Promise<void> {
  using project = new Project({ "app.py": COUNTING, "sub/x.txt": "" });
  await using agent = await Agent.begin(project.path("sub"));
  const { tools } = await agent.client.listTools();
  assertEquals(
    tools.map(({ name }: { name: string }) => name),
    ["hold", "release", "wait", "status", "restart", "logs", "state", "rewind"],
  );
  assertMatch(agent.client.getInstructions() ?? "", /hold, make all edits of the turn, release/);

  const none = await agent.call("status");
  assertEquals(none.isError, true);
  assertMatch(none.text, /No baton runs in[^]*\nNext: Start one/);

  await using baton = new Baton(project, [PYTHON, "app.py"]);
  await baton.up();
  await baton.event("ready", ({ announced }) => announced);
  await waitUntil("it takes commands", async () => !(await agent.call("status")).isError);

  await agent.call("hold", { for: 30 });
  project.write("app.py", edit("VERSION = ("));
  project.write("app.py", edit("VERSION = 2"));
  const released = await agent.call("release", { timeout: 20 });
  assertMatch(released.text, /^Released by "default"[^]*\nGeneration 2 runs: "app\.py" changed/);
  const verdict = released.answer.verdict as { outcome: string };
  assertEquals([verdict.outcome, baton.count("candidate-failed")], ["ready", 0]);

  project.write("app.py", edit("VERSION = = 3"));
  const failed = await agent.call("wait");
  assertMatch(failed.text, /did not come up[^]*SyntaxError[^]*Where: app\.py:4$/);
  assertEquals([failed.isError, failed.answer.outcome], [false, "failed"]);

  assertMatch((await agent.call("logs", { lines: 100 })).text, /Generation 2 runs/);
  assertMatch((await agent.call("state")).text, /^\d {2}generation 1, \d+ B, .* ago/m);
  project.write("app.py", edit("VERSION = 3"));
  const mended = await agent.call("wait");
  await agent.call("restart");
  const restarted = await agent.call("wait");
  assertEquals(restarted.answer.generation, Number(mended.answer.generation) + 1);

  await agent.call("hold", { name: "gone", for: 600 });
  await agent.client.close();
  await baton.event("released", ({ name, by }) => name === "gone" && by === "owner");

  project.write("app.py", edit("VERSION = 4"));
  await using other = await Agent.begin(project.path("sub"));
  assertMatch((await other.call("wait")).text, /^Generation \d+ runs/);
  project.write("app.py", `import time\ntime.sleep(60)\n${COUNTING}`);
  const started = baton.count("started");
  await waitUntil("it boots", () => baton.count("started") > started);
  const waits = other.call("wait");
  assertEquals(await baton.stop(), 0);
  project.write("app.py", COUNTING);
  await using next = new Baton(project, [PYTHON, "app.py"]);
  assertMatch((await waits).text, /^Baton was started anew[^]*\nGeneration 1 runs/);
  assertEquals(await next.stop(), 0);
}
