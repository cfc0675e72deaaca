/** The Rust client beside an async runtime: its example on tokio, under a real baton. */
import { assert, assertEquals } from "@std/assert";
import { findOnPath } from "../../tools/find_on_path.ts";
import { Baton, Project } from "../e2e/baton.ts";
import { Hammer } from "../support/hammer.ts";
import { keptFolder, succeeds } from "../support/kept_folder.ts";

const folder = new URL("../../clients/rust/examples/tokio", import.meta.url).pathname;

function build(target: string): Promise<boolean> {
  return succeeds("cargo", ["build", "--quiet", "--target-dir", target], folder);
}

const hasCargo = findOnPath("cargo") !== null;
if (!hasCargo) console.error("SKIPPED: the Rust client's example on tokio, as there is no cargo");
const target = hasCargo ? await keptFolder("tokio", ["tokio 1"], "crates.io", build) : null;

Deno.test({
  name: "the Rust client's example on tokio counts every request that it answers, over a save",
  ignore: target === null,
  async fn() {
    assert(await build(target!));
    using project = new Project({ "touched.txt": "1" });
    await using baton = new Baton(project, [`${target}/debug/counter-tokio`], {
      args: ["--listen", "0"],
    });
    const { port } = await baton.event("listening");
    await baton.event("armed");
    await using hammer = new Hammer(`http://127.0.0.1:${port}/`, { attempts: 1, pauseMs: 0 });
    await baton.event("ready", ({ announced }) => announced);
    project.write("touched.txt", "2");
    const { mode } = await baton.event(
      "ready",
      (ready) => ready.generation === 2 && ready.announced,
    );
    await hammer.stop();
    const last = await hammer.ask();
    assertEquals([mode, last.count], ["overlapped", hammer.answers.length + 1], baton.transcript());
  },
});
