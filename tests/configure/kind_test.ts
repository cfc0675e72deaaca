import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { check } from "../../lib/configure/check.ts";
import { KEY_OPTIONS } from "../../lib/configure/options.ts";
import { KEYS } from "../../lib/configure/schema.ts";
import { zod } from "../../lib/configure/zod.ts";
import { encode } from "../../lib/configure/encode.ts";
import { DEFAULTS } from "../../lib/settings.ts";

/** Values as a file or a command line holds them, good and bad. */
const WRITTEN: readonly unknown[] = [
  ...[null, true, false, {}, [], [""], ["a"], ["a", 1], ["*.py,.ts", " js "], "", " ", "a b"],
  ...[0, 1, 1.5, -1, 7, 2 ** 53, NaN, Infinity, "1", "0", "30ms", "1.5s", "9ms", "61m", "1x"],
  ...["99999999m", "tcp:80", "tcp:0", "tcp:[::1]:80", "http://x/y", "http:http://x", "x:1"],
  ...["auto", "sequential", "overlapped", "off", "native", "watchman", "wait", "restart", "json"],
  ...["SIGTERM", "SIGKILL", "TERM", "quiet", "verbose", "a | b", ["", "b"], ["sh", "-c", ""]],
  ...[["8000"], ["unix:a.sock"], ["8000", "0.0.0.0:99999"], ["[::1]:80"], "8000", 8_000, [8_000], [
    true,
  ]],
];

function schemaReads(key: string, written: unknown): unknown {
  return KEYS[key]!.kind.schema(zod).safeParse(written).data;
}

for (const key of Object.keys(KEYS)) {
  Deno.test(`${key}: what is read without the schema is what the schema reads`, () => {
    const { kind } = KEYS[key]!;
    const agree = (written: unknown) =>
      assertEquals(kind.read(written), schemaReads(key, written), JSON.stringify(written));
    for (const written of WRITTEN) agree(written);
    fc.assert(fc.property(fc.anything(), (written) => agree(written)));
    fc.assert(fc.property(fc.string(), (written) => agree(written)));
    fc.assert(fc.property(fc.array(fc.string()), (written) => agree(written)));
  });
}

Deno.test("a start with every default written out needs no schema", async () => {
  const written = Object.fromEntries(
    KEY_OPTIONS.map(({ key, setting }) => [key, encode(key, DEFAULTS[setting])]),
  );
  for (const [key, value] of Object.entries(written)) {
    assertEquals(KEYS[key]!.kind.read(value) === undefined, false, key);
  }
  const given: Record<string, unknown> = await check(written, {
    where: () => "here",
    name: (key) => key,
  });
  for (const { key, setting } of KEY_OPTIONS) assertEquals(given[key], DEFAULTS[setting]);
});
