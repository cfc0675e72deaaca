import process from "node:process";
import { assertEquals } from "@std/assert";
import { VERSION } from "../lib/version.ts";
import { BATON } from "./e2e/baton.ts";

/** Deno 2.5 does not let the name of the system be played. */
const CAN_PLAY = BATON.at(-1)!.endsWith("cli.ts") &&
  Object.getOwnPropertyDescriptor(process, "platform")?.configurable === true;
if (!CAN_PLAY) console.warn("SKIPPED: this baton cannot be told that it is on Windows");

/** What baton says and how it ends where the system says that it is Windows. */
async function onWindows(...args: string[]): Promise<[code: number, said: string]> {
  const program = new URL("fixtures/runs_on_windows.ts", import.meta.url).pathname;
  const { code, stdout, stderr } = await new Deno.Command(BATON[0]!, {
    args: [...BATON.slice(1, -1), program, ...args],
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return [code, text(stdout) + text(stderr)];
}

Deno.test({
  name: "on Windows baton says in one sentence that it cannot run, whatever it is asked for",
  ignore: !CAN_PLAY,
  async fn() {
    const refused = "baton: Cannot run on Windows; use it in WSL, where it runs as on Linux\n";
    for (const args of [["--", "python", "app.py"], ["status"], ["init"], ["--help"], []]) {
      assertEquals(await onWindows(...args), [2, refused]);
    }
    assertEquals(await onWindows("--version"), [0, `baton ${VERSION}\n`]);
  },
});
