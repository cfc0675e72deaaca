import { assertEquals } from "@std/assert";
import { EXIT } from "../lib/errors.ts";
import { PlatformError } from "../lib/platform/platform.ts";
import { PlayedBaton } from "./support/played_baton.ts";

for (
  const [error, next] of [
    [
      new PlatformError("EMFILE", "Too many open files"),
      "Raise the limit of open files (ulimit -n)",
    ],
    [new Error("Too many open files"), "Please report this"],
  ] as const
) {
  Deno.test(`a watch that fails ends baton, which is no end that was asked for: ${next}`, async () => {
    await using baton = new PlayedBaton({ capabilities: [], state: "" });
    const { files } = baton.platform;
    const direct = () => ({
      ...files.direct(),
      open() {
        throw error;
      },
    });
    Object.assign(baton.platform, { files: { ...files, direct } });
    await baton.start({}, "error");
    const { what, next: told } = await baton.item("error");
    assertEquals([what, told], ["The watch failed: Too many open files", next]);
    await baton.until("it ends", () => baton.status !== null);
    assertEquals(baton.status, EXIT.internal);
  });
}
