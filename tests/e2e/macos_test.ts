/** Baton as it would be on macOS: no C library, and processes from `ps`. */
import process from "node:process";
import { assertEquals } from "@std/assert";
import { BATON } from "./baton.ts";

const root = new URL("../../", import.meta.url).pathname;
/** Deno 2.5 does not let the name of the system be played. */
const CAN_PLAY = BATON.at(-1)!.endsWith("cli.ts") &&
  Object.getOwnPropertyDescriptor(process, "platform")?.configurable === true;
if (!CAN_PLAY) console.warn("SKIPPED: this baton cannot be told that it is on macOS");

/** A program of each level, its tree, and a daemon that has left its session. */
const TESTS =
  "/level 1, shell|is handed over overlapped|its whole tree goes|daemon that keeps its environment/";

Deno.test({
  name:
    "as on macOS, with no C library and processes from ps, states and whole trees are handed over",
  ignore: !CAN_PLAY,
  async fn() {
    const simulated = [...BATON.slice(0, -1), `${root}tests/fixtures/runs_on_macos.ts`];
    const flags = import.meta.resolve("@std/assert").startsWith("jsr:")
      ? [`--config=${root}deno.json`]
      : ["--no-config", `--import-map=${root}tools/offline/import_map.json`];
    const files = ["levels_test.ts", "handoff_test.ts", "daemons_test.ts"];
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["test", "-A", "--no-check", "--quiet", ...flags, "--filter", TESTS],
        ...files.map((name) => `${root}tests/e2e/${name}`),
      ],
      env: { BATON: simulated.join(" "), NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assertEquals(success, true, `${text(stdout)}\n${text(stderr)}`);
    assertEquals(/ok \| (\d+) passed/.exec(text(stdout))?.[1], "4");
  },
});
