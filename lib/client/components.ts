import { messageOf } from "../errors.ts";
import type { ClientHost } from "./host.ts";
import type { FromProgram } from "../protocol/message.ts";
import type { ComponentOptions } from "./baton.ts";

/** A declared component, every default filled in. */
export interface Component {
  readonly name: string;
  readonly timeoutMs: number;
  readonly stop: () => unknown;
  readonly save?: (() => unknown) | undefined;
}

const DEFAULT_TIMEOUT_MS = 5_000;
const MAX_NAME_LENGTH = 200;
/** What baton accepts as text in one message, in UTF-16 units. */
export const MAX_TEXT_LENGTH = 65_536;
/** How much of the whole deadline is left for saving: this share, but no more than this time. */
const SHARE_FOR_SAVING = 0.2;
const FOR_SAVING_MS = 1_000;

/** Checks what a program declares; throws `RangeError` with the value that does not fit. */
export function defineComponent(
  name: string,
  stop: () => unknown,
  options: ComponentOptions = {},
): Component {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  if (name === "" || name.length > MAX_NAME_LENGTH) {
    throw new RangeError(
      `A component's name has 1 to ${MAX_NAME_LENGTH} characters, got "${name}"`,
    );
  }
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs <= 0) {
    throw new RangeError(`Component "${name}": timeoutMs is a positive integer, got ${timeoutMs}`);
  }
  return { name, timeoutMs, stop, save: options.save };
}

/**
 * Stops the components, the last declared first, each within its own timeout and all within their share of
 * `deadlineMs`. One that throws or is late is said to have failed; the others still stop.
 */
export async function stopComponents(
  components: readonly Component[],
  deadlineMs: number,
  host: Pick<ClientHost, "after">,
  say: (message: FromProgram) => void,
): Promise<void> {
  const forSavingMs = Math.min(deadlineMs * SHARE_FOR_SAVING, FOR_SAVING_MS);
  const stopBy = performance.now() + deadlineMs - forSavingMs;
  for (const { name, timeoutMs, stop } of components.toReversed()) {
    const beganAt = performance.now();
    say({ type: "stopping", component: name });
    try {
      const stopping = stop();
      if (isThenable(stopping)) {
        const leftMs = Math.max(0, Math.floor(stopBy - beganAt));
        const late = leftMs < timeoutMs
          ? `${leftMs} of ${timeoutMs} ms: all have ${deadlineMs / 1_000} s (--hook-timeout)`
          : `${timeoutMs} ms`;
        await within(stopping, Math.min(timeoutMs, leftMs), `Not stopped in ${late}`, host);
      }
      const elapsedMs = performance.now() - beganAt;
      say({ type: "stopped", component: name, elapsedMs });
    } catch (error) {
      const text = messageOf(error).slice(0, MAX_TEXT_LENGTH);
      say({ type: "failed", component: name, error: text });
    }
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";
}

function within(
  work: PromiseLike<unknown>,
  ms: number,
  late: string,
  host: Pick<ClientHost, "after">,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const cancel = host.after(ms, () => reject(new Error(late)));
    work.then(resolve, reject).then(cancel);
  });
}
