import { assertEquals } from "@std/assert";
import { waitUntil } from "../../support/wait_until.ts";
import type { Clause } from "../contract.ts";
import { run, sh } from "./program.ts";
import { inScratch } from "./scratch.ts";

/** What has a real program read is not for a fake, which plays them. */
export const fifoContract: readonly Clause[] = [
  {
    name: "who reads from a named pipe gets what is written, and its end with it",
    keep: (platform) =>
      inScratch(platform, async (folder) => {
        const path = `${folder}/fifo`;
        const fifo = platform.makeFifo(path)!;
        assertEquals((platform.files.stat(path)?.mode ?? 0) & 0o777, 0o600);
        const script =
          `exec 9<>"${path}" 8<"${path}" 9>&-; echo there >${folder}/opened; cat <&8 >${folder}/all`;
        const child = run(platform, sh(script));
        await waitUntil("it is opened", () => platform.files.stat(`${folder}/opened`) !== null);
        fifo.write("one\n");
        fifo.write("two\n");
        fifo.close();
        await child.exit;
        assertEquals(platform.files.readText(`${folder}/all`), "one\ntwo\n");
        assertEquals(platform.files.stat(path), null);
        assertEquals(platform.makeFifo(`${folder}/none/fifo`), null);
      }),
  },
];
