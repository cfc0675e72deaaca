import { assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import { BatonError, type Explanation } from "../../lib/errors.ts";

/** What the `BatonError` says that this throws. */
export function explained(run: () => unknown): Explanation {
  const error: unknown = assertThrows(run);
  assertInstanceOf(error, BatonError);
  const { what, where, next } = error as BatonError;
  return { what, where, next };
}

/** What the `BatonError` says that this rejects with. */
export async function explainedLater(run: () => Promise<unknown>): Promise<Explanation> {
  const error: unknown = await assertRejects(run);
  return explained(() => {
    throw error;
  });
}
