/** Stops the components and starts them again, each with what it saved, in the same process. */
import { messageOf } from "../errors.ts";
import type { FromProgram } from "../protocol/message.ts";
import type { Component } from "./components.ts";
import type { ClientHost } from "./host.ts";
import { stopComponents, within } from "./stopping.ts";

/** Whether it can be stopped and started again: one that only saves goes on as it is. */
function isRecyclable({ stop, join, start }: Component): boolean {
  return start !== null || (stop === null && join === null);
}

export function areRecyclable(components: readonly Component[]): boolean {
  return components.some(({ start }) => start !== null) && components.every(isRecyclable);
}

/**
 * All are stopped, the last declared first, what they know is kept, and all are started in the order in which they
 * were declared. Rejects where one cannot be started again, with nothing done; and where one does not stop in time, or
 * throws: what has stopped by then keeps what it saved, for the state and for the next try.
 */
export async function recycle(
  components: readonly Component[],
  deadlineMs: number,
  host: Pick<ClientHost, "after">,
  say: (message: FromProgram) => void,
): Promise<void> {
  const once = components.find((component) => !isRecyclable(component));
  if (once !== undefined) throw new Error(`Component "${once.name}" has no start function`);
  if (!areRecyclable(components)) throw new Error("No component has a start function");
  const failures = await stopComponents(components, deadlineMs, host, say);
  const failed = new Set(failures.map(({ component }) => component));
  for (const component of components.filter(({ start, name }) => start && !failed.has(name))) {
    component.held ??= { saved: await component.save?.() };
  }
  const [failure] = failures;
  if (failure) throw new Error(`Component "${failure.component}" did not stop: ${failure.error}`);
  for (const component of components) await startOne(component, host);
}

async function startOne(component: Component, host: Pick<ClientHost, "after">): Promise<void> {
  const { name, start, held, timeoutMs, save } = component;
  if (start === null || held === undefined) return;
  try {
    const starting = start(save === undefined ? undefined : held.saved);
    const late = `Not started in ${timeoutMs} ms`;
    await within(Promise.resolve(starting), timeoutMs, late, host);
  } catch (error) {
    throw new Error(`Component "${name}" did not start: ${messageOf(error)}`, { cause: error });
  }
  component.held = undefined;
}
