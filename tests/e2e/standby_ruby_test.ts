/** A program in Ruby, from its first start to one from standby, and to one that cannot be. */
import { assertEquals } from "@std/assert";
import { findOnPath } from "../../tools/find_on_path.ts";
import { Baton, type LogEvent, Project } from "./baton.ts";

const ignore = findOnPath("ruby") === null;
if (ignore) {
  console.warn("SKIPPED: standby of Ruby, for it is not installed (apt-get install ruby)");
}

const APP = `$stdout.sync = true
require "set"
sleep 0.2 # Longer than what is not worth a standby.
require "optparse"
require_relative "part"
puts "version #{VERSION} #{ENV.keys.grep(/RUBYOPT|STANDBY/)}"
sleep
`;

function parked(baton: Baton, generation: number): Promise<LogEvent> {
  const isFor = ({ news }: LogEvent) => news.type === "parked" && news.generation === generation;
  return baton.event("standby", isFor);
}

Deno.test({
  name: "Ruby comes from standby where it has not read what changed",
  ignore,
  async fn() {
    using project = new Project({ "app.rb": APP, "part.rb": "VERSION = 1\n" });
    await using baton = new Baton(project, ["ruby", "app.rb"]);
    await baton.up();
    await parked(baton, 2);
    project.swap("part.rb", "VERSION = 2\n");
    const ready = await baton.event("ready", ({ generation }) => generation === 2);
    assertEquals(ready.standby, { type: "standby" });
    await baton.prints("version 2 []");

    await parked(baton, 3);
    project.swap("app.rb", APP.replace("version", "script"));
    const cold = await baton.event("ready", ({ generation }) => generation === 3);
    const why = '"app.rb" is read before the program begins';
    assertEquals(cold.standby, { type: "cold", why });
    await baton.prints("script 2 []");
    assertEquals(await baton.stop(), 0);
  },
});
