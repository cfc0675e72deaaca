import { assertEquals } from "@std/assert";
import { cutChanged } from "../../lib/protocol/changed.ts";

Deno.test("changed: paths that fit are kept as they are", () => {
  assertEquals(cutChanged([]), []);
  assertEquals(cutChanged(["b", "a"]), ["b", "a"]);
});

Deno.test("changed: each path counts its UTF-8 bytes and a newline", () => {
  assertEquals(cutChanged(["é", "a"], 5), ["é", "a"]);
  assertEquals(cutChanged(["é", "a"], 4), ["é"]);
  assertEquals(cutChanged(["long", "a"], 4), []);
});
