import { BatonError } from "../errors.ts";
import { explained, inWords, reasonOf, refusedBySystem } from "../explain.ts";
import type { Caller } from "../platform/caller.ts";
import { PlatformError } from "../platform/platform.ts";
import { ControlClient } from "./client.ts";
import { findSocket } from "./find.ts";

const CANNOT_LOOK = "Cannot look for a baton here";
const NEXT = "Say it as the user who has started baton, in a folder that is this user's to read";

/** Connects to the baton that runs here, or keeps its states in `stateDir`. Throws `BatonError` where it cannot. */
export async function connectToBaton(
  caller: Caller,
  stateDir: string | null,
): Promise<ControlClient> {
  const dir = stateDir === null ? null : (await import("@std/path")).resolve(caller.cwd, stateDir);
  const socket = explained(CANNOT_LOOK, NEXT, () => findSocket(caller, dir));
  const baton = socket === null ? null : await tryConnect(caller, socket);
  if (baton !== null) return baton;
  const { findByRecord } = await import("./find_by_record.ts");
  const address = await findByRecord(await caller.platform(), stateDir).catch((error) => {
    throw error instanceof BatonError ? error : inWords(CANNOT_LOOK, NEXT, error);
  });
  try {
    return await ControlClient.connect(caller, address);
  } catch (error) {
    throw new BatonError({
      what: `A baton runs here, and takes no commands: ${reasonOf(refusedBySystem(error))}`,
      where: address,
      next: "Try again in half a minute: it opens its socket again by then",
    }, { cause: error });
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
