import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import type { FromBatonOf, FromProgram } from "../../lib/protocol/message.ts";
import type { Peer } from "../support/pipe_server.ts";
import { isInstalled, runAlone, RUNTIMES, withClient } from "../support/client_program.ts";
import { createHash } from "node:crypto";

type Start = FromBatonOf<"start">;
type Shutdown = FromBatonOf<"shutdown">;

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

  test("a hanging component does not keep it from saving when baton is lost", async () => {
    await withClient(runtime, "hangs_while_stopping.ts", async ({ peer, folder, ended }) => {
      await getReady(peer);
      peer.destroy();
      assertEquals((await ended()).code, 0);
      assertEquals(Deno.readTextFileSync(join(folder, "out")), `"saved anyway"`);
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
