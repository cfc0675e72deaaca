import { assertEquals } from "@std/assert";
import { contract } from "./contract.ts";
import { eventContract } from "./contract/events.ts";
import { directContract } from "./contract/direct_files.ts";

const bun = Deno.env.get("BUN") ?? "bun";
const importMap = new URL("../../tools/offline/import_map.json", import.meta.url).pathname;

interface Line {
  readonly name?: string;
  readonly error?: string | null;
  readonly platform?: string;
}

async function output(command: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`${command} failed:\n${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}

async function isInstalled(command: string): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args: ["--version"] }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const hasBun = await isInstalled(bun);
if (!hasBun) console.warn(`SKIPPED: the platform contract on Bun, for "${bun}" is not installed`);

Deno.test({
  name: "platform on Bun",
  ignore: !hasBun,
  async fn(test) {
    const folder = await Deno.makeTempDir();
    try {
      const bundle = `${folder}/contract.js`;
      const main = new URL("bun_main.ts", import.meta.url).pathname;
      await output(Deno.execPath(), ["bundle", `--import-map=${importMap}`, "-o", bundle, main]);
      const lines: Line[] = (await output(bun, [bundle])).trim().split("\n").map((line) =>
        JSON.parse(line)
      );
      assertEquals(lines.at(-1), { platform: "bun" });
      const names = [
        ...contract.map(({ name }) => name),
        ...[...eventContract, ...directContract].map(({ name }) =>
          `without the C library: ${name}`
        ),
      ];
      for (const name of names) {
        await test.step(name, () => {
          assertEquals(lines.find((line) => line.name === name)?.error, null);
        });
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "on Bun the environment is the one that baton was started with, whatever .env says",
  ignore: !hasBun,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const module = new URL("../../lib/platform/bun/environment.ts", import.meta.url).pathname;
      await Deno.writeTextFile(`${folder}/.env`, "FROM_FILE=1\n");
      await Deno.writeTextFile(
        `${folder}/main.ts`,
        `import { startEnvironment } from "${module}";
const { FROM_FILE = "none", GIVEN } = startEnvironment();
console.log(process.env.FROM_FILE, FROM_FILE, GIVEN);`,
      );
      const { stdout } = await new Deno.Command(bun, {
        args: ["main.ts"],
        cwd: folder,
        env: { GIVEN: "a=b" },
      }).output();
      assertEquals(new TextDecoder().decode(stdout).trim(), "1 none a=b");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
