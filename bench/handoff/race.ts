/** One program under every tool, in turns: what disturbs the machine disturbs all alike. */
import { Contestant, type Sample } from "./contestant.ts";
import { bareStartMs, eventMs, ownStartMs } from "./limits.ts";
import type { Program } from "./programs.ts";
import type { Tool } from "./tools.ts";

export interface Race {
  readonly program: Program["name"];
  readonly importMs: number;
  readonly samples: Readonly<Record<string, readonly Sample[]>>;
  /** In milliseconds. */
  readonly limits: Readonly<Record<"event" | "bareStart" | "ownStart", readonly number[]>>;
}

export interface Course {
  readonly tools: readonly Tool[];
  readonly importMs: number;
  readonly saves: number;
  readonly client: string;
}

export async function race(program: Program, course: Course): Promise<Race> {
  const { tools, importMs, saves, client } = course;
  await using stack = new AsyncDisposableStack();
  const contestants: Contestant[] = [];
  for (const tool of tools) {
    contestants.push(stack.use(new Contestant(tool, program, importMs, freePort(), client)));
  }
  for (const contestant of contestants) await contestant.warmUp();
  const limits = { event: [] as number[], bareStart: [] as number[], ownStart: [] as number[] };
  for (let round = 0; round < saves; round++) {
    for (const contestant of contestants) await contestant.save();
    limits.event.push(await eventMs());
    limits.bareStart.push(await bareStartMs(program));
    limits.ownStart.push(await ownStartMs(program, importMs, freePort(), client));
  }
  const samples = Object.fromEntries(contestants.map(({ tool, samples }) => [tool.name, samples]));
  return { program: program.name, importMs, samples, limits };
}

function freePort(): number {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return listener.addr.port;
}
