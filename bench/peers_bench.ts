/**
 * Runs one program under baton and its peers, saves it in several ways, and prints what became of it as
 * the table of the README: `deno task bench:peers`.
 */
import { table } from "../tools/markdown_table.ts";
import { pause } from "../tests/support/pause.ts";
import { findTools, type Tool } from "./peers/tools.ts";
import { Trial } from "./peers/trial.ts";

const HEAD = [
  "tool",
  "state",
  "after a syntax error",
  "touched",
  "saved unchanged",
  "formatted 30 ms later",
  "old child",
  "old daemon",
];

async function startsBy(trial: Trial, act: () => void | Promise<void>): Promise<number> {
  const before = trial.starts;
  await act();
  await trial.quiet();
  return trial.starts - before;
}

/** What is left of the first generation once the second serves. */
async function left(tool: Tool): Promise<string[]> {
  await using trial = new Trial(tool, { children: true });
  await trial.begin();
  trial.write(trial.version(2));
  await trial.serves(2);
  await trial.quiet();
  if (trial.starts === 1) return ["is its own", "is its own"]; // It was never another process.
  const found = [trial.processes("child"), trial.processes("daemon")];
  return found.map(({ length }) => length > 1 ? "lives on" : "is gone");
}

async function row(tool: Tool): Promise<string[]> {
  await using trial = new Trial(tool);
  await trial.begin();
  const before = (await trial.serves(1)).count;
  trial.write(trial.version(2));
  const after = (await trial.serves(2)).count;
  await trial.quiet();

  const touched = await startsBy(trial, () => trial.touch());
  const unchanged = await startsBy(trial, () => trial.write(trial.version(2)));
  const formatted = await startsBy(trial, async () => {
    trial.write(`${trial.version(3)}\n\n\n`);
    await pause(30);
    trial.write(trial.version(3));
  });
  await trial.serves(3);

  trial.write(`${trial.version(4)}\nconst = (`);
  await trial.quiet();
  const serves = await trial.ask() !== null;
  return [
    `${tool.name} ${tool.version}`,
    after > before ? "goes on" : "is lost",
    serves ? "the old version serves" : "nobody answers",
    ...[touched, unchanged, formatted].map((starts) =>
      starts === 1 ? "1 start" : `${starts} starts`
    ),
    ...await left(tool),
  ];
}

const rows: string[][] = [];
for (const tool of await findTools()) {
  console.error(tool.name);
  try {
    rows.push(await row(tool));
  } catch (error) {
    console.error(`${tool.name} is left out: ${error}`);
  }
}
console.log(table(HEAD, rows));
