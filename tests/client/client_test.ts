import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import type { FromBaton, FromProgram } from "../../lib/protocol/message.ts";
import type { Peer } from "../support/pipe_server.ts";
import { isInstalled, runAlone, RUNTIMES, withClient } from "../support/client_program.ts";
import { createHash } from "node:crypto";

type Start = Extract<FromBaton, { type: "start" }>;
type Shutdown = Extract<FromBaton, { type: "shutdown" }>;

const START: Start = {
  type: "start",
  generation: 3,
  reason: "changed",
  changed: ["c.ts"],
  stateFile: null,
};

function shutdown(folder: string, deadlineMs = 10_000): Shutdown {
  return {
    type: "shutdown",
    reason: "changed",
    changed: [],
    out: join(folder, "final"),
    deadlineMs,
  };
}

function names(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name);
}

/** Opens the barrier and waits for what comes after it. */
async function getReady(peer: Peer): Promise<void> {
  await peer.take("hello");
  peer.send(START);
  await peer.take("ready");
}

/** What a program said, without what differs from run to run. */
function told(said: readonly FromProgram[]): string[] {
  return said.map((message) => {
    if (message.type === "failed") return `failed ${message.component}: ${message.error}`;
    return "component" in message ? `${message.type} ${message.component}` : message.type;
  });
}

