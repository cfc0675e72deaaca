import { assertEquals } from "@std/assert";
import { relocated, requestFields } from "../../lib/proxy/fields.ts";

Deno.test("as many names in Connection as fit into a head are dropped as soon as one", () => {
  const names = Array.from({ length: 30_000 }, (_, index) => `x${index.toString(36)}`);
  const fields = names.map((name) => [name, ""] as const);
  const head = { method: "GET", target: "/", version: "1.1" } as const;
  const passed = requestFields(
    { ...head, fields: [...fields, ["Connection", names.join(",")]] },
    "p",
  );
  assertEquals(passed.map(([name]) => name), ["X-Forwarded-For", "X-Forwarded-Proto"]);
});

Deno.test("who is sent on to the port of a generation is sent to the path there, and to any other as it says", () => {
  const cases = {
    "http://127.0.0.1:4711/a?b#c": "/a?b#c",
    "HTTP://localhost:4711": "/",
    "http://[::1]:4711?b": "/?b",
    "http://localhost:47110/a": "http://localhost:47110/a",
    "http://localhost:4711.example/a": "http://localhost:4711.example/a",
    "http://example.org:4711/a": "http://example.org:4711/a",
    "https://localhost:4711/a": "https://localhost:4711/a",
    "//localhost:4711/a": "//localhost:4711/a",
    "http://localhost:4711//example.org/": "http://localhost:4711//example.org/",
    "http://localhost:4711/\\\\example.org/": "http://localhost:4711/\\\\example.org/",
    "/a": "/a",
  };
  const passed = Object.keys(cases).map((value) =>
    relocated([["X", value], ["location", value]], 4_711)
  );
  const expected = Object.entries(cases).map(([value, to]) =>
    [["X", value], ["location", to]] as const
  );
  assertEquals<unknown>(passed, expected);
});
