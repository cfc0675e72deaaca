import { assert, assertEquals } from "@std/assert";
import { psTable } from "../../../lib/platform/posix/ps_table.ts";

const PRINTED = `    1     0     1 Ss   Sat Nov 28 07:58:00 2026 /sbin/launchd
  412     1   412 S    Sat Nov 28 16:05:20 2026 /usr/bin/python3 app.py -x A=B HOME=/Users/me BATON_RUN=a-b BATON_GENERATION=3
  413   412   412 T    Sat Nov  1 16:05:21 2026 /bin/sh -c sleep
  414   412   412 Z    Sat Nov 28 16:05:21 2026 <defunct>
`;

/** A table of what is printed, and how often `ps` was run for it. */
function printing(text: string) {
  const runs: (readonly string[])[] = [];
  const table = psTable((args) => {
    runs.push(args);
    return text;
  });
  return { table, runs };
}

Deno.test("what ps of macOS prints is read, with the environment behind the command", () => {
  const { table } = printing(PRINTED);
  assertEquals(table.list(new Set([1])).map(({ pid }) => pid), [412, 413]);
  const { startedAt, ...program } = table.look(412)!;
  assertEquals(startedAt, new Date(2026, 10, 28, 16, 5, 20).getTime());
  assertEquals([program.parent, program.group, program.stoppedBy], [1, 412, null]);
  assertEquals(table.look(413)!.stoppedBy, "signal");
  assertEquals(table.look(414), null);
  const environment = table.environment(412);
  assert(environment.includes("BATON_RUN=a-b") && environment.includes("BATON_GENERATION=3"));
  assertEquals(table.environment(413), []);
});

Deno.test("ps is run once for all that is asked in one turn, and a list looks anew", async () => {
  const { table, runs } = printing(PRINTED);
  for (const pid of [1, 412, 413, 414, 999]) table.look(pid);
  table.environment(412);
  assertEquals(runs.length, 1);
  table.list(new Set());
  table.look(412);
  assertEquals(runs.length, 2);
  await Promise.resolve();
  table.look(412);
  assertEquals(runs.length, 3);
});

Deno.test("ps of this machine shows this process, and what it was started with", async () => {
  const child = new Deno.Command("sleep", { args: ["100"], env: { MARK: "seen" } }).spawn();
  try {
    const table = psTable();
    assertEquals(table.look(child.pid)!.parent, Deno.pid);
    assert(table.environment(child.pid).includes("MARK=seen"));
    assertEquals(table.commandLine(child.pid).replace(/^.*\//, ""), "sleep 100");
  } finally {
    child.kill("SIGKILL");
    await child.status;
  }
  assertEquals(psTable().look(child.pid), null);
});
