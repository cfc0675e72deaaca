/**
 * Programs that count their requests, under a real baton and under load, saved again and again: no request that was
 * answered is missing from the count of the next generation.
 */
import { assertEquals } from "@std/assert";
import { Baton, Project } from "../e2e/baton.ts";
import { together } from "../e2e/fixtures.ts";
import { freePort } from "./free_port.ts";
import { Hammer } from "./hammer.ts";
import { waitUntil } from "./wait_until.ts";

/** More, for a longer look. */
const SAVES = Number(Deno.env.get("SAVES") ?? 1);
const CLIENTS = 3;
const PATIENCE = { attempts: 1_000, pauseMs: 10 };

export interface Counting {
  readonly files: Readonly<Record<string, string>>;
  /** The file with `VERSION = 1`. */
  readonly edited: string;
  /** It answers at this port with `{"version", "count"}`. */
  readonly command: (port: number) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the project's folder before it is run. */
  readonly prepare?: (folder: string) => void;
}

export async function countsUnderLoad(
  { files, edited, command, env = {}, prepare = () => {} }: Counting,
): Promise<void> {
  using project = new Project(files);
  prepare(project.dir);
  const port = freePort();
  await using baton = new Baton(project, command(port), { env });
  const clients = Array.from(
    { length: CLIENTS },
    () => new Hammer(`http://127.0.0.1:${port}/`, PATIENCE),
  );
  const serves = (version: number) =>
    waitUntil(
      `version ${version} answers`,
      () => clients.every(({ answers }) => answers.at(-1)?.version === version),
      { withinMs: 60_000 },
    );
  try {
    await baton.event("armed");
    await serves(1);
    for (let generation = 2; generation <= SAVES + 1; generation++) {
      project.replace(edited, /VERSION = \d+/, `VERSION = ${generation}`);
      await baton.event("ready", (event) => event.generation === generation, { withinMs: 60_000 });
      await serves(generation);
    }
    await together(...clients.map((client) => client.stop()));
    const last = await clients[0]!.ask();
    const counts = clients.flatMap(({ answers }) => answers.map(({ count }) => count!));
    const lost = counts.length - new Set(counts).size;
    const found = { lost, version: last.version };
    assertEquals(found, { lost: 0, version: SAVES + 1 }, baton.transcript());
  } finally {
    for (const client of clients) await client[Symbol.asyncDispose]();
  }
}
