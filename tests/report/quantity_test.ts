import { assertEquals } from "@std/assert";
import { age, count, duration, size } from "../../lib/report/quantity.ts";

Deno.test("a duration has the unit that fits", () => {
  const texts: Record<string, number> = {
    "0 ms": 0,
    "0.4 ms": 0.44,
    "9.9 ms": 9.94,
    "10 ms": 9.96,
    "310 ms": 310.4,
    "9999 ms": 9_999,
    "10 s": 9_999.9,
    "12.3 s": 12_340,
    "59.9 s": 59_949,
    "1 min": 59_950,
    "3 min 12 s": 192_400,
    "59 min 59 s": 3_599_000,
    "1 h": 3_600_000,
    "2 h 5 min": 7_505_000,
  };
  for (const [text, ms] of Object.entries(texts)) assertEquals(duration(ms), text);
});

Deno.test("an age is in whole seconds, and a clock set back makes it none", () => {
  assertEquals(age(8_400), "8 s");
  assertEquals(age(-5_000), "0 s");
  assertEquals(age(125_000), "2 min 5 s");
});

Deno.test("a size has the unit that fits", () => {
  const texts: Record<string, number> = {
    "0 B": 0,
    "999 B": 999,
    "1 kB": 1_000,
    "1.2 kB": 1_234,
    "10 kB": 9_960,
    "999 kB": 999_499,
    "1 MB": 999_500,
    "34 MB": 34_200_000,
    "2.5 GB": 2_500_000_000,
    "5000 TB": 5_000_000_000_000_000,
  };
  for (const [text, bytes] of Object.entries(texts)) assertEquals(size(bytes), text);
});

Deno.test("a count agrees with its noun", () => {
  assertEquals(count(0, "file"), "0 files");
  assertEquals(count(1, "file"), "1 file");
  assertEquals(count(2, "process", "processes"), "2 processes");
});
