/**
 * Replaces each answer of the table in `lib/decide/table.ts` by `ignore`, one at a time, and demands that a
 * test in `tests/decide/` fails: an answer that nothing misses is one that nobody needs, or that a test is
 * missing for. Tests by chance do not count.
 */
import { expandGlobSync } from "@std/fs/expand-glob";
import { fromFileUrl, toFileUrl } from "@std/path";
import { COLUMNS, TABLE } from "../lib/decide/table.ts";
import type { Event } from "../lib/decide/event.ts";
import type { StateName } from "../lib/decide/state.ts";
import { ignore } from "../lib/decide/transition.ts";

interface Test {
  readonly name: string;
  readonly run: () => void;
}

async function collect(): Promise<Test[]> {
  const tests: Test[] = [];
  const given = Deno.test;
  const register = (name: string, run: () => void) => void tests.push({ name, run });
  Object.defineProperty(Deno, "test", { value: register, configurable: true, writable: true });
  const root = fromFileUrl(new URL("../tests/decide/", import.meta.url));
  for (const { path } of expandGlobSync("*_test.ts", { root, exclude: ["*_property_test.ts"] })) {
    await import(toFileUrl(path).href);
  }
  Object.defineProperty(Deno, "test", { value: given });
  return tests;
}

function passes({ run }: Test): boolean {
  try {
    run();
    return true;
  } catch {
    return false; // whatever it is: the answer was missed
  }
}

/** Whether some test fails while this answer is `ignore`. */
function isMissed(tests: readonly Test[], type: Event["type"], state: StateName): boolean {
  const row = TABLE[type] as unknown as unknown[];
  const column = COLUMNS.indexOf(state);
  const answer = row[column];
  row[column] = ignore;
  try {
    return tests.some((test) => !passes(test));
  } finally {
    row[column] = answer;
  }
}

const tests = await collect();
const broken = tests.filter((test) => !passes(test)).map(({ name }) => name);
if (broken.length > 0) {
  console.error(`These tests fail as it is: ${broken.join(", ")}`);
  Deno.exit(1);
}
const answers = Object.entries(TABLE).flatMap(([type, row]) =>
  COLUMNS.filter((_, column) => row[column] as unknown !== ignore)
    .map((state) => [type as Event["type"], state] as const)
);
const unmissed = answers.filter(([type, state]) => !isMissed(tests, type, state))
  .map(([type, state]) => `${type} × ${state}`);
for (const answer of unmissed) console.error(`No test in tests/decide misses the answer ${answer}`);
console.log(
  `${answers.length - unmissed.length} of ${answers.length} answers are missed by a test`,
);
Deno.exit(unmissed.length === 0 ? 0 : 1);
