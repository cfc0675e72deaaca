import { assertEquals } from "@std/assert";
import { exitOnce } from "../../lib/platform/node/exit_once.ts";

Deno.test("what a program has said last is heard before its end, though baton was busy meanwhile", async () => {
  const told: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const exit = exitOnce(() => {
    told.push("exit");
    resolve();
  });
  exit.ended({ kind: "exited", code: 0 });
  const read = Deno.readTextFile(new URL(import.meta.url)).then(() => {
    told.push("read");
    exit.drained();
  });
  const until = performance.now() + 300;
  while (performance.now() < until) continue;
  await Promise.all([promise, read]);
  assertEquals(told, ["read", "exit"]);
});
