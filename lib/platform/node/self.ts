import process from "node:process";
import { BatonError, messageOf } from "../../errors.ts";
import type { Platform } from "../platform.ts";

/** Throws `BatonError`. */
export function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new BatonError({
      what: `Cannot tell which folder this is: ${messageOf(error)}`,
      next: "Change to a folder that is there, and whose path is UTF-8",
    }, { cause: error });
  }
}

/** By effective numbers: these decide what baton may do. */
export function user(): Platform["user"] {
  const { geteuid, getegid } = process;
  if (geteuid === undefined || getegid === undefined) return null;
  return { uid: geteuid(), gid: getegid() };
}
