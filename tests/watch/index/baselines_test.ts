import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Content } from "../../../lib/watch/index/content.ts";
import { Baselines } from "../../../lib/watch/index/baselines.ts";

/** A index whose moves are noted in baselines. */
function scene() {
  const index = new Map<string, Content>();
  const asked: string[] = [];
  const now = (path: string) => index.has(path) ? index.get(path) : null;
  const baselines = new Baselines<number>((path) => {
    asked.push(path);
    return now(path);
  });
  return {
    baselines,
    index,
    move(path: string, content: Content) {
      const old = now(path);
      index.set(path, content);
      baselines.moved(path, old);
    },
    since(mark: number) {
      const found = baselines.difference(mark);
      return { ...found, paths: found.paths.toSorted() };
    },
    /** The paths that are kept for a mark: those that a difference looks at. */
    keptFor(mark: number) {
      asked.length = 0;
      baselines.difference(mark);
      return asked;
    },
  };
}

Deno.test("each mark keeps the content of its own moment", () => {
  const { baselines, move, since } = scene();
  move("a", 10n);
  baselines.take(1);
  move("a", 20n);
  baselines.take(2);
  move("b", 30n);
  assertEquals(since(1).paths, ["a", "b"]);
  assertEquals(since(2).paths, ["b"]);
  move("a", 10n);
  assertEquals(since(1).paths, ["b"]);
  assertEquals(since(2).paths, ["a", "b"]);
});

Deno.test("what nobody had read differs from everything, also from itself", () => {
  const { baselines, move, since } = scene();
  move("a", undefined);
  baselines.take(1);
  move("a", 10n);
  move("a", undefined);
  assertEquals(since(1).paths, ["a"]);
});

Deno.test("a file gone or emptied is half a save; one that comes empty is a whole one", () => {
  const { baselines, move, since } = scene();
  move("a", 10n);
  baselines.take(1);
  move("b", 0n);
  assertEquals(since(1), { paths: ["b"], halfway: false, rewritten: false });
  move("a", 0n);
  assertEquals(since(1).halfway, true);
  move("a", null);
  assertEquals(since(1).halfway, true);
  move("a", 20n);
  assertEquals(since(1), { paths: ["a", "b"], halfway: false, rewritten: false });
});

Deno.test("a file that was written and holds what it held is rewritten; one that came and went is not", () => {
  const { baselines, move, since } = scene();
  move("a", 10n);
  baselines.take(1);
  move("b", 20n);
  move("b", null);
  assertEquals(since(1), { paths: [], halfway: false, rewritten: false });
  move("a", 10n);
  baselines.take(2);
  assertEquals(since(1).rewritten, true);
  assertEquals(since(2).rewritten, false);
  move("a", 20n);
  move("a", 10n);
  assertEquals(since(2).rewritten, true);
});

Deno.test("a path that no longer counts, and a mark that is forgotten, leave nothing", () => {
  const { baselines, move, since } = scene();
  baselines.take(1);
  move("a", 10n);
  baselines.drop("a");
  assertEquals(since(1).paths, []);
  move("a", 20n);
  baselines.forget(1);
  assertEquals(since(1).paths, []);
});

Deno.test("what came and went is kept for no mark, and is new when it comes back", () => {
  const { baselines, move, since, keptFor } = scene();
  baselines.take(1);
  for (let index = 0; index < 1_000; index++) {
    move(`${index}.tmp`, 10n);
    if (index === 500) baselines.take(2);
    move(`${index}.tmp`, null);
  }
  assertEquals(keptFor(1), []);
  assertEquals(keptFor(2), ["500.tmp"]);
  move("7.tmp", 10n);
  assertEquals(since(1), { paths: ["7.tmp"], halfway: false, rewritten: false });
  assertEquals(since(2), { paths: ["500.tmp", "7.tmp"], halfway: true, rewritten: false });
  move("500.tmp", 10n);
  assertEquals(since(1).paths, ["500.tmp", "7.tmp"]);
  assertEquals(since(2).paths, ["7.tmp"]);
});

Deno.test("whatever moves, the difference is that of two pictures", () => {
  const path = fc.constantFrom("a", "b", "c");
  const content = fc.constantFrom(null, 10n, 20n);
  fc.assert(fc.property(fc.array(fc.tuple(path, content, fc.boolean())), (moves) => {
    const { baselines, index, move, since } = scene();
    const marked: Map<string, Content>[] = [];
    for (const [path, content, marks] of moves) {
      if (marks) baselines.take(marked.push(new Map(index)) - 1);
      if ((index.get(path) ?? null) !== content) move(path, content);
      for (const [mark, before] of marked.entries()) {
        const differs = ["a", "b", "c"].filter((each) =>
          (before.get(each) ?? null) !== (index.get(each) ?? null)
        );
        assertEquals(since(mark).paths, differs);
      }
    }
  }));
});

Deno.test("two baselines are the same where nothing, or nothing that stayed, was written between them", () => {
  const disk = new Map<string, bigint>([["a", 1n]]);
  const baselines = new Baselines<string>((path) => disk.get(path) ?? null);
  const write = (path: string, content: bigint | null) => {
    const old = disk.get(path) ?? null;
    if (content === null) disk.delete(path);
    else disk.set(path, content);
    baselines.moved(path, old);
  };
  baselines.take("first");
  write("a", 2n);
  baselines.take("second");
  assertEquals(baselines.areSame("first", "second"), false);
  write("a", 1n);
  assertEquals(baselines.areSame("first", "second"), false);
  baselines.take("third");
  assertEquals(baselines.areSame("first", "third"), true);
  write("b", 5n);
  assertEquals(baselines.areSame("first", "third"), true);
  write("b", null);
  assertEquals(baselines.areSame("first", "third"), true);
  assertEquals(baselines.areSame("first", "none"), false);
});
