import type { FromBaton, FromProgram } from "../lib/protocol/message.ts";

type Examples<Message extends { type: string }> = {
  readonly [Type in Message["type"]]: Extract<Message, { type: Type }>;
};

/** One message of each type, as the reference shows it. */
export const EXAMPLES: { fromProgram: Examples<FromProgram>; fromBaton: Examples<FromBaton> } = {
  fromProgram: {
    hello: {
      type: "hello",
      protocol: 1,
      pid: 4711,
      client: "baton-py/0.1.0",
      capabilities: ["handoff", "checkpoint"],
      components: [{ name: "http", timeoutMs: 5000 }],
    },
    ready: { type: "ready" },
    stopping: { type: "stopping", component: "http" },
    stopped: { type: "stopped", component: "http", elapsedMs: 3.2 },
    failed: { type: "failed", component: "http", error: "Not stopped in 5000 ms" },
    saved: {
      type: "saved",
      kind: "final",
      bytes: 12,
      sha256: "b35539ce83f07b2fe8fb4bdce27fb9666c2122af4ad9a5850a711d906fb58998",
    },
    refused: { type: "refused", why: "The queue is being migrated" },
    error: { type: "error", message: `Unknown message type "sing" (line 3, byte 187)` },
  },
  fromBaton: {
    start: {
      type: "start",
      generation: 3,
      reason: `"src/app.py" changed`,
      changed: ["src/app.py"],
      stateFile: "/home/me/project/.baton/state/3.bin",
    },
    shutdown: {
      type: "shutdown",
      reason: `"src/app.py" changed`,
      changed: ["src/app.py"],
      out: "/home/me/project/.baton/out/2-1",
      deadlineMs: 10000,
    },
    exit: { type: "exit" },
    checkpoint: { type: "checkpoint", out: "/home/me/project/.baton/out/2-1" },
    error: { type: "error", message: "The line is not JSON (line 2, byte 38)" },
  },
};
