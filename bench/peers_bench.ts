/**
 * Runs one program under baton and its peers, saves it in several ways, and prints what became of it as
 * the table of the README: `deno run -A $(deno run -A tools/registry_flags.ts) bench/peers_bench.ts`.
 */
import { table } from "../tools/markdown_table.ts";
import { pause } from "../tests/support/pause.ts";
import { findTools, type Tool } from "./peers/tools.ts";
import { Trial } from "./peers/trial.ts";

const FORMATTED_SAVES = 5;

const HEAD = [
  "tool",
  "state kept",
  "a syntax error",
  "after a restart, the old child",
  "and the one that ignores SIGTERM in a session of its own",
  "starts by touch",
  "by an identical save",
  `by ${FORMATTED_SAVES} saves, formatted 30 ms later`,
];

async function startsBy(trial: Trial, act: () => void | Promise<void>): Promise<number> {
  const before = trial.starts;
  await act();
  await trial.quiet();
  return trial.starts - before;
}

async function row(tool: Tool): Promise<string[]> {
  await using trial = new Trial(tool);
  await trial.begin();
  const before = (await trial.serves(1)).count;
  trial.write(trial.version(2));
  const after = (await trial.serves(2)).count;
  await trial.quiet();
  const left = [trial.children("in its group"), trial.children("in a session")];

  const touched = await startsBy(trial, () => trial.touch());
  const identical = await startsBy(trial, () => trial.write(trial.version(2)));
  let formatted = 0;
  for (let version = 3; version < 3 + FORMATTED_SAVES; version++) {
    formatted += await startsBy(trial, async () => {
      trial.write(`${trial.version(version)}\n\n\n`);
      await pause(30);
      trial.write(trial.version(version));
    });
    await trial.serves(version);
  }

  trial.write(`${trial.version(100)}\nconst = (`);
  await trial.quiet();
  const serves = await trial.ask() !== null;
  return [
    `${tool.name} ${tool.version}`,
    after > before ? "yes" : "no",
    serves ? "the old version serves on" : "nobody answers",
    ...left.map(({ length }) => length > 1 ? "lives" : "is gone"),
    ...[touched, identical, formatted].map(String),
  ];
}

const rows: string[][] = [];
for (const tool of await findTools(Trial.file)) {
  console.error(tool.name);
  rows.push(await row(tool));
}
console.log(table(HEAD, rows));
