/** The window of `examples/gui`, on a display of its own: its picture changes while it stays open. */
import { assertEquals } from "@std/assert";
import { copySync } from "@std/fs/copy";
import { findOnPath } from "../../tools/find_on_path.ts";
import { PYTHON } from "../support/running.ts";

const xvfb = findOnPath("Xvfb");
const hasTkinter =
  new Deno.Command(PYTHON, { args: ["-c", "import tkinter"] }).outputSync().success;
if (xvfb === null || !hasTkinter) {
  console.error("SKIPPED: the window needs Xvfb (Debian: xvfb) and tkinter (python3-tk)");
}

Deno.test({
  name:
    "an edit of a drawing function changes the picture, and the window stays; an error tints it",
  ignore: xvfb === null || !hasTkinter,
  async fn() {
    const folder = Deno.makeTempDirSync({ prefix: "baton-gui-" });
    // It chooses a display that is free, and says which: on descriptor 1, once it takes connections.
    const display = new Deno.Command(xvfb!, {
      args: ["-displayfd", "1", "-screen", "0", "400x320x24", "-nolisten", "tcp"],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    try {
      copySync(new URL("../../examples/gui", import.meta.url).pathname, `${folder}/gui`);
      const reader = display.stdout.pipeThrough(new TextDecoderStream()).getReader();
      let number = "";
      while (!number.includes("\n")) {
        const { value, done } = await reader.read();
        if (done) throw new Error("Xvfb has ended");
        number += value;
      }
      await reader.cancel();
      const script = new URL("gui.py", import.meta.url).pathname;
      const keep = Deno.env.get("BATON_SCREENSHOTS");
      const { stdout, stderr } = await new Deno.Command(PYTHON, {
        args: [script, `${folder}/gui`, ...keep === undefined ? [] : [keep]],
        env: { DISPLAY: `:${number.trim()}` },
      }).output();
      const said = new TextDecoder().decode(stdout);
      assertEquals(said, "good\n", said + new TextDecoder().decode(stderr));
    } finally {
      display.kill("SIGTERM");
      await display.status;
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
