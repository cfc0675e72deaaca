import { BatonError } from "../errors.ts";
import { caller } from "../platform/caller.ts";
import { connectToBaton } from "./connect.ts";

/** What names the files as they are, by the baton that keeps its states in this folder; null where none tells. */
export async function presentTree(stateDir: string): Promise<string | null> {
  try {
    const baton = await connectToBaton(await caller(), stateDir);
    try {
      return (await baton.ask("status", {})).tree;
    } finally {
      baton.close();
    }
  } catch (error) {
    if (error instanceof BatonError) return null;
    throw error;
  }
}
