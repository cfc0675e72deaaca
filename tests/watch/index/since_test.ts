import { assertEquals } from "@std/assert";
import type { Stat } from "../../../lib/platform/platform.ts";
import { platform } from "../../support/platform.ts";
import { Fingerprints } from "../../../lib/watch/index/fingerprints.ts";
import { hasChangedSince } from "../../../lib/watch/index/since.ts";
import { inProject } from "../support/project.ts";
import { withFiles } from "../support/with_files.ts";

const real = platform();

for (
  const [what, ctimeMs, lastMs] of [
    ["exact", 5_000.25, 5_000.25],
    ["cut to the second", 5_000, 5_999],
    ["cut to the even second, as on FAT", 6_000, 7_999],
  ] as const
) {
  Deno.test(`a change counts for all the time it may have happened at: ${what}`, () => {
    const stat: Stat = { ...platform().files.stat("/")!, ctimeMs, mtimeMs: ctimeMs };
    assertEquals(hasChangedSince(stat, lastMs), true);
    assertEquals(hasChangedSince(stat, lastMs + 0.5), false);
    const fingerprints = new Fingerprints();
    const row = fingerprints.add();
    fingerprints.write(row, stat, 1n, lastMs);
    assertEquals(fingerprints.matches(row, stat), false);
    assertEquals(fingerprints.freshness(row, stat, lastMs), "racing");
    assertEquals(fingerprints.freshness(row, stat, lastMs + 200), "racy");
    fingerprints.write(row, stat, 1n, lastMs + 200);
    assertEquals(fingerprints.freshness(row, stat, lastMs + 200), "same");
  });
}

for (const pollMs of [null, 20]) {
  const how = pollMs === null ? "by events" : "by polling";
  Deno.test(`a second write that leaves all as it was but the bytes is seen on FAT: ${how}`, () =>
    inProject(async (project) => {
      let atMs = 0;
      const cut = (stat: Stat | null) =>
        stat?.kind === "file" ? { ...stat, mtimeMs: atMs, ctimeMs: atMs } : stat;
      const on = withFiles(real, {
        stat: (path) => cut(real.files.stat(path)),
        lstat: (path) => cut(real.files.lstat(path)),
        stampOf: () => atMs,
      });
      project.write("a.ts", "1");
      await project.start({ pollMs }, on);
      await new Promise((done) => setTimeout(done, 2_000 - Date.now() % 2_000 + 1_200));
      atMs = Math.floor(Date.now() / 2_000) * 2_000;
      project.write("a.ts", "2");
      await project.said("a.ts");
      project.write("a.ts", "3");
      await project.said("a.ts");
    }));
}
