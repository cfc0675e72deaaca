import { holdings } from "./cost.ts";
import { type Command, Listener } from "./listener.ts";
import type { Tree } from "./tree.ts";

const ARMING_MAY_TAKE_MS = 60_000;
/** Where nothing says that it watches: its watches have stayed the same for this long. */
const SAME_FOR_MS = 500;
const LOOK_EVERY_MS = 20;

/** Something that watches a tree. */
export interface Runner extends AsyncDisposable {
  readonly pid: number;
  /** From its start until it watched. */
  readonly armedMs: number;
  /** When it first said, after `since`, that something changed; null if it does not within `withinMs`. */
  changed(since: number, withinMs: number): Promise<number | null>;
}

/** A command that says on its output what it hears. */
export interface Plain {
  readonly command: Command;
  readonly input?: string;
  /** The line that says that it watches; null where there is none. */
  readonly armed: RegExp | null;
  readonly changed: RegExp;
}

export async function plain(tree: Tree, how: Plain): Promise<Runner> {
  const listener = new Listener(how.command, { cwd: tree.dir, input: how.input });
  try {
    const armedAt = how.armed === null
      ? await watchesStay(listener.pid)
      : (await listener.next(how.armed, 0, ARMING_MAY_TAKE_MS))?.at;
    if (armedAt === undefined) throw new Error(`Does not watch: ${how.command}\n${listener.tail}`);
    return {
      pid: listener.pid,
      armedMs: armedAt - listener.startedAt,
      changed: async (since, withinMs) =>
        (await listener.next(how.changed, since, withinMs))?.at ?? null,
      [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
    };
  } catch (error) {
    await listener[Symbol.asyncDispose]();
    throw error;
  }
}

/** When the last watch of a process was added. */
async function watchesStay(pid: number): Promise<number> {
  let [watches, since] = [0, performance.now()];
  while (watches === 0 || performance.now() - since < SAME_FOR_MS) {
    await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
    const now = holdings(pid).watches;
    if (now !== watches) [watches, since] = [now, performance.now()];
  }
  return since;
}
