/** Stops the components: some are told first and waited for later, and what serves goes on until the end. */
import { messageOf } from "../errors.ts";
import type { FromProgram, FromProgramOf } from "../protocol/message.ts";
import { type Component, MAX_TEXT_LENGTH } from "./components.ts";
import type { ClientHost } from "./host.ts";

type Host = Pick<ClientHost, "after">;

/** How much of the whole deadline is left for saving: this share, but no more than this time. */
const SHARE_FOR_SAVING = 0.2;
const FOR_SAVING_MS = 1_000;
/** Of the rest, for the calls to come: one that hangs cannot take it. */
const SHARE_FOR_LATER = 0.25;
/** For one whose own time is over when its turn comes: it has ended, as a rule. */
const OVERDUE_MS = 200;

interface Step {
  readonly component: Component;
  readonly call: () => unknown;
  /** By this call it is told, or stopped. */
  readonly begins: boolean;
  /** Once this call is done it has ended. */
  readonly ends: boolean;
}

/** What is called, in this order: the last declared first, those that serve after all others; none that is stopped. */
export function planStops(components: readonly Component[]): Step[] {
  return [false, true].flatMap((serves) => {
    const running = components.filter(({ held }) => held === undefined);
    const group = running.filter((each) => each.serves === serves).toReversed();
    const told = group.flatMap(({ stop, join, ...rest }): Step[] =>
      stop === null || join === null
        ? []
        : [{ component: { stop, join, ...rest }, call: stop, begins: true, ends: false }]
    );
    const ended = group.flatMap((component): Step[] => {
      const call = component.join ?? component.stop;
      const begins = component.join === null || component.stop === null;
      return call === null ? [] : [{ component, call, begins, ends: true }];
    });
    return [...told, ...ended];
  });
}

/**
 * Stops the components, each within its own timeout, which counts from when it is told, and all within their
 * share of `deadlineMs`. One that throws or is late is said to have failed, and returned; the others still stop.
 */
export async function stopComponents(
  components: readonly Component[],
  deadlineMs: number,
  host: Host,
  say: (message: FromProgram) => void,
): Promise<FromProgramOf<"failed">[]> {
  const wholeMs = deadlineMs - Math.min(deadlineMs * SHARE_FOR_SAVING, FOR_SAVING_MS);
  const stopBy = performance.now() + wholeMs;
  const steps = planStops(components);
  const begunAt = new Map<string, number>();
  const told = new Map<string, PromiseLike<unknown>>();
  const failures: FromProgramOf<"failed">[] = [];
  for (const [index, { component: { name, timeoutMs }, call, begins, ends }] of steps.entries()) {
    if (failures.some(({ component }) => component === name)) continue;
    const now = performance.now();
    if (begins) {
      begunAt.set(name, now);
      say({ type: "stopping", component: name });
    }
    try {
      const stopping = call();
      if (!ends) {
        // Waited for at its turn, so that the next is told at once.
        if (isThenable(stopping)) {
          told.set(name, stopping);
          stopping.then(undefined, () => {}); // Until then, nobody hears of its failure.
        }
        continue;
      }
      const awaited = [told.get(name), stopping].filter(isThenable);
      if (awaited.length > 0) {
        const laterMs = wholeMs * SHARE_FOR_LATER * (steps.length - index - 1) / steps.length;
        const leftMs = Math.max(0, Math.floor(stopBy - now - laterMs));
        const ownMs = begunAt.get(name)! + timeoutMs - now;
        const ms = Math.max(Math.round(ownMs), Math.min(timeoutMs, OVERDUE_MS));
        const late = leftMs < ms
          ? `${leftMs} of ${timeoutMs} ms: all have ${deadlineMs / 1_000} s (--hook-timeout)`
          : `${timeoutMs} ms`;
        await within(Promise.all(awaited), Math.min(ms, leftMs), `Not stopped in ${late}`, host);
      }
      const elapsedMs = performance.now() - begunAt.get(name)!;
      say({ type: "stopped", component: name, elapsedMs });
    } catch (error) {
      const text = messageOf(error).slice(0, MAX_TEXT_LENGTH);
      const failure = { type: "failed", component: name, error: text } as const;
      failures.push(failure);
      say(failure);
    }
  }
  return failures;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";
}

/** Rejects where the work is not done in time. */
export function within(
  work: PromiseLike<unknown>,
  ms: number,
  late: string,
  host: Host,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const cancel = host.after(ms, () => reject(new Error(late)));
    work.then(resolve, reject).then(cancel);
  });
}
