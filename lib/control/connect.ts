import { BatonError } from "../errors.ts";
import { explained, inWords, reasonOf, refusedBySystem } from "../explain.ts";
import type { Caller } from "../platform/caller.ts";
import { PlatformError } from "../platform/platform.ts";
import { ControlClient } from "./client.ts";
import { findSocket } from "./find.ts";
import type { Found } from "./find_by_record.ts";

const CANNOT_LOOK = "Cannot look for a baton here";
const NEXT = "Say it as the user who has started baton, in a folder that is this user's to read";

/** By then a baton that has just started takes commands. */
const STARTING_MS = 10_000;
/** Between two looks for a baton that is to come. */
const LOOK_MS = 50;

/**
 * Connects to the baton that runs here, or keeps its states in `stateDir`. One that has just started is waited for;
 * one that is yet to come, or to open its socket again, for `patienceMs`. Throws `BatonError` where it cannot.
 */
export async function connectToBaton(
  caller: Caller,
  stateDir: string | null,
  patienceMs = 0,
): Promise<ControlClient> {
  const first = await look(caller, stateDir);
  if (first instanceof ControlClient) return first;
  const { clock } = caller;
  const { clock: timers } = await caller.platform();
  const until = clock.now() + patienceMs;
  for (let last = first;;) {
    const isStarting = last.startedAt !== null && clock.wallNow() < last.startedAt + STARTING_MS;
    if (!isStarting && clock.now() >= until) throw last.error;
    await new Promise<void>((resolve) => void timers.after(LOOK_MS, resolve));
    const next = await look(caller, stateDir);
    if (next instanceof ControlClient) return next;
    last = next;
  }
}

type Missing = Exclude<Found, { address: string }>;

/** Throws `BatonError` where it is of no use to look again. */
async function look(caller: Caller, stateDir: string | null): Promise<ControlClient | Missing> {
  const dir = stateDir === null ? null : (await import("@std/path")).resolve(caller.cwd, stateDir);
  const socket = explained(CANNOT_LOOK, NEXT, () => findSocket(caller, dir));
  const baton = socket === null ? null : await tryConnect(caller, socket);
  if (baton !== null) return baton;
  const { findByRecord } = await import("./find_by_record.ts");
  const found = await findByRecord(await caller.platform(), stateDir).catch((error) => {
    throw error instanceof BatonError ? error : inWords(CANNOT_LOOK, NEXT, error);
  });
  if (!("address" in found)) return found;
  try {
    return await ControlClient.connect(caller, found.address);
  } catch (cause) {
    const error = new BatonError({
      what: `A baton runs here, and takes no commands: ${reasonOf(refusedBySystem(cause))}`,
      where: found.address,
      next: "Try again in half a minute: it opens its socket again by then",
    }, { cause });
    return { startedAt: null, error };
  }
}

/** Null where nobody listens: a baton that was killed leaves its socket behind. */
async function tryConnect(caller: Caller, address: string): Promise<ControlClient | null> {
  try {
    return await ControlClient.connect(caller, address);
  } catch (error) {
    if (error instanceof PlatformError) return null;
    throw error;
  }
}