for (const runtime of RUNTIMES) {
  const test = (name: string, fn: () => Promise<void>) =>
    Deno.test({ name: `client on ${runtime}: ${name}`, ignore: !isInstalled(runtime), fn });

  test("waits at the barrier, resumes, stops, saves and leaves when told", async () => {
    await withClient(runtime, "keeps_a_count.ts", async ({ peer, folder, ended }) => {
      const { capabilities, components, protocol, client } = await peer.take("hello");
      assertEquals(
        { capabilities, components, protocol, client },
        {
          capabilities: ["handoff"],
          components: [],
          protocol: 1,
          client: "baton-ts/0.1.0",
        },
      );
      Deno.writeTextFileSync(join(folder, "in"), `{"count":41}`);
      peer.send({ ...START, stateFile: join(folder, "in") });
      assertEquals((await peer.take("hello")).components, [
        { name: "loop", timeoutMs: 5_000 },
        { name: "http", timeoutMs: 900 },
      ]);
      await peer.take("ready");
      peer.send(shutdown(folder));
      const { kind, bytes, sha256: digest } = await peer.take("saved");
      const state = Deno.readFileSync(join(folder, "final"));
      assertEquals(new TextDecoder().decode(state), `{"count":42}`);
      assertEquals({ kind, bytes, digest }, {
        kind: "final",
        bytes: 12,
        digest: createHash("sha256").update(state).digest("hex"),
      });
      peer.send({ type: "exit" });
      assertEquals(await ended(), {
        code: 0,
        stdout: `{"count":42,"generation":3,"changed":["c.ts"]}\nstopped\nexit handler ran\n`,
        stderr: "",
      });
      assertEquals(told(peer.said).slice(3), [
        "stopping http",
        "stopped http",
        "stopping loop",
        "stopped loop",
        "saved",
      ]);
    });
  });

  test("components that save make one state with a key each", async () => {
    await withClient(runtime, "saves_in_parts.ts", async ({ peer, folder }) => {
      await getReady(peer);
      peer.send(shutdown(folder));
      await peer.take("saved");
      assertEquals(JSON.parse(Deno.readTextFileSync(join(folder, "final"))), {
        order: ["config stopped", "plain stopped", "queue stopped"],
        queue: ["event"],
        config: { tick: 1 },
      });
    });
  });

  test("a component that hangs or throws is named, the others stop, the state is saved", async () => {
    await withClient(runtime, "hangs_while_stopping.ts", async ({ peer, folder }) => {
      await getReady(peer);
      peer.send(shutdown(folder));
      await peer.take("saved");
      assertEquals(told(peer.said).slice(3), [
        "stopping throws",
        "failed throws: thrown",
        "stopping hangs",
        "failed hangs: Not stopped in 50 ms",
        "stopping rejects",
        "failed rejects: rejected",
        "stopping first",
        "stopped first",
        "saved",
      ]);
      assertEquals(Deno.readTextFileSync(join(folder, "final")), `"saved anyway"`);
    });
  });

  test("the whole deadline also bounds a component, so that saving has its time", async () => {
    await withClient(runtime, "hangs_while_stopping.ts", async ({ peer, folder }) => {
      await getReady(peer);
      peer.send(shutdown(folder, 20));
      await peer.take("saved");
      const late = peer.said.find((each) => each.type === "failed" && each.component === "hangs");
      assertMatch(
        late?.type === "failed" ? late.error : "",
        /^Not stopped in (\d|1[0-6]) of \d+ ms: all have 0.02 s \(--hook-timeout\)$/,
      );
    });
  });

  test("a save that throws is a refusal with its reason", async () => {
    await withClient(runtime, "refuses_to_save.ts", async ({ peer, folder, ended }) => {
      await getReady(peer);
      peer.send({ type: "checkpoint", out: join(folder, "checkpoint") });
      assertEquals((await peer.take("refused")).why, "The disk is at the cleaner's");
      peer.send(shutdown(folder));
      assertEquals((await peer.take("refused")).why, "The disk is at the cleaner's");
      peer.send({ type: "exit" });
      assertEquals((await ended()).code, 0);
    });
  });

  test("a state that cannot be written is a refusal", async () => {
    await withClient(runtime, "keeps_a_count.ts", async ({ peer, folder }) => {
      await getReady(peer);
      peer.send({ ...shutdown(folder), out: join(folder, "missing", "final") });
      assertMatch((await peer.take("refused")).why, /ENOENT|No such file/);
    });
  });

  test("without restore there is no barrier; a late component is told in a new hello", async () => {
    await withClient(runtime, "declares_late.ts", async ({ peer, folder }) => {
      const hello = await peer.take("hello");
      assertEquals(hello.capabilities, ["exclusive"]);
      assertEquals(hello.components.map(({ name }) => name), ["early"]);
      const again = await peer.take("hello");
      assertEquals(again.components.map(({ name }) => name), ["early", "late"]);
      assertEquals(told(peer.said), ["hello", "ready", "hello"]);
      peer.send(START);
      peer.send(shutdown(folder));
      assertMatch((await peer.take("refused")).why, /^Nothing saves: /);
    });
  });

  test("a program that never got ready leaves no state", async () => {
    await withClient(runtime, "never_ready.ts", async ({ peer, folder }) => {
      await peer.take("hello");
      peer.send(START);
      peer.send({ type: "checkpoint", out: join(folder, "checkpoint") });
      await peer.take("refused");
      peer.send(shutdown(folder));
      assertMatch((await peer.take("refused")).why, /^The program was not ready/);
      assertEquals(names(folder), ["pipe"]);
    });
  });

  test("asked to stop at the barrier it has no state, and leaves", async () => {
    await withClient(runtime, "keeps_a_count.ts", async ({ peer, folder, ended }) => {
      await peer.take("hello");
      peer.send(shutdown(folder));
      assertEquals((await peer.take("refused")).why, "The program is still at the barrier");
      peer.send({ type: "exit" });
      assertEquals((await ended()).stdout, "");
    });
  });

  test("checkpoints by itself and on request", async () => {
    await withClient(runtime, "takes_checkpoints.ts", async ({ peer, folder }) => {
      await peer.take("hello");
      peer.send(START);
      await peer.take("saved");
      assertEquals((await peer.take("saved")).kind, "checkpoint");
      assertMatch(Deno.readTextFileSync(join(folder, "out")), /^\d+$/);
      peer.send({ type: "checkpoint", out: join(folder, "asked") });
      while (!names(folder).includes("asked")) await peer.take("saved");
      peer.send(shutdown(folder));
      while ((await peer.take("saved")).kind !== "final");
      assertEquals(peer.said.at(-1)?.type, "saved");
    });
  });

  test("a program that has finished ends, though the pipe is open", async () => {
    await withClient(runtime, "finishes_by_itself.ts", async ({ peer, folder, ended }) => {
      await peer.take("hello");
      peer.send(START);
      assertEquals(await ended(), {
        code: 0,
        stdout: `{"state":"default","generation":3}\n`,
        stderr: "",
      });
      assertEquals(told(peer.said), ["hello", "hello", "ready", "saved"]);
      assertEquals(Deno.readTextFileSync(join(folder, "out")), `"default"`);
    });
  });

  test("when baton is lost it stops, saves by itself and ends", async () => {
    await withClient(runtime, "keeps_a_count.ts", async ({ peer, folder, ended }) => {
      await getReady(peer);
      peer.destroy();
      const { code, stdout } = await ended();
      assertEquals(code, 0);
      assertMatch(stdout, /stopped\nexit handler ran\n$/);
      assertEquals(Deno.readTextFileSync(join(folder, "out")), `{"count":1}`);
    });
  });

  test("a hanging component does not keep it from saving when baton is lost", async () => {
    await withClient(runtime, "hangs_while_stopping.ts", async ({ peer, folder, ended }) => {
      await getReady(peer);
      peer.destroy();
      assertEquals((await ended()).code, 0);
      assertEquals(Deno.readTextFileSync(join(folder, "out")), `"saved anyway"`);
    });
  });

  test("when baton is lost at the barrier it ends and leaves no state", async () => {
    await withClient(runtime, "keeps_a_count.ts", async ({ peer, folder, ended }) => {
      await peer.take("hello");
      peer.destroy();
      assertEquals(await ended(), { code: 0, stdout: "", stderr: "" });
      assertEquals(names(folder), ["pipe"]);
    });
  });

  test("a type it does not know is answered; fields it does not know are not", async () => {
    await withClient(runtime, "keeps_a_count.ts", async ({ peer }) => {
      await peer.take("hello");
      peer.sendRaw(`{"type":"sing"}\n`);
      assertEquals(
        (await peer.take("error")).message,
        `Unknown message type "sing" (line 1, byte 0)`,
      );
      peer.sendRaw(JSON.stringify({ ...START, mood: "fine" }) + "\n");
      await peer.take("ready");
      assertEquals(peer.said.filter(({ type }) => type === "error").length, 1);
    });
  });

  test("junk from baton is answered, and the program stops as if baton were lost", async () => {
    await withClient(runtime, "keeps_a_count.ts", async ({ peer, folder, ended }) => {
      await getReady(peer);
      peer.sendRaw("junk\n");
      assertMatch((await peer.take("error")).message, /^The line is not JSON: .+ \(line 2, byte /);
      assertEquals((await ended()).code, 0);
      assertEquals(Deno.readTextFileSync(join(folder, "out")), `{"count":1}`);
    });
  });

  test("a state that is not JSON is an error, never the default", async () => {
    await withClient(runtime, "keeps_a_count.ts", async ({ peer, folder, ended }) => {
      await peer.take("hello");
      Deno.writeTextFileSync(join(folder, "in"), "torn{");
      peer.send({ ...START, stateFile: join(folder, "in") });
      const { code, stderr } = await ended();
      assertEquals(code, 1);
      assertMatch(stderr, /Cannot read the state ".+in" as JSON/);
    });
  });

  test("outside baton it is a stand-in", async () => {
    assertEquals(await runAlone(runtime, "finishes_by_itself.ts"), {
      code: 0,
      stdout: `{"state":"default","generation":1}\n`,
      stderr: "",
    });
  });

  test("where the pipe is dead it says so and goes on without", async () => {
    const env = { BATON_PIPE: "/nowhere/pipe" };
    const { code, stdout, stderr } = await runAlone(runtime, "finishes_by_itself.ts", env);
    assertEquals([code, stdout], [0, `{"state":"default","generation":1}\n`]);
    assertMatch(stderr, /^baton: Cannot reach "\/nowhere\/pipe", going on without: /);
  });
}

Deno.test("client on deno: what listens to unload runs where nothing of Node is loaded", async () => {
  await withClient("deno", "listens_to_unload.ts", async ({ peer, ended }) => {
    await getReady(peer);
    peer.send({ type: "exit" });
    assertEquals(await ended(), { code: 0, stdout: "unloaded\n", stderr: "" });
  });
});
