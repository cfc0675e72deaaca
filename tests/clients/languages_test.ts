/**
 * Clients that are in the program's own language: their own tests, and their example under a real baton, which
 * counts every request that it has answered, over a save. What they say on the pipe, the conformance suite holds.
 */
import { assertEquals } from "@std/assert";
import { clientsIn, missingFor } from "../conformance/manifest.ts";
import { Baton, Project } from "../e2e/baton.ts";
import { GO_MODULE } from "../../tools/release/go_module.ts";
import { Hammer } from "../support/hammer.ts";
import { waitUntil } from "../support/wait_until.ts";

interface Language {
  /** Of its folder in `clients/`. */
  readonly client: string;
  /** Commands of its toolchain, in the client's folder; they succeed and print nothing. */
  readonly checks: readonly string[];
  /** The example as a project of its own. */
  readonly files: (folder: string) => Readonly<Record<string, string>>;
  /** The file that is edited, and its line for version 1. */
  readonly edited: readonly [file: string, line: string];
  readonly args?: readonly string[];
  readonly command: (folder: string) => readonly string[];
}

const RULES = ["--rule", "greeting.txt=notify", "--rule", "settings.txt=recycle"];

const text = Deno.readTextFileSync;

const LANGUAGES: readonly Language[] = [
  {
    client: "go",
    checks: ["gofmt -l .", "go vet ./...", "go test ./... >&2"],
    files: (folder) => ({
      "main.go": text(`${folder}/example/main.go`),
      "go.mod": `module example
go 1.21
require ${GO_MODULE} v0.0.0
replace ${GO_MODULE} => ${folder}
`,
    }),
    edited: ["main.go", "const version = 1"],
    args: ["-i", "app"],
    command: () => ["go build -o app . && exec ./app"],
  },
  {
    client: "rust",
    checks: [
      "cargo fmt --check",
      "cargo test --quiet >&2",
      "RUSTDOCFLAGS='-D warnings' cargo doc --quiet",
    ],
    files: (folder) => ({
      "src/main.rs": text(`${folder}/examples/counter.rs`),
      "Cargo.toml": `[package]
name = "example"
version = "0.1.0"
edition = "2021"
[dependencies]
baton-client = { path = "${folder}" }
`,
      "Cargo.lock": `version = 3
[[package]]
name = "baton-client"
version = "0.1.0"
[[package]]
name = "example"
version = "0.1.0"
dependencies = ["baton-client"]
`,
    }),
    edited: ["src/main.rs", "const VERSION: u32 = 1"],
    command: () => ["cargo", "run", "--quiet"],
  },
  {
    client: "ruby",
    checks: [
      "for file in lib/*.rb lib/*/*.rb; do ruby -wc $file >&2; done",
      `! ruby -e 'require "minitest"' || ruby -w -I lib test/client_test.rb >&2`,
      `ruby -e 'Gem::Specification.load("baton-client.gemspec").validate' >&2`,
    ],
    files: (folder) => ({ "app.rb": text(`${folder}/example/app.rb`) }),
    edited: ["app.rb", "VERSION = 1"],
    command: (folder) => ["ruby", "-I", `${folder}/lib`, "app.rb"],
  },
];

for (const { client, checks, files, edited: [file, line], args = [], command } of LANGUAGES) {
  const own = clientsIn(client)[0]!;
  const { name, folder } = own;
  const missing = missingFor(own);
  const ignore = missing !== null;
  if (ignore) {
    console.error(`SKIPPED: the example of the ${name} client, as "${missing}" is not here`);
  }

  Deno.test({
    name: `the ${name} client passes the tests of its own language`,
    ignore,
    fn: async () => {
      for (const check of checks) {
        const { success, stdout, stderr } = await new Deno.Command("sh", {
          args: ["-c", check],
          cwd: folder,
        }).output();
        const said = new TextDecoder().decode(stdout);
        assertEquals(
          { success, said },
          { success: true, said: "" },
          new TextDecoder().decode(stderr),
        );
      }
    },
  });

  Deno.test({
    name: `the ${name} client's example counts every request that it answers, over a save`,
    ignore,
    fn: async () => {
      using project = new Project(files(folder));
      await using baton = new Baton(project, command(folder), {
        args: ["--listen", "0", "--boot-timeout", "5m", ...RULES, ...args],
      });
      const slow = { withinMs: 300_000 }; // It is built, by a toolchain that may have nothing yet.
      const { port } = await baton.event("listening");
      await baton.event("armed");
      await using hammer = new Hammer(`http://127.0.0.1:${port}/`, { attempts: 1, pauseMs: 0 });
      const serves = (version: number) =>
        waitUntil(
          `version ${version} answers`,
          () => hammer.failure ?? hammer.answers.at(-1)?.version === version,
          slow,
        );
      await serves(1); // Whoever asks before waits in the socket's queue.
      project.replace(file, line, line.replace("= 1", "= 2"));
      await serves(2);
      await baton.event("ready", ({ reason }) => reason === "change");
      const isInPlace = own.capabilities.length > 0;
      if (isInPlace) await takeInPlace(project, baton, hammer);
      await hammer.stop();
      const last = await hammer.ask();
      assertEquals(last.count, hammer.answers.length + 1, baton.transcript());
      if (!isInPlace) await restartsInstead(project, baton);
    },
  });
}

/** Its data file is read anew, and its server started anew, in the process that serves. */
async function takeInPlace(project: Project, baton: Baton, hammer: Hammer): Promise<void> {
  project.write("greeting.txt", "77");
  await baton.event("updated", ({ rung }) => rung === "notify");
  await waitUntil("it greets", () => hammer.failure ?? hammer.answers.at(-1)?.greeting === 77);
  project.write("settings.txt", "new");
  await baton.event("updated", ({ rung }) => rung === "recycle");
  const before = hammer.answers.length;
  await waitUntil("it answers", () => hammer.failure ?? hammer.answers.length > before);
}

/** A client that offers neither `notify` nor `recycle` has its program restarted, and baton says why. */
async function restartsInstead(project: Project, baton: Baton): Promise<void> {
  for (const [file, rung] of [["greeting.txt", "notify"], ["settings.txt", "recycle"]] as const) {
    project.write(file, "77");
    const { refusals } = await baton.event("ready", ({ changed }) => changed.includes(file));
    assertEquals(refusals.map((each: { rung: string }) => each.rung), [rung]);
  }
}
