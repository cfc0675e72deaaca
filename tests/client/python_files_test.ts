import { assertEquals } from "@std/assert";
import { pythonClient } from "../../lib/client/python_files.ts";
import { PlatformError } from "../../lib/platform/platform.ts";
import { explained } from "../support/explained.ts";
import { FakePlatform } from "../support/fake_platform.ts";

Deno.test("a Python client that cannot be laid out says why, and what to do", () => {
  const { files, user } = new FakePlatform();
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/python/baton/__init__.py`;
  const writeAtomically = () => {
    throw new PlatformError("ENOSPC", `Cannot write "${path}": no space left on device`, path);
  };
  try {
    const host = { files: { ...files, writeAtomically }, user };
    assertEquals(explained(pythonClient(host, () => folder)), {
      what: `Cannot lay out the Python client: cannot write "${path}": no space left on device`,
      where: path,
      next: 'Free the place, or choose another folder with "--state-dir"',
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
