import { assertEquals } from "@std/assert";
import { roughAge } from "../../lib/state/age.ts";

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000];

Deno.test("an age is told in the largest unit that there are two of", () => {
  const ages = [
    1,
    30 * SECOND + 1,
    2 * MINUTE - SECOND,
    2 * MINUTE,
    90 * MINUTE,
    2 * HOUR,
    47 * HOUR,
  ];
  assertEquals(ages.map(roughAge), ["1 s", "31 s", "119 s", "2 min", "90 min", "2 h", "47 h"]);
  assertEquals([2 * DAY, 400.9 * DAY].map(roughAge), ["2 days", "400 days"]);
});
