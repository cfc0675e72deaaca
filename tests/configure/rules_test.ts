import { assertEquals, assertRejects } from "@std/assert";
import { parseCommandLine } from "../../lib/configure/command_line.ts";
import { parseRule, rules } from "../../lib/configure/rules.ts";
import { zod } from "../../lib/configure/zod.ts";
import { BatonError } from "../../lib/errors.ts";

Deno.test("a rule is a glob, and what to do about it", () => {
  assertEquals(parseRule("data/**=notify"), { match: "data/**", do: "notify", commands: [] });
  assertEquals(parseRule("a=b=c=recycle"), { match: "a=b=c", do: "recycle", commands: [] });
  assertEquals(parseRule("src/*=run:CC=gcc make"), {
    match: "src/*",
    do: "run",
    commands: ["CC=gcc make"],
  });
  for (const bad of ["data/**", "=notify", "data=tell", "src=run:", "src=run: ", "src=running"]) {
    assertEquals(parseRule(bad), null, bad);
  }
});

Deno.test("a file holds rules as objects, one that runs several commands as a list", () => {
  const written = [
    { match: "data/**", do: "notify" },
    { match: "src/*", do: ["run: make", "run: make check"] },
    { match: "lib/*", do: "run: make" },
  ];
  const read = rules.read(written)!;
  assertEquals(read.map(({ commands }) => commands), [[], ["make", "make check"], ["make"]]);
  assertEquals(rules.schema(zod).encode(read) as unknown, written);
  for (const bad of [{ match: "a" }, { match: "a", do: [] }, { match: "a", do: ["make"] }, 1]) {
    assertEquals(rules.read([bad]), undefined);
    assertEquals(rules.schema(zod).safeDecode([bad] as never).success, false);
  }
});

Deno.test("what is no rule is refused with what one is", async () => {
  const error = await assertRejects(
    () => parseCommandLine(["--rule", "data/**=tell", "app"]),
    BatonError,
  );
  assertEquals([error.what.includes("data/**=tell"), error.what.includes("GLOB=DO")], [true, true]);
});
