const root = new URL("../../", import.meta.url).pathname;
const FILES = ["levels_test.ts", "handoff_test.ts"].map((name) => `${root}tests/e2e/${name}`);

/** Runs the end-to-end tests of the levels and the handoff on another build of baton; throws its output. */
export async function passEndToEnd(baton: readonly string[]): Promise<void> {
  const flags = import.meta.resolve("@std/assert").startsWith("jsr:")
    ? [`--config=${root}deno.json`]
    : ["--no-config", `--import-map=${root}tools/offline/import_map.json`];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--no-check", "--quiet", ...flags, ...FILES],
    env: { BATON: baton.join(" "), NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`${text(stdout)}\n${text(stderr)}`);
}
