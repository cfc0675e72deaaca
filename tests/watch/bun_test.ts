import { assertEquals } from "@std/assert";
import { ensureDirSync } from "@std/fs/ensure-dir";
import { Running } from "../support/running.ts";
import { Project } from "./support/project.ts";
import { KINDS, type Save, SAVES } from "./support/saves.ts";
import { moved, named, perform, randomBatches, walk } from "./support/operations.ts";

const bun = Deno.env.get("BUN") ?? "bun";
const importMap = new URL("../../tools/offline/import_map.json", import.meta.url).pathname;
const program = new URL("../fixtures/tells_what_differs.ts", import.meta.url).pathname;

const BATCHES = 100;
const OPERATIONS_EACH = 50;

/** Longer than any way to save pauses, also where the machine is busy. */
const SETTLE_MS = "150";

async function succeeds(command: string, args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const hasBun = await succeeds(bun, ["--version"]);
if (!hasBun) console.warn(`SKIPPED: random operations on Bun, for "${bun}" is not installed`);

async function writeBundle(path: string): Promise<void> {
  const args = ["bundle", `--import-map=${importMap}`, "-o", path, program];
  assertEquals(await succeeds(Deno.execPath(), args), true);
}

/** What `tells_what_differs` prints. */
interface Line {
  readonly platform?: string;
  readonly heard?: string;
  readonly differs?: readonly string[];
}

function* everyRow(): Generator<[Save, typeof KINDS[number]]> {
  for (const save of SAVES) for (const row of KINDS) yield [save, row];
}

/** Reads on until a line has what is sought. */
async function sought<T>(running: Running, seek: (line: Line) => T | undefined): Promise<T> {
  for (let line = await running.line(); line !== null; line = await running.line()) {
    const found = seek(JSON.parse(line));
    if (found !== undefined) return found;
  }
  throw new Error(`The program ended: ${(await running.end()).stderr}`);
}

Deno.test({
  name: "on Bun, what is known equals what is on the disk after thousands of random operations",
  ignore: !hasBun,
  async fn() {
    const seed = Number(Deno.env.get("SEED") ?? Date.now() % 1_000_000);
    console.log(`SEED=${seed}`);
    const scratch = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton_watch_" }));
    const [folder, outside, bundle] = [`${scratch}/in`, `${scratch}/out`, `${scratch}/watch.js`];
    try {
      for (const path of [`${folder}/tree`, `${folder}/.baton`, outside]) {
        ensureDirSync(path);
      }
      Deno.writeTextFileSync(`${folder}/.gitignore`, "*.log\n");
      await writeBundle(bundle);
      await using running = new Running([bun, bundle, folder], {});
      assertEquals(await sought(running, ({ platform }) => platform), "bun");
      let before = walk(folder, "tree");
      for (const [at, batch] of randomBatches(BATCHES, OPERATIONS_EACH, seed).entries()) {
        for (const each of batch) perform(folder, outside, each);
        const after = walk(folder, "tree");
        // Written again and again: where a watch is being opened anew, the first may have no event.
        const hearken = () => Deno.writeTextFileSync(`${folder}/${at}.cookie_heard`, "");
        hearken();
        const timer = setInterval(hearken, 50);
        const isHeard = ({ heard }: Line) => heard === `${folder}/${at}.cookie_heard` || undefined;
        await sought(running, isHeard).finally(() => clearInterval(timer));
        Deno.writeTextFileSync(`${folder}/${at}.cookie`, "");
        const known = await sought(
          running,
          ({ differs }) => differs?.includes(`${at}.cookie`) ? differs : undefined,
        );
        const inTree = known.filter((path) => path.startsWith("tree/"));
        const [saw, was] = [inTree, moved(before, after)]
          .map((paths) => named(paths, before, after, folder));
        assertEquals(saw, was, `batch ${at}: ${JSON.stringify(batch)}`);
        before = after;
      }
    } finally {
      Deno.removeSync(scratch, { recursive: true });
    }
  },
});

Deno.test({
  name: "on Bun, every way a save is made is one restart, or none",
  ignore: !hasBun,
  async fn(test) {
    const scratch = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton_watch_" }));
    try {
      await writeBundle(`${scratch}/watch.js`);
      for (const [save, row] of everyRow()) {
        await test.step(`${save.name}, ${row.kind}`, async () => {
          const outside = Deno.makeTempDirSync({ dir: scratch });
          await restartsOf(save, row, [`${scratch}/watch.js`, outside]);
        });
      }
    } finally {
      Deno.removeSync(scratch, { recursive: true });
    }
  },
});

async function restartsOf(
  { prepare = "true", script }: Save,
  { file, text, restarts }: typeof KINDS[number],
  [bundle, outside]: readonly [string, string],
): Promise<void> {
  const project = new Project();
  try {
    Deno.writeTextFileSync(`${outside}/new`, text);
    project.write(".gitignore", "ignored/\n");
    project.write(file, "old\n");
    const names = `FILE='${file}' NEW='${outside}/new' OUTSIDE='${outside}'`;
    project.run(`${names}; ${prepare}`);
    Deno.mkdirSync(project.path(".baton"));
    await using running = new Running([bun, bundle, project.folder, SETTLE_MS], {});
    await sought(running, ({ platform }) => platform);
    const next = () => sought(running, ({ differs }) => differs?.length ? differs : undefined);
    await project.runWatched(`${names}; ${script}`);
    if (restarts > 0) assertEquals(await next(), [file]);
    project.write("end.cookie", "");
    assertEquals(await next(), restarts > 0 ? ["end.cookie", file] : ["end.cookie"]);
  } finally {
    await project.stop();
  }
}
