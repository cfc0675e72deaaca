/** What a save costs that does not come up, under load. */
import { pause } from "../../tests/support/pause.ts";
import { Asker, type Outcomes } from "./asker.ts";
import { startBaton } from "./log.ts";
import type { Server } from "./servers.ts";
import { EVERY_MS, FIRST_SAVE_MS } from "./trial.ts";

/** Breaks the source so many times, each time until baton says that it did not come up. */
export async function breakEdits(
  baton: readonly string[],
  { command, file }: Server,
  folder: string,
  times: number,
): Promise<Outcomes> {
  const started = startBaton(baton, ["--listen", "0", "--", ...command], folder);
  const { lines } = started;
  try {
    const { port } = await lines.next((line) => line.type === "listening");
    await lines.next((line) => line.type === "ready" && line.announced === true);
    await pause(FIRST_SAVE_MS);
    const asker = new Asker(port!, EVERY_MS);
    const sound = Deno.readTextFileSync(file);
    for (let time = 1; time <= times; time++) {
      Deno.writeTextFileSync(file, `${sound}\n)( ${time}\n`);
      await lines.next((line) => line.type === "candidate-failed");
    }
    return await asker.stop();
  } finally {
    await started.end();
  }
}
