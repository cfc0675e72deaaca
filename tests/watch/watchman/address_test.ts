import { assertEquals, assertRejects } from "@std/assert";
import { BatonError } from "../../../lib/errors.ts";
import { PlatformError } from "../../../lib/platform/platform.ts";
import { findSocket } from "../../../lib/watch/watchman/address.ts";
import { FakePlatform } from "../../support/fake_platform.ts";

Deno.test("the environment names the socket, or else Watchman does", async () => {
  const named = new FakePlatform("/project", [], { WATCHMAN_SOCK: "/a/socket" });
  assertEquals(await findSocket(named), "/a/socket");
  const asked = new FakePlatform();
  asked.processes.leaves = { code: 0, stdout: '{"version":"4.9.0","sockname":"/b/socket"}\n' };
  assertEquals(await findSocket(asked), "/b/socket");
});

for (
  const [said, what] of [
    ['{"error":"not allowed"}', "Cannot start Watchman: not allowed"],
    ["Segmentation fault", "Cannot start Watchman: it does not say where its socket is"],
    [new PlatformError("ENOENT", "no such command"), "Watchman is not installed"],
    [new PlatformError("ETIMEDOUT", "Cannot wait for it"), "Cannot wait for it"],
  ] as const
) {
  Deno.test(`where there is no socket, it is said: ${what}`, async () => {
    const platform = new FakePlatform();
    if (typeof said === "string") platform.processes.leaves = { code: 1, stdout: said };
    else platform.processes.failure = said;
    const error = await assertRejects(() => findSocket(platform), BatonError);
    assertEquals(error.what, what);
  });
}
