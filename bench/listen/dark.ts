/** How long it is dark as baton tells it, against a client that asks every millisecond. */
import { freePort } from "../../tests/support/free_port.ts";
import { pause } from "../../tests/support/pause.ts";
import { Asker } from "../handoff/asker.ts";
import { startBaton } from "./log.ts";
import { FIRST_SAVE_MS } from "./trial.ts";

const program = new URL("servers/stops_its_parts.py", import.meta.url).pathname;

export interface Dark {
  /** Milliseconds between the last answer of the old version and the first of the new one. */
  readonly seenMs: number;
  /** As baton tells it; undefined where it says that it does not know. */
  readonly toldMs: number | undefined;
}

/** The server and so many loops beside it, the server at each place, with and without its word. */
export function arrangements(most: number): string[][] {
  return Array.from({ length: most }, (_, beside) => beside).flatMap((beside) =>
    ["http", "http+serves"].flatMap((http) =>
      Array.from(
        { length: beside + 1 },
        (_, at) =>
          Array.from({ length: beside + 1 }, (_, place) =>
            place === at ? http : place % 2 === 0 ? "loop" : "told"),
      )
    )
  );
}

/** Saves a program with these parts so many times. */
export async function measureDark(
  baton: readonly string[],
  parts: readonly string[],
  saves: number,
): Promise<Dark[]> {
  const folder = Deno.makeTempDirSync({ prefix: "baton-dark-" });
  const file = `${folder}/app.py`;
  const source = Deno.readTextFileSync(program);
  const save = (version: number) =>
    Deno.writeTextFileSync(file, source.replace("VERSION = 0", `VERSION = ${version}`));
  save(1);
  const port = freePort();
  const started = startBaton(baton, ["-v", "--", "python3", "app.py", `${port}`, ...parts], folder);
  const { lines } = started;
  const found: Dark[] = [];
  try {
    await lines.next((line) => line.type === "ready" && line.announced === true);
    await lines.next((line) => line.type === "armed");
    await pause(FIRST_SAVE_MS);
    for (let generation = 2; generation <= saves + 1; generation++) {
      await using asker = new Asker(port);
      await asker.steady();
      save(generation);
      const { lastAt, firstAt } = await asker.turnover();
      const ready = await lines.next((line) =>
        line.type === "ready" && line.generation === generation
      );
      found.push({ seenMs: firstAt - lastAt, toldMs: ready.timings?.darkMs });
    }
    return found;
  } finally {
    await started.end();
    Deno.removeSync(folder, { recursive: true });
  }
}
