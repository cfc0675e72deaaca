import { assertEquals, assertNotEquals } from "@std/assert";
import { Baselines } from "../../../lib/watch/index/baselines.ts";
import type { FileIndex } from "../../../lib/watch/index/file_index.ts";
import { TreeIds } from "../../../lib/watch/index/tree_ids.ts";
import { platform } from "../../support/platform.ts";

/** A disk of files in one folder. */
function scene(files: Readonly<Record<string, bigint | undefined>>) {
  const disk = new Map<string, bigint | undefined>(
    Object.entries(files).map(([name, content]) => [`/p/${name}`, content]),
  );
  const now = (path: string) => disk.has(path) ? disk.get(path) : null;
  const baselines = new Baselines<number | string>(now);
  const index = {
    get folders() {
      const names = [...disk.keys()].map((path) => [path.slice(3), 0] as const);
      return [{ path: "/p", files: new Map(names) }];
    },
  } as unknown as FileIndex;
  const trees = new TreeIds(platform(), "/p", () => index, baselines);
  const write = (name: string, content: bigint | null) => {
    const path = `/p/${name}`;
    const old = now(path);
    if (content === null) disk.delete(path);
    else disk.set(path, content);
    baselines.moved(path, old);
  };
  return { trees, baselines, write, count: () => [...trees.count()] };
}

Deno.test("a tree has the same name whenever it is the same, and another when anything differs", () => {
  const { trees, baselines, write, count } = scene({ a: 1n, b: 2n });
  assertEquals(trees.of(), null);
  count();
  const first = trees.of();
  baselines.take(1);
  write("a", 5n);
  const second = trees.of();
  assertNotEquals(second, first);
  assertEquals(trees.of(1), first);
  baselines.take(2);
  write("c", 9n);
  write("b", null);
  assertEquals([trees.of(1), trees.of(2)], [first, second]);
  write("b", 2n);
  write("c", null);
  assertEquals(trees.of(), second);
  write("a", 1n);
  assertEquals(trees.of(), first);
  assertEquals(trees.of(3), null);
});

Deno.test("another baton names the same tree the same, whatever happened before", () => {
  const one = scene({ a: 1n, b: 2n });
  one.count();
  one.write("a", 3n);
  one.write("c", 4n);
  const other = scene({ c: 4n, b: 2n, a: 3n });
  other.count();
  assertEquals(one.trees.of(), other.trees.of());
  const swapped = scene({ c: 4n, b: 3n, a: 2n });
  swapped.count();
  assertNotEquals(swapped.trees.of(), other.trees.of());
});

Deno.test("what changes while files are counted counts as it was before", () => {
  const { trees, write } = scene({ a: 1n, b: 2n });
  const other = scene({ a: 7n });
  other.count();
  const work = trees.count();
  work.next();
  write("a", 7n);
  write("b", null);
  for (const _ of work) { /* the rest */ }
  assertEquals(trees.of(), other.trees.of());
});

Deno.test("a tree of which some file was not read has no name until it is", () => {
  const { trees, write, count } = scene({ a: undefined, b: 2n });
  count();
  write("a", undefined as never);
  assertEquals(trees.of(), null);
  write("a", 1n);
  const whole = scene({ a: 1n, b: 2n });
  whole.count();
  assertEquals(trees.of(), whole.trees.of());
});
