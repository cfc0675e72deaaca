/** The ticker example: a shell script that goes on counting, by a signal and a file. */
import { assertEquals } from "@std/assert";
import { waitUntil } from "../support/wait_until.ts";
import { Baton, Project } from "./baton.ts";

const source = Deno.readTextFileSync(new URL("../../examples/ticker.sh", import.meta.url));

/** Every tick printed so far: the word, and the count. */
function ticks(stdout: string): { word: string; count: number }[] {
  return stdout.trimEnd().split("\n").filter((line) => line !== "").map((line) => {
    const [word, count] = line.split(" ");
    return { word: word!, count: Number(count) };
  });
}

Deno.test("ticker.sh goes on counting over 5 restarts, each with another word", async () => {
  using project = new Project({ "ticker.sh": source });
  Deno.chmodSync(project.path("ticker.sh"), 0o755);
  await using baton = new Baton(project, ["./ticker.sh"], { env: { TICK_SECONDS: "0.05" } });
  await baton.up();
  let word = "tick";
  for (const next of ["tock", "ding", "dong", "bim", "bam"]) {
    await baton.line(new RegExp(`^${word} `, "m"));
    project.replace("ticker.sh", `word=${word}`, `word=${next}`);
    word = next;
  }
  await waitUntil(
    "the last word ticks on",
    () => ticks(baton.stdout).filter((tick) => tick.word === "bam").length > 2,
    { withinMs: 10_000 },
  );
  assertEquals(await baton.stop(), 0);
  const counts = ticks(baton.stdout).map(({ count }) => count);
  assertEquals(counts, counts.map((_, at) => at + 1));
});
