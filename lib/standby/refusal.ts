import { resolve } from "@std/path";
import { type Identity, openedBy } from "./identity.ts";
import { isAlike, type Launch } from "./launch.ts";
import { outdatedBy } from "./outdated.ts";

/**
 * Why what waits is not the generation that is to be started so, with these changed paths behind it; null where it
 * is. `identity` is that of the interpreter.
 */
export function refusalOf(
  parked: Launch,
  launch: Launch,
  changed: readonly string[],
  identity: Identity,
): string | null {
  if (!isAlike(parked, launch)) return "it is started in another way";
  const opened = openedBy(identity);
  const { command: leaf, cwd: place, executable } = identity;
  const outdated = outdatedBy(changed, { ...launch, leaf, place, executable }) ??
    changed.find((path) => opened.includes(resolve(launch.cwd, path))) ?? null;
  return outdated === null ? null : `"${outdated}" is read before the program begins`;
}
