/** Real libraries on Ruby: what runs from standby is what a cold start would have run. */
import { assertEquals } from "@std/assert";
import { type Verified, verify } from "../../lib/standby/verify.ts";
import { platform } from "../support/platform.ts";
import { findOnPath } from "../../tools/find_on_path.ts";
import { Project } from "../e2e/baton.ts";

const ignore = findOnPath("ruby") === null;
if (ignore) {
  console.warn("SKIPPED: standby of Ruby, for it is not installed (apt-get install ruby)");
}

const HOOK = new URL("../../clients/ruby/standby/hook.rb", import.meta.url).pathname;

const APP = `require_relative "part"
require "json"
require "erb"
require "optparse"
require "net/http"
require "logger"
HELD = [Class.new { const_set(:Inner, Class.new) }]
sleep
`;

async function run(part: string): Promise<Verified> {
  using project = new Project({ "app.rb": APP, "part.rb": "VERSION = 1\n" });
  const folder = Deno.makeTempDirSync({ prefix: "baton-standby-" });
  try {
    return await verify(platform(), {
      launch: {
        command: ["ruby", "app.rb"],
        cwd: project.dir,
        stdin: "null",
        env: { PATH: Deno.env.get("PATH")!, HOME: project.dir, RUBYOPT: `-r${HOOK}` },
      },
      folder,
      own: false,
      watched: { roots: [project.dir], covers: () => true },
      changed: ["part.rb"],
      save: () => project.swap("part.rb", part),
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test({
  name: "from standby as cold: libraries on Ruby, and what is seen where the program differs",
  ignore,
  async fn() {
    const found = await run("VERSION = 2\nclass String\n  def to_version = self\nend\n");
    assertEquals(found.differences, []);
    assertEquals(found.modules > 20, true);
    const cold = await run(
      "$early = ENV['BATON_GENERATION']\nVERSION = 3\nTracePoint.new(:line) {}\n",
    );
    assertEquals(cold.differences, []);
  },
});
