/** Configuration and project files that hold anything at all: none ends baton that is not baton's, and none is waited for. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { parseCommandLine } from "../../lib/configure/command_line.ts";
import { findProject } from "../../lib/configure/project.ts";
import { type Resolved, resolveSettings } from "../../lib/configure/resolve.ts";
import { platform } from "../support/platform.ts";
import { explainedLater } from "../support/explained.ts";

const here = platform();
const KEY = '"command": "make"';

/** Makes a file that is no good. */
const HOSTILE: Readonly<Record<string, (path: string) => void>> = {
  "cut short": (path) => Deno.writeTextFileSync(path, '{"imports": {'),
  "not JSON": (path) => Deno.writeTextFileSync(path, "imports = 1"),
  "empty": (path) => Deno.writeTextFileSync(path, ""),
  "not UTF-8": (path) => Deno.writeFileSync(path, new Uint8Array([0x7b, 0xff, 0xfe, 0x00, 0x7d])),
  "nested 100,000 deep": (path) =>
    Deno.writeTextFileSync(path, '{"a": ' + "[".repeat(100_000) + "]".repeat(100_000) + "}"),
  "100,000 quotes": (path) => Deno.writeTextFileSync(path, '"'.repeat(100_001)),
  "a comment that never ends": (path) => Deno.writeTextFileSync(path, "/*" + "*".repeat(500_000)),
  "1 GB": (path) => {
    Deno.writeTextFileSync(path, "");
    Deno.truncateSync(path, 1_000_000_000);
  },
  "a FIFO": (path) => void new Deno.Command("mkfifo", { args: [path] }).outputSync(),
  "a link to /dev/zero": (path) => Deno.symlinkSync("/dev/zero", path),
  "a link round in a circle": (path) => Deno.symlinkSync(path, path),
  "a link that leads nowhere": (path) => Deno.symlinkSync("nowhere", path),
  "a folder": (path) => Deno.mkdirSync(path),
};

async function inFolder(
  test: (folder: string, resolve: (...args: string[]) => Promise<Resolved>) => unknown,
): Promise<void> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "baton-configure-" }));
  try {
    await test(folder, async (...args) => {
      const line = await parseCommandLine(args);
      if (!("given" in line)) throw new Error(line.kind);
      return await resolveSettings({ ...here, cwd: folder }, line);
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

for (const [what, make] of Object.entries(HOSTILE)) {
  Deno.test(`a deno.json that is ${what} is none of baton's business`, async () => {
    await inFolder(async (folder, resolve) => {
      for (const name of ["deno.json", "deno.jsonc"]) make(join(folder, name));
      assertEquals((await resolve("make")).settings.command, ["make"]);
      Deno.writeTextFileSync(join(folder, "baton.json"), `{${KEY}, "keep": 7}`);
      assertEquals((await resolve()).settings.keep, 7);
    });
  });

  Deno.test(`a baton.json that is ${what} is an error that names it`, async () => {
    await inFolder(async (folder, resolve) => {
      make(join(folder, "baton.json"));
      const { what: said, next } = await explainedLater(() => resolve("make"));
      assertMatch(said, /"baton\.json"|as configuration/);
      assert(next);
      assertMatch(
        (await explainedLater(() => resolve("-c", "baton.json", "make"))).what,
        /baton\.json|as conf/,
      );
    });
  });

  Deno.test(`project files that are ${what} say at most what kind of project it is`, async () => {
    await inFolder((folder) => {
      const names = ["deno.json", "package.json", "pyproject.toml", "main.py", "Gemfile", "go.mod"];
      for (const name of names) make(join(folder, name));
      const { found, command } = findProject({ ...here, cwd: folder });
      assert(found !== null || command.length === 0);
    });
  });
}

Deno.test("a broken deno.json that configures baton is an error with its place", async () => {
  await inFolder(async (folder, resolve) => {
    Deno.writeTextFileSync(join(folder, "deno.json"), `{\n  "baton": {${KEY} "keep": 7}\n}`);
    assertMatch((await explainedLater(() => resolve())).where ?? "", /^deno\.json:2:/);
  });
});

/** What a person is told of: bounded, as is the time to find it. */
const WRONG: Readonly<Record<string, unknown>> = {
  "50,000 keys that are none": Object.fromEntries(
    Array.from({ length: 50_000 }, (_, at) => [`k${at}`, 1]),
  ),
  "a key that is very long": { ["k".repeat(900_000)]: 1 },
  "a value that is very long": { settle: "k".repeat(900_000) },
  "a command of 200,000 numbers": { command: new Array(200_000).fill(1) },
  "a list of 200,000 numbers": { watch: new Array(200_000).fill(1) },
  "a list in place of an object": new Array(200_000).fill(1),
};

for (const [what, content] of Object.entries(WRONG)) {
  Deno.test(`of a baton.json that holds ${what}, as much is told as a person reads`, async () => {
    await inFolder(async (folder, resolve) => {
      Deno.writeTextFileSync(join(folder, "baton.json"), JSON.stringify(content));
      const { what: said, next = "" } = await explainedLater(() => resolve("make"));
      assert(said.length < 5_000, said.slice(0, 5_000));
      assert(next.length < 1_000, next.slice(0, 1_000));
    });
  });
}

Deno.test("of more mistakes than are told, the rest is counted", async () => {
  await inFolder(async (folder, resolve) => {
    const keys = Array.from({ length: 23 }, (_, at) => `"k${at}": 1`);
    Deno.writeTextFileSync(join(folder, "baton.json"), `{${KEY},\n${keys.join(",\n")}}`);
    const lines = (await explainedLater(() => resolve("make"))).what.split("\n");
    assertEquals(lines.length, 22);
    assertEquals(lines[0], "Cannot use the configuration: 23 mistakes");
    assertEquals(lines[20], '  baton.json:21:1: Unknown key "k19"');
    assertEquals(lines[21], "  and 3 more");
  });
});

Deno.test("places are found in a configuration of a megabyte", async () => {
  await inFolder(async (folder, resolve) => {
    const others = Array.from(
      { length: 12_000 },
      (_, at) => `"src/a-long-name-of-a-file-${at}.ts"`,
    );
    const text = `{${KEY}, "watch": [${others.join(", ")}],\n "keep": 7}`;
    Deno.writeTextFileSync(join(folder, "baton.json"), text);
    assertEquals((await resolve()).origins.keep, "baton.json:2:2");
  });
});
