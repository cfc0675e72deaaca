/** One server under baton and under load, saved again and again. */
import { pause } from "../../tests/support/pause.ts";
import { Asker, type Outcomes } from "./asker.ts";
import { type Line, startBaton, WITHIN_MS } from "./log.ts";
import type { Server } from "./servers.ts";

/** A request each so many milliseconds. */
export const EVERY_MS = 10;
/** What is saved sooner after the first start may be taken for a file that the program makes. */
export const FIRST_SAVE_MS = 1_500;

export interface Trial extends Outcomes {
  readonly restarts: number;
  /** Dark time of each restart as baton told it. */
  readonly darkMs: readonly number[];
  /** How many restarts were overlapped. */
  readonly overlapped: number;
}

/** `baton`: the command that runs it. `edit` is what each save writes. */
export async function trial(
  baton: readonly string[],
  { command, file }: Server,
  folder: string,
  restarts: number,
): Promise<Trial> {
  const started = startBaton(baton, ["-v", "--listen", "0", "--", ...command], folder);
  const { lines } = started;
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
    await started.end();
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
