import { passEndToEnd } from "../support/end_to_end.ts";

const root = new URL("../../", import.meta.url).pathname;
const BUN = Deno.env.get("BUN");
if (!BUN) console.warn("BUN names no Bun: baton is not tested on it");

Deno.test({
  name: "the bundle runs on Bun as the source does on Deno",
  ignore: !BUN,
  async fn() {
    const bundled = await new Deno.Command(Deno.execPath(), {
      args: ["task", "bundle"],
      cwd: root,
      stdout: "null",
      stderr: "inherit",
    }).output();
    if (!bundled.success) throw new Error("`deno task bundle` failed");
    await passEndToEnd([BUN!, `${root}dist/baton.js`]);
  },
});
