/** What the watched files held, kept and put back. */
import { assertEquals, assertRejects } from "@std/assert";
import { KeptFiles } from "../../lib/control/kept_files.ts";
import { BatonError } from "../../lib/errors.ts";
import { openFolder } from "../../lib/state/folder.ts";
import { openSecret } from "../../lib/state/secret.ts";
import { FileStore } from "../../lib/state/files/file_store.ts";
import { platform as realPlatform } from "../support/platform.ts";
import { contentOf } from "../../lib/watch/index/content.ts";

const platform = realPlatform();

/** A project whose files are looked at as they are. */
class Scene implements Disposable {
  readonly root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton-kept-" }));
  readonly cwd = `${this.root}/project`;
  readonly said: string[] = [];
  readonly #folder = openFolder(platform, openSecret(platform), `${this.root}/.baton`);
  readonly kept: KeptFiles;

  constructor(mostBytes?: number) {
    Deno.mkdirSync(this.cwd);
    this.kept = new KeptFiles({
      platform,
      cwd: this.cwd,
      dir: this.#folder.dir,
      store: new FileStore(platform, this.#folder, mostBytes),
      trees: {
        of: () => this.tree,
        paths: () => this.#paths(this.cwd),
        content: (path) => this.#content(path),
      },
      onTrouble: ({ what }) => void this.said.push(what),
    });
  }

  get tree(): string {
    const all = [...this.#paths(this.cwd)].sort().map((path) => [path, `${this.#content(path)}`]);
    return platform.sha256(new TextEncoder().encode(JSON.stringify(all))).slice(0, 16);
  }

  write(name: string, text: string): void {
    Deno.writeTextFileSync(`${this.cwd}/${name}`, text);
  }

  read(name: string): string {
    return Deno.readTextFileSync(`${this.cwd}/${name}`);
  }

  /** Keeps the files as they are; what they are called by. */
  async keep(): Promise<string> {
    this.kept.soon();
    await new Promise((resolve) => setTimeout(resolve, 0));
    await this.kept.putBack(this.tree); // Which waits for it, and has nothing to do.
    return this.tree;
  }

  *#paths(folder: string): Generator<string> {
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      if (isDirectory) yield* this.#paths(`${folder}/${name}`);
      else yield `${folder}/${name}`;
    }
  }

  #content(path: string): bigint | null {
    try {
      const { mode } = Deno.statSync(path);
      return contentOf(platform, Deno.readFileSync(path), { mode: mode! });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.root, { recursive: true });
  }
}

Deno.test("a link to a file that comes back is no hindrance, one that leads elsewhere since is", async () => {
  using scene = new Scene();
  Deno.mkdirSync(`${scene.cwd}/sub`);
  for (const name of ["a", "b", "sub/c"]) scene.write(name, "one");
  Deno.symlinkSync("a", `${scene.cwd}/link`);
  const first = await scene.keep();
  for (const name of ["a", "sub/c"]) scene.write(name, "two");
  await scene.keep();
  const { written } = await scene.kept.putBack(first);
  assertEquals([...written].sort(), ["a", "sub/c"]);
  assertEquals([scene.read("link"), Deno.readLinkSync(`${scene.cwd}/link`)], ["one", "a"]);

  Deno.removeSync(`${scene.cwd}/link`);
  Deno.symlinkSync("b", `${scene.cwd}/link`);
  scene.write("b", "two");
  const error = await assertRejects(() => scene.kept.putBack(first), BatonError);
  assertEquals(error.what, 'Cannot put the files back: "link" has changed, too, and is not kept');
  assertEquals(scene.read("b"), "two");
});

Deno.test("files come back as they were, with their modes, and what was not there goes", async () => {
  using scene = new Scene();
  scene.write("run.sh", "one");
  Deno.chmodSync(`${scene.cwd}/run.sh`, 0o755);
  Deno.mkdirSync(`${scene.cwd}/sub`);
  scene.write("sub/a", "a");
  const first = await scene.keep();
  scene.write("run.sh", "two");
  Deno.removeSync(`${scene.cwd}/sub`, { recursive: true });
  scene.write("new", "new");
  const { written, removed, aside } = await scene.kept.putBack(first);
  assertEquals([written.toSorted(), removed], [["run.sh", "sub/a"], ["new"]]);
  assertEquals(scene.tree, first);
  assertEquals(Deno.statSync(`${scene.cwd}/run.sh`).mode! & 0o777, 0o755);
  assertEquals(Deno.readTextFileSync(`${aside}/run.sh`), "two");
  assertEquals(Deno.readTextFileSync(`${aside}/new`), "new");
  assertEquals(scene.said, []);
});

Deno.test("nothing is changed where a file that is not kept differs, a link is in the way, or a content is gone", async () => {
  using scene = new Scene();
  scene.write("a", "one");
  scene.write("b", "one");
  Deno.symlinkSync("/etc/hosts", `${scene.cwd}/hosts`);
  const first = await scene.keep();
  scene.write("a", "two");
  scene.write("b", "two");
  await scene.keep();
  const untouched = async (what: string) => {
    await assertRejects(() => scene.kept.putBack(first), BatonError, what);
    assertEquals([scene.read("a"), scene.read("b")].map((text) => text.length), [3, 3]);
    assertEquals(scene.read("a"), "two");
  };
  Deno.removeSync(`${scene.cwd}/hosts`);
  await untouched('"hosts" has changed, too, and is not kept');
  Deno.symlinkSync("/etc/hosts", `${scene.cwd}/hosts`);
  Deno.removeSync(`${scene.cwd}/b`);
  Deno.symlinkSync("/etc/hostname", `${scene.cwd}/b`);
  await assertRejects(() => scene.kept.putBack(first), BatonError, 'Cannot put "b" back');
  assertEquals(Deno.readLinkSync(`${scene.cwd}/b`), "/etc/hostname");
  Deno.removeSync(`${scene.cwd}/b`);
  scene.write("b", "two");
  const one = platform.sha256(new TextEncoder().encode("one"));
  Deno.writeTextFileSync(`${scene.root}/.baton/files/${one}`, "eno");
  await untouched("what they held then is not kept");
  await assertRejects(() => scene.kept.putBack("0".repeat(16)), BatonError, "is not kept");
});

Deno.test("what is oldest goes first where it is too much", async () => {
  using scene = new Scene(1_000);
  const trees: string[] = [];
  for (const letter of "abc") {
    scene.write("a", letter.repeat(300));
    trees.push(await scene.keep());
  }
  assertEquals(trees.map((tree) => scene.kept.has(tree)), [false, true, true]);
  assertEquals([...Deno.readDirSync(`${scene.root}/.baton/files`)].length, 4);
});
