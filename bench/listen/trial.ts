/** One server under baton and under load, saved again and again. */
import { pause } from "../../tests/support/pause.ts";
import { TextLineStream } from "./lines.ts";
import { Asker, type Outcomes } from "./asker.ts";
import type { Server } from "./servers.ts";

const EVERY_MS = 10;
const WITHIN_MS = 30_000;
/** What is saved sooner after the first start may be taken for a file that the program makes. */
const FIRST_SAVE_MS = 1_500;

export interface Trial extends Outcomes {
  readonly restarts: number;
  /** Dark time of each restart as baton told it. */
  readonly darkMs: readonly number[];
  /** How many restarts were overlapped. */
  readonly overlapped: number;
}

interface Line {
  readonly type: string;
  readonly port?: number;
  readonly generation?: number;
  readonly mode?: string;
  readonly timings?: { readonly darkMs?: number };
}

/** `baton`: the command that runs it. `edit` is what each save writes. */
export async function trial(
  baton: readonly string[],
  { command, file }: Server,
  folder: string,
  restarts: number,
): Promise<Trial> {
  const [program, ...args] = baton;
  const child = new Deno.Command(program!, {
    args: [...args, "--log", "json", "-v", "--listen", "0", "--", ...command],
    cwd: folder,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const lines = follow(child.stderr);
  try {
    const { port } = await lines.next((line) => line.type === "listening");
    await lines.next((line) => line.type === "ready");
    await lines.next((line) => line.type === "armed");
    await answers(port!);
    await pause(FIRST_SAVE_MS);
    const asker = new Asker(port!, EVERY_MS);
    const ready: Line[] = [];
    for (let generation = 2; generation <= restarts + 1; generation++) {
      const text = Deno.readTextFileSync(file);
      Deno.writeTextFileSync(file, text.replace(/VERSION = \d+/, `VERSION = ${generation}`));
      ready.push(
        await lines.next((line) => line.type === "ready" && line.generation === generation),
      );
      await answers(port!);
    }
    return {
      ...await asker.stop(),
      restarts,
      darkMs: ready.flatMap(({ timings }) => timings?.darkMs ?? []),
      overlapped: ready.filter(({ mode }) => mode === "overlapped").length,
    };
  } finally {
    if (!lines.isOver()) child.kill("SIGINT");
    await child.status;
    await lines.ended;
  }
}

/** Waits for an answer, however long the program boots. */
async function answers(port: number): Promise<void> {
  const asker = await fetch(`http://127.0.0.1:${port}/`, {
    signal: AbortSignal.timeout(WITHIN_MS),
    headers: { connection: "close" },
  });
  await asker.body?.cancel();
}

function follow(stream: ReadableStream<Uint8Array>) {
  const seen: string[] = [];
  let fits: (line: Line) => boolean = () => false;
  let found: (line: Line) => void = () => {};
  const queue: Line[] = [];
  let isOver = false;
  const read = async () => {
    for await (const text of stream.pipeThrough(new TextLineStream())) {
      seen.push(text);
      if (!text.startsWith('{"baton"')) continue;
      const line: Line = JSON.parse(text);
      if (fits(line)) found(line);
      else queue.push(line);
    }
    isOver = true;
  };
  return {
    ended: read(),
    isOver: () => isOver,
    next(wanted: (line: Line) => boolean): Promise<Line> {
      const index = queue.findIndex(wanted);
      if (index >= 0) return Promise.resolve(queue.splice(index, 1)[0]!);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`Waited in vain; seen last:\n${seen.slice(-15).join("\n")}`)),
          WITHIN_MS,
        );
        fits = wanted;
        found = (line) => {
          clearTimeout(timer);
          fits = () => false;
          resolve(line);
        };
      });
    },
  };
}
