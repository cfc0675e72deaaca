/** Files that go back together with the state. */
import { assertEquals, assertRejects } from "@std/assert";
import type { FilesPutBack } from "../../lib/control/kept_files.ts";
import { FileRewinds } from "../../lib/control/file_rewinds.ts";
import type { StoredState } from "../../lib/decide/context.ts";
import { BatonError } from "../../lib/errors.ts";
import { running } from "../decide/play.ts";

function stateOf(generation: number, tree?: string): StoredState {
  const about = { format: 1, sizeBytes: 1, sha256: "a".repeat(64), kind: "final" } as const;
  const more = tree === undefined ? {} : { tree };
  return {
    path: `${generation}`,
    envelope: { ...about, generation, savedAt: 0, reason: "x", ...more },
  };
}

/** Generation 1 serves tree `b`; what is done is noted. */
class Scene {
  disk = "b";
  good = true;
  state = stateOf(7, "a");
  readonly done: string[] = [];
  readonly #world = running();
  readonly rewinds: FileRewinds;

  constructor(keeps = true) {
    const putBack = (tree: string): Promise<FilesPutBack> => {
      const written = tree === this.disk ? [] : ["app.py"];
      this.disk = tree;
      this.done.push(`puts ${tree} back`);
      return Promise.resolve({ written, removed: [], aside: null });
    };
    this.rewinds = new FileRewinds({
      kept: keeps ? { putBack, has: (tree) => tree !== "lost" } : null,
      rewinds: {
        find: () => this.state,
        recall: (state) => state,
        goBack: ({ path }) => void this.done.push(`restarts with ${path}`),
        expect: (tree, { path }) => void this.done.push(`${tree} gets ${path}`),
      },
      watch: {
        sync: () => Promise.resolve(),
        trees: { of: (name) => name === undefined ? this.disk : "b" },
      },
      machine: () => this.#world.machine,
      isGood: () => this.good,
      hold: () => {
        this.done.push("holds");
        return () => void this.done.push("releases");
      },
      log: ({ type }) => void this.done.push(type),
    });
  }

  take(): string[] {
    return this.done.splice(0);
  }
}

Deno.test("the files are one change, which gets the state", async () => {
  const scene = new Scene();
  await scene.rewinds.rewind(1);
  assertEquals(scene.take(), ["holds", "puts a back", "a gets 7", "releases", "notice"]);
});

Deno.test("files that are there already, or that what serves was started from, are no change", async () => {
  const scene = new Scene();
  scene.disk = "a";
  await scene.rewinds.rewind(1);
  assertEquals(scene.take(), ["holds", "puts a back", "restarts with 7", "releases"]);
  scene.state = stateOf(7, "b");
  await scene.rewinds.rewind(1);
  assertEquals(scene.take(), ["holds", "puts b back", "restarts with 7", "releases", "notice"]);
});

Deno.test("after an edit that has failed a good version gets its own files back, and goes on", async () => {
  const scene = new Scene();
  scene.disk = "c";
  const { generation, state } = await scene.rewinds.rewind(null);
  assertEquals([generation, state], [1, null]);
  assertEquals(scene.take(), ["holds", "puts b back", "releases", "notice"]);
  scene.disk = "c";
  scene.good = false;
  await scene.rewinds.rewind(null);
  assertEquals(scene.take()[1], "puts a back");
});

Deno.test("the way back is to the files that were left, where they are kept", async () => {
  const scene = new Scene();
  for (const [left, put] of [["c", "c"], ["lost", "b"]]) {
    scene.disk = left!;
    scene.state = stateOf(7, "a");
    await scene.rewinds.rewind(1);
    scene.take();
    scene.state = stateOf(1, "b"); // What generation 1 has saved as it left.
    await scene.rewinds.rewind(1);
    assertEquals(scene.take()[1], `puts ${put} back`);
  }
});

Deno.test("nothing is done where no files are kept, or nobody knows which", async () => {
  const off = new Scene(false);
  await assertRejects(() => off.rewinds.rewind(1), BatonError, "none are kept");
  const scene = new Scene();
  scene.state = stateOf(7);
  await assertRejects(() => scene.rewinds.rewind(1), BatonError, "nobody knows under which");
  assertEquals([off.take(), scene.take()], [[], []]);
});
