import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import * as z from "zod";
import { BatonError } from "../errors.ts";
import type { Caller } from "../platform/caller.ts";
import { plain } from "../report/control.ts";
import { VERSION } from "../version.ts";
import type { ControlClient } from "./client.ts";
import { connectToBaton } from "./connect.ts";
import { WAIT_MS } from "./protocol.ts";
import { statesText } from "./states_text.ts";
import { statusText } from "./status_text.ts";
import { releasedText, rewoundText, waitedText } from "./verdict_text.ts";
import { COMING_MS, type NextBaton, onceGone, verdictOf, waitForVerdict } from "./waiting.ts";

const INSTRUCTIONS =
  "Baton runs the program of this project and hands it over to its next version at each edit. To edit: " +
  "hold, make all edits of the turn, release. Release answers with the verdict: whether what runs now has " +
  "these edits, or how the new version failed (its last lines, file and line) while the old one goes on serving. " +
  "After an edit without a hold, wait gives the same verdict.";

/** What tools are asked with. */
interface Asked {
  readonly name?: string | undefined;
  readonly for?: number | undefined;
  readonly timeout?: number | undefined;
  readonly lines?: number | undefined;
  readonly back?: number | undefined;
  readonly files?: boolean | undefined;
}

/** What a tool answers with: text for the model, the same as an object for programs. */
interface Told {
  readonly text: string;
  readonly answer: object;
}

const seconds = (about: string) =>
  z.number().positive().max(3_600).optional().describe(`${about}, in seconds`);
const name = z.string().regex(/^[\w.@:-]{1,64}$/).optional()
  .describe("Of the hold, where several hold at once");

/** Serves the commands by the Model Context Protocol on standard input and output, until the input ends. */
export async function serveMcp(caller: Caller, stateDir: string | null): Promise<void> {
  const baton = new KeptConnection(caller, stateDir);
  const server = new McpServer({ name: "baton", version: VERSION }, { instructions: INSTRUCTIONS });

  server.registerTool("hold", {
    description: "Begin a turn of edits: changes are noted and nothing is started until release",
    inputSchema: {
      name,
      for: seconds("It ends by itself after so long, 60 unless said otherwise"),
    },
  }, ({ name, for: holdFor }: Asked) =>
    told(async () => {
      const forMs = holdFor === undefined ? {} : { forMs: Math.ceil(holdFor * 1_000) };
      const asked = { ...named(name), ...forMs, withConnection: true };
      const answer = await (await baton.client()).ask("hold", asked);
      return { text: `Held by "${answer.name}": edit now, then release`, answer };
    }));

  server.registerTool("release", {
    description: "End the turn: all edits are one change. Answers with the verdict on them",
    inputSchema: { name, timeout: seconds("How long the verdict is waited for, 30 unless said") },
  }, ({ name, timeout }: Asked) =>
    told(async () => {
      const timeoutMs = timeoutOf(timeout);
      const asked = { ...named(name), timeoutMs, wait: true };
      const client = await baton.client();
      const released = await client.ask("release", asked);
      const first = () => onceGone(client, released.verdict!);
      const waited = await waitForVerdict(baton, timeoutMs, first);
      const text = waitedText(waited.verdict, waited.restarted);
      return { text: `${releasedText(released)}\n${text}`, answer: { ...released, ...waited } };
    }));

  server.registerTool("wait", {
    description: "The verdict on the files as they are now: they run, or failed and where",
    inputSchema: { timeout: seconds("How long it is waited for, 30 unless said otherwise") },
    annotations: { readOnlyHint: true },
  }, ({ timeout }: Asked) =>
    told(async () => {
      const timeoutMs = timeoutOf(timeout);
      const client = await baton.connect(COMING_MS);
      const waited = await waitForVerdict(baton, timeoutMs, () => verdictOf(client, timeoutMs));
      const { verdict, restarted } = waited;
      return { text: waitedText(verdict, restarted), answer: { ...verdict, restarted } };
    }));

  server.registerTool("status", {
    description: "What runs, and whether from the files as they are",
    annotations: { readOnlyHint: true },
  }, () =>
    told(async () => {
      const answer = await (await baton.client()).ask("status", {});
      return { text: statusText(answer), answer };
    }));

  server.registerTool("restart", {
    description: "Hand over to a new generation without a change",
  }, () =>
    told(async () => {
      const answer = await (await baton.client()).ask("restart", {});
      return { text: "A new generation is being started", answer };
    }));

  server.registerTool("logs", {
    description: "The last lines of baton, and of the program's standard error",
    inputSchema: { lines: z.number().int().min(1).max(10_000).optional() },
    annotations: { readOnlyHint: true },
  }, ({ lines }: Asked) =>
    told(async () => {
      const answer = await (await baton.client()).ask("logs", lines === undefined ? {} : { lines });
      return { text: answer.lines.join("\n"), answer };
    }));

  server.registerTool("state", {
    description: "The states of the program that are kept, newest first",
    annotations: { readOnlyHint: true },
  }, () =>
    told(async () => {
      const client = await baton.client();
      const answer = await client.ask("state", {});
      const { tree } = await client.ask("status", {});
      return { text: statesText(answer.states, tree, caller.clock.wallNow()), answer };
    }));

  server.registerTool("rewind", {
    description:
      "Hand over with an earlier state: that of these files or of the last good version, or the N-th",
    inputSchema: {
      back: z.number().int().min(1).max(1_000).optional(),
      files: z.boolean().optional().describe("Put the files back as well, where baton keeps them"),
    },
  }, ({ back, files = false }: Asked) =>
    told(async () => {
      const answer = await (await baton.client()).ask("rewind", { back: back ?? null, files });
      return { text: rewoundText(answer), answer };
    }));

  const ended = caller.whenInputEnds();
  await server.connect(new StdioServerTransport());
  await ended;
  baton.close();
  await server.close();
}

/** One connection for all that is asked, as a hold ends with it; made anew where baton was. */
class KeptConnection implements NextBaton {
  readonly clock: Caller["clock"];
  readonly #caller: Caller;
  readonly #stateDir: string | null;
  #open: Promise<ControlClient> | null = null;

  constructor(caller: Caller, stateDir: string | null) {
    this.clock = caller.clock;
    this.#caller = caller;
    this.#stateDir = stateDir;
  }

  /** Throws `BatonError` where no baton runs here. */
  client(): Promise<ControlClient> {
    return this.connect(0);
  }

  /** The same, where one is waited for as long as that. */
  connect(patienceMs: number): Promise<ControlClient> {
    this.#open ??= this.#connect(patienceMs);
    return this.#open;
  }

  close(): void {
    this.#open?.then((client) => client.close(), () => null);
  }

  async #connect(patienceMs: number): Promise<ControlClient> {
    try {
      const client = await connectToBaton(this.#caller, this.#stateDir, patienceMs);
      client.closed.then(() => this.#open = null);
      return client;
    } catch (error) {
      this.#open = null;
      throw error;
    }
  }
}

async function told(tell: () => Promise<Told>) {
  const content = (text: string) => [{ type: "text" as const, text: plain(text) }];
  try {
    const { text, answer } = await tell();
    return { content: content(text), structuredContent: { ...answer } };
  } catch (error) {
    if (!(error instanceof BatonError)) throw error;
    const next = error.next === undefined ? "" : `\nNext: ${error.next}`;
    return { content: content(`${error.what}${next}`), isError: true };
  }
}

function named(name: string | undefined): { name?: string } {
  return name === undefined ? {} : { name };
}

function timeoutOf(seconds: number | undefined): number {
  return seconds === undefined ? WAIT_MS : Math.ceil(seconds * 1_000);
}
