import { assertEquals } from "@std/assert";
import { platform } from "../support/platform.ts";
import type { Identity } from "../../lib/standby/identity.ts";
import { interpreterOf } from "../../lib/standby/interpreter.ts";
import type { Launch } from "../../lib/standby/launch.ts";
import { refusalOf } from "../../lib/standby/refusal.ts";

const LAUNCH: Launch = {
  command: ["/bin/sh", "-c", "cd api && ruby app.rb"],
  cwd: "/project",
  env: { HOME: "/home", BATON_GENERATION: "2" },
  stdin: "null",
};

const RUBY: Identity = {
  pid: 1,
  executable: "/usr/bin/ruby3.1",
  cwd: "/project/api",
  command: ["ruby", "app.rb"],
  lineage: [],
  streams: [],
  hasWritten: false,
  oddities: [],
};

const refuses = (changed: readonly string[], identity = RUBY, launch = LAUNCH) =>
  refusalOf(
    { ...LAUNCH, env: { ...LAUNCH.env, BATON_GENERATION: "1" } },
    launch,
    changed,
    identity,
  );

Deno.test("Ruby holds its script open, wherever it was told to go, and nothing that this requires", () => {
  const why = '"api/app.rb" is read before the program begins';
  assertEquals(refuses(["api/lib.rb", "api/app.rb"]), why);
  assertEquals(refuses(["api/lib.rb", "app.rb"]), null);
  assertEquals(refuses(["Gemfile.lock"]), '"Gemfile.lock" is read before the program begins');
  const python = { ...RUBY, executable: "/usr/bin/python3", command: ["python3", "app.rb"] };
  assertEquals(refuses(["api/app.rb"], python), null);
});

Deno.test("what waits was started as the next is to be, but for what baton tells it", () => {
  const other = { ...LAUNCH, env: { ...LAUNCH.env, HOME: "/other" } };
  assertEquals(refuses([], RUBY, other), "it is started in another way");
});

Deno.test("a command leads to Ruby by its name, or by the first line of what it runs", () => {
  const folder = Deno.makeTempDirSync({ prefix: "baton-path-" });
  try {
    for (
      const [name, line] of [["puma", "#!/usr/bin/env ruby"], ["rackup", "#!/usr/bin/ruby3.1"]]
    ) {
      Deno.writeTextFileSync(`${folder}/${name}`, `${line}\n`);
    }
    Deno.writeTextFileSync(`${folder}/rubyist`, "#!/bin/sh\n");
    const leadsTo = (...command: string[]) => interpreterOf(platform(), command, folder);
    assertEquals([
      leadsTo("ruby", "a"),
      leadsTo("/opt/bin/ruby3.3"),
      leadsTo("puma"),
      leadsTo("rackup"),
    ], [
      "ruby",
      "ruby",
      "ruby",
      "ruby",
    ]);
    assertEquals([leadsTo("rubyist"), leadsTo("python3", "ruby")], [null, null]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
