import { assertEquals } from "@std/assert";
import type { Content } from "../../lib/watch/content.ts";
import { Overlays } from "../../lib/watch/overlays.ts";

/** A picture whose moves are noted in overlays. */
function scene() {
  const overlays = new Overlays<number>();
  const picture = new Map<string, Content>();
  return {
    overlays,
    move(path: string, content: Content) {
      overlays.moved(path, picture.has(path) ? picture.get(path) : null);
      picture.set(path, content);
    },
    since: (mark: number) =>
      overlays.difference(mark, (path) => picture.has(path) ? picture.get(path) : null),
  };
}

Deno.test("each mark keeps the content of its own moment", () => {
  const { overlays, move, since } = scene();
  move("a", 10n);
  overlays.mark(1);
  move("a", 20n);
  overlays.mark(2);
  move("b", 30n);
  assertEquals(since(1).paths, ["a", "b"]);
  assertEquals(since(2).paths, ["b"]);
  move("a", 10n);
  assertEquals(since(1).paths, ["b"]);
  assertEquals(since(2).paths, ["a", "b"]);
});

Deno.test("what nobody had read differs from everything, also from itself", () => {
  const { overlays, move, since } = scene();
  move("a", undefined);
  overlays.mark(1);
  move("a", 10n);
  move("a", undefined);
  assertEquals(since(1).paths, ["a"]);
});

Deno.test("a file gone or emptied is half a save; one that comes empty is a whole one", () => {
  const { overlays, move, since } = scene();
  move("a", 10n);
  overlays.mark(1);
  move("b", 0n);
  assertEquals(since(1), { paths: ["b"], halfway: false });
  move("a", 0n);
  assertEquals(since(1).halfway, true);
  move("a", null);
  assertEquals(since(1).halfway, true);
  move("a", 20n);
  assertEquals(since(1), { paths: ["a", "b"], halfway: false });
});

Deno.test("a path that no longer counts, and a mark that is forgotten, leave nothing", () => {
  const { overlays, move, since } = scene();
  overlays.mark(1);
  move("a", 10n);
  overlays.drop("a");
  assertEquals(since(1).paths, []);
  move("a", 20n);
  overlays.forget(1);
  assertEquals(since(1).paths, []);
});
