import { assertEquals } from "@std/assert";
import type { Stat } from "../../../lib/platform/platform.ts";
import { Fingerprints } from "../../../lib/watch/index/fingerprints.ts";

const STAT: Stat = {
  kind: "file",
  sizeBytes: 10,
  mtimeMs: 5_000,
  ctimeMs: 5_000,
  inode: 7,
  device: 1,
  mode: 0o100644,
  links: 1,
};

Deno.test("a file matches its fingerprint until size, times, inode or mode differ", () => {
  const fingerprints = new Fingerprints();
  const rows = Array.from({ length: 100 }, () => fingerprints.add());
  for (const row of rows) fingerprints.write(row, STAT, 1n, 60_000);
  for (const row of rows) assertEquals(fingerprints.matches(row, STAT), true);
  const others: Partial<Stat>[] = [
    { sizeBytes: 11 },
    { mtimeMs: 5_001 },
    { ctimeMs: 5_001 },
    { inode: 8 },
    { mode: 0o100755 },
  ];
  for (const other of others) {
    assertEquals(fingerprints.matches(rows[99]!, { ...STAT, ...other }), false);
  }
});
