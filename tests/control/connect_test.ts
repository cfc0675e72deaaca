import { assertEquals, assertRejects } from "@std/assert";
import { connectToBaton } from "../../lib/control/connect.ts";
import { BatonError } from "../../lib/errors.ts";
import type { Caller } from "../../lib/platform/caller.ts";
import { type Platform, PlatformError } from "../../lib/platform/platform.ts";
import { FakeClock } from "../support/fake_clock.ts";

const refuse = (path: string): never => {
  throw new PlatformError("EACCES", `Cannot look at "${path}": permission denied`, path);
};

/** In a folder that is another user's. */
function stranger(owner: (path: string) => null): Caller {
  const files = { owner: refuse, lstat: refuse, stat: refuse, readRegular: refuse };
  const all = { files, cwd: "/theirs", user: { uid: 7, gid: 7 } } as unknown as Platform;
  return {
    files: { owner },
    pipes: { connect: () => Promise.reject(new Error("connected")) },
    user: { uid: 7, gid: 7 },
    cwd: "/theirs",
    clock: new FakeClock(),
    writeOut: () => {},
    whenInputEnds: () => Promise.resolve(),
    platform: () => Promise.resolve(all),
  };
}

for (
  const [when, owner, path] of [
    ["at first", refuse, "/theirs/.baton"],
    ["by its record", () => null, "/theirs/baton.json"],
  ] as const
) {
  Deno.test(`a folder that may not be looked at is told in words: ${when}`, async () => {
    const error = await assertRejects(() => connectToBaton(stranger(owner), null), BatonError);
    assertEquals([error.what, error.where], [
      `Cannot look for a baton here: cannot look at "${path}": permission denied`,
      path,
    ]);
  });
}
