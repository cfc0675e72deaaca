import type { ComponentOptions } from "./baton.ts";

/** A declared component, every default filled in. */
export interface Component {
  readonly name: string;
  readonly timeoutMs: number;
  /** Null where it only saves. */
  readonly stop: (() => unknown) | null;
  readonly join: (() => unknown) | null;
  readonly serves: boolean;
  readonly save?: (() => unknown) | undefined;
  /** Null where it cannot be started again in this process. */
  readonly start: ((saved: unknown) => unknown) | null;
  /** What it saved, while it is stopped to be started again. */
  held?: { readonly saved: unknown } | undefined;
}

const DEFAULT_TIMEOUT_MS = 5_000;
const MAX_NAME_LENGTH = 200;
/** What baton accepts as text in one message, in UTF-16 units. */
export const MAX_TEXT_LENGTH = 65_536;

/** Checks what a program declares; throws `RangeError` with the value that does not fit. */
export function defineComponent(
  name: string,
  stop: (() => unknown) | null,
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
  const { join = null, serves = false, save, start = null } = options;
  return { name, timeoutMs, stop, join, serves, save, start };
}
