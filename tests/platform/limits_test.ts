import { assertEquals } from "@std/assert";

const fixture = new URL("../fixtures/watches_eight_folders.ts", import.meta.url).pathname;

/** Runs shell commands in a user namespace, whose limits of inotify are its own. */
async function inNamespace(script: string): Promise<string | null> {
  const { success, stdout } = await new Deno.Command("unshare", {
    args: ["--user", "--map-root-user", "sh", "-c", script],
    stdin: "null",
    stderr: "null",
  }).output();
  return success ? new TextDecoder().decode(stdout) : null;
}

const canLimit = Deno.build.os === "linux" && await inNamespace("true") !== null;
if (!canLimit) console.warn("SKIPPED: limits of inotify, for no user namespace can be made here");

const cases = {
  "max_inotify_watches 100": "watching",
  "max_inotify_watches 3": "ENOSPC",
  "max_inotify_instances 0": "EMFILE",
};

for (const [limit, outcome] of Object.entries(cases)) {
  Deno.test({
    name: `watching eight folders with ${limit}: ${outcome}`,
    ignore: !canLimit,
    async fn() {
      const [name, value] = limit.split(" ");
      const script =
        `echo ${value} > /proc/sys/user/${name} && "${Deno.execPath()}" run -A ${fixture}`;
      assertEquals(JSON.parse(await inNamespace(script) ?? "null"), outcome);
    },
  });
}
