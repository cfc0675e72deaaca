/** A web program behind baton's proxy and under load, saved again and again, well and badly. */
import { pause } from "../../tests/support/pause.ts";
import { startBaton } from "../listen/log.ts";
import { Asker, type Outcomes } from "./asker.ts";
import type { Server } from "./servers.ts";

const PER_SECOND = 200;
/** What is saved sooner after the first start may be taken for a file that the program makes. */
const FIRST_SAVE_MS = 1_500;
const QUIET_MS = 1_500;
const BETWEEN_MS = 200;

export interface Trial extends Outcomes {
  /** How many handoffs were as they were to be. */
  readonly handedOver: number;
  /** Milliseconds of waiting where nothing was saved. */
  readonly quietWaits: readonly number[];
  /** What went wrong while edits were broken. */
  readonly brokenFailures: readonly string[];
}

/** `baton`: the command that runs it. Saves, and then as many broken edits and repairs. */
export async function trial(
  baton: readonly string[],
  { command, file, mode }: Server,
  folder: string,
  { saves, broken, perSecond = PER_SECOND, quietMs = QUIET_MS, betweenMs = BETWEEN_MS }: {
    readonly saves: number;
    readonly broken: number;
    readonly perSecond?: number;
    /** How long it is asked before the first save. */
    readonly quietMs?: number;
    /** How long each version is left alone. */
    readonly betweenMs?: number;
  },
): Promise<Trial> {
  const started = startBaton(baton, ["-v", "--proxy", "0", "--", ...command], folder);
  const { lines } = started;
  try {
    const { port } = await lines.next(({ type }) => type === "proxying");
    await lines.next(({ type }) => type === "ready");
    await lines.next(({ type }) => type === "armed");
    await pause(FIRST_SAVE_MS);
    const quiet = new Asker(port!, perSecond);
    await pause(quietMs);
    const { waits: quietWaits } = await quiet.stop();

    let [version, handedOver] = [0, 0];
    const save = async (more = "") => {
      const text = Deno.readTextFileSync(file).replace(/\n\)\(\n$/, "");
      const next = text.replace(/VERSION = \d+/, `VERSION = ${++version}`);
      Deno.writeTextFileSync(file, next + more);
      const type = more === "" ? "ready" : "candidate-failed";
      const told = await lines.next((line) => line.type === type);
      if (type === "ready" && told.mode === mode) handedOver += 1;
      await pause(betweenMs);
    };
    const asker = new Asker(port!, perSecond);
    for (let count = 0; count < saves; count++) await save();
    const outcomes = await asker.stop();
    const patient = new Asker(port!, perSecond);
    for (let count = 0; count < broken; count++) {
      await save("\n)(\n");
      await save();
    }
    const { failures: brokenFailures } = await patient.stop();
    return { ...outcomes, handedOver, quietWaits, brokenFailures };
  } finally {
    await started.end();
  }
}
