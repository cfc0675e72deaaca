import { BatonError } from "../errors.ts";
import type { HoldInfo } from "./answers.ts";

/** Nothing of that name is to be released. */
export function noHold(name: string, holds: readonly HoldInfo[]): BatonError {
  const others = holds.map((one) => `"${one.name}"`).join(", ");
  return new BatonError({
    what: `Nothing is held by the name "${name}"`,
    next: others === ""
      ? `"baton wait" tells what became of the files; to hold, "baton hold ${name}"; a hold ends with its baton`
      : `Name one that holds: ${others}`,
  });
}

/** The hold was over before it could be relied on. */
export function endedEarly(name: string): BatonError {
  return new BatonError({
    what: `The hold "${name}" was over before what was under way was`,
    next: 'See "baton status" for what boots, and hold for longer, as in "baton hold --for 2m"',
  });
}
