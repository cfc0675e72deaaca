import { chmodSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { assertEquals, assertNotEquals } from "@std/assert";
import type { Files, Stamps } from "../../../lib/platform/platform.ts";
import type { Clause } from "../contract.ts";
import { inScratch } from "./scratch.ts";

export const stampContract: readonly Clause[] = [
  {
    name: "a stamp stays as long as nothing happens to a file, and is another one after",
    keep: (platform) =>
      inScratch(platform, (folder) => {
        const stamps = platform.files.openStamps();
        try {
          tryEverything(platform.files, folder, stamps);
        } finally {
          stamps.close();
        }
      }),
  },
];

function tryEverything(files: Files, folder: string, stamps: Stamps): void {
  const path = `${folder}/file`;
  const steps: Readonly<Record<string, () => void>> = {
    "a time set back": () => utimesSync(path, 1, 1),
    "a write of the same size": () => writeFileSync(path, "2"),
    "a mode": () => chmodSync(path, 0o600),
    "a rename over it": () => files.rename(`${folder}/other`, path),
    "a removal": () => files.remove(path),
  };
  files.writeAtomically(path, "1");
  files.writeAtomically(`${folder}/other`, "1");
  symlinkSync("file", `${folder}/link`);
  for (const [step, run] of Object.entries(steps)) {
    utimesSync(folder, 1, 1);
    const file = stamps.of(folder, "file");
    const around = stamps.of(folder, ".");
    assertEquals(stamps.of(folder, "file"), file, step);
    assertEquals(stamps.of(folder, "link"), file, step);
    run();
    assertNotEquals(stamps.of(folder, "file"), file, step);
    assertEquals(stamps.of(folder, ".") !== around, /rename|removal/.test(step), step);
  }
  const none = stamps.of(folder, "none");
  assertEquals(stamps.of(folder, "link"), none);
  assertEquals(stamps.of(folder, "n".repeat(5_000)), none);
  assertEquals(stamps.of("/ü".repeat(2_048), "."), none);
}
