import { assertEquals } from "@std/assert";
import { Running } from "../support/running.ts";
import { Project } from "./support/project.ts";
import { SAVES } from "./support/saves.ts";
import { contents, moved, perform, randomBatches } from "./support/operations.ts";

const bun = Deno.env.get("BUN") ?? "bun";
const importMap = new URL("../../tools/offline/import_map.json", import.meta.url).pathname;
const program = new URL("../fixtures/tells_what_differs.ts", import.meta.url).pathname;

const BATCHES = 40;
const OPERATIONS_EACH = 50;

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
  readonly round?: readonly string[];
  readonly differs?: readonly string[];
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
        Deno.mkdirSync(path, { recursive: true });
      }
      Deno.writeTextFileSync(`${folder}/.gitignore`, "*.log\n");
      await writeBundle(bundle);
      await using running = new Running([bun, bundle, folder], {});
      assertEquals(await sought(running, ({ platform }) => platform), "bun");
      let before = contents(folder, "tree");
      for (const [at, batch] of randomBatches(BATCHES, OPERATIONS_EACH, seed).entries()) {
        for (const each of batch) perform(folder, outside, each);
        const after = contents(folder, "tree");
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
        assertEquals(inTree, moved(before, after), `batch ${at}: ${JSON.stringify(batch)}`);
        before = after;
      }
    } finally {
      Deno.removeSync(scratch, { recursive: true });
    }
  },
});

Deno.test({
  name: "on Bun, every way a save is made is one round",
  ignore: !hasBun,
  async fn(test) {
    const outside = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton_outside_" }));
    try {
      await writeBundle(`${outside}/watch.js`);
      Deno.writeTextFileSync(`${outside}/new`, "new\n");
      for (const { name, prepare = "true", script } of SAVES) {
        await test.step(name, async () => {
          const project = new Project();
          try {
            project.write("src/main.txt", "old\n");
            const names = `FILE='src/main.txt' NEW='${outside}/new' OUTSIDE='${outside}'`;
            project.run(`${names}; ${prepare}`);
            Deno.mkdirSync(project.path(".baton"));
            await using running = new Running([bun, `${outside}/watch.js`, project.folder], {});
            await sought(running, ({ platform }) => platform);
            project.run(`${names}; ${script}`);
            assertEquals(await sought(running, ({ round }) => round), ["src/main.txt"]);
            project.write("end.cookie", "");
            assertEquals(await sought(running, ({ round }) => round), ["end.cookie"]);
          } finally {
            await project.stop();
          }
        });
      }
    } finally {
      Deno.removeSync(outside, { recursive: true });
    }
  },
});
