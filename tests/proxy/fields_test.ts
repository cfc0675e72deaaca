import { assertEquals } from "@std/assert";
import { requestFields } from "../../lib/proxy/fields.ts";

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
