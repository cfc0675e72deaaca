/**
 * The rules of the house that hold beyond `lib/`: names, sizes, nothing swallowed, and nothing that only
 * means something on one machine. As a program it prints what breaks them.
 */
import { place, readSources, type Source, withoutComments } from "./source.ts";

const LONGEST_LINES = 250;
const MEDIAN_LINES = 100;

/** Lines of code that a client in the program's own language has fewer of. */
const CLIENT_LINES = 400;
/** Its folder and its own files: no tests, no examples. */
const CLIENT = /^(clients\/(?:go(?=\/[^/]+(?<!_test)\.go$)|ruby(?=\/lib\/)|rust(?=\/src\/)))/;

const SNAKE_CASE = /(^|\/)[a-z0-9]+(_[a-z0-9]+)*\.ts$/;
const VAGUE = /(^|\/)(utils?|helpers?|misc|common)(\.ts|\/)/;
const EMPTY_CATCH = /\bcatch\s*(?:\([^)]*\))?\s*\{\s*\}|\.catch\(\s*\([^)]*\)\s*=>\s*\{\s*\}\s*\)/g;
const ONE_MACHINE = /(?<![\w}.])\/(?:root|work)\/|\/home\/(?!(?:me|you)\b)\w+/g;

function lineCount(text: string): number {
  return text.trimEnd().split("\n").length;
}

function isProduct(path: string): boolean {
  return path === "cli.ts" || path === "mod.ts" || path.startsWith("lib/");
}

function* sizeRules(sources: readonly Source[]): Generator<string> {
  const sizes = sources.map(({ path, text }) => ({ path, lines: lineCount(text) }))
    .sort((a, b) => a.lines - b.lines);
  for (const { path, lines } of sizes) {
    if (lines > LONGEST_LINES) yield `${path}: ${lines} lines, at most ${LONGEST_LINES}`;
  }
  const median = sizes[Math.floor(sizes.length / 2)];
  if (median && median.lines >= MEDIAN_LINES) {
    yield `lib: the median file has ${median.lines} lines, it must be under ${MEDIAN_LINES}`;
  }
}

/** Without blank lines and comments, and without the tests that a file in Rust ends with. */
function codeLineCount(text: string): number {
  const lines = text.split(/^#\[test\]$/m)[0]!.split("\n");
  return lines.filter((line) => !/^\s*(\/\/|#(?!\[)|$)/.test(line)).length;
}

function* clientRules(sources: readonly Source[]): Generator<string> {
  const clients = Map.groupBy(sources, ({ path }) => CLIENT.exec(path)?.[1]);
  for (const [client, files] of clients) {
    if (client === undefined) continue;
    const lines = files.reduce((sum, { text }) => sum + codeLineCount(text), 0);
    if (lines >= CLIENT_LINES) {
      yield `${client}: ${lines} lines of code, it must be under ${CLIENT_LINES}`;
    }
  }
}

function* nameRules({ path }: Source): Generator<string> {
  if (!SNAKE_CASE.test(path)) yield `${path}: is not in snake_case`;
  if (VAGUE.test(path)) yield `${path}: is not named after a concept`;
}

function* matches(pattern: RegExp, what: string, path: string, text: string): Generator<string> {
  for (const { index } of text.matchAll(pattern)) yield `${place(path, text, index)}: ${what}`;
}

/** What breaks the rules of the house, as `path:line: what`. */
export function styleViolations(sources: readonly Source[]): string[] {
  const typescript = sources.filter(({ path }) => path.endsWith(".ts"));
  return [
    ...sizeRules(typescript.filter(({ path }) => isProduct(path))),
    ...clientRules(sources),
    ...typescript.flatMap((source) => [...nameRules(source)]),
    ...typescript.flatMap(({ path, text }) => [
      ...matches(EMPTY_CATCH, "catches and says nothing", path, withoutComments(text)),
    ]),
    ...sources.flatMap(({ path, text }) => [
      ...matches(ONE_MACHINE, "names a path of one machine", path, text),
    ]),
  ];
}

if (import.meta.main) {
  const violations = styleViolations(await readSources());
  violations.forEach((violation) => console.error(violation));
  Deno.exit(violations.length === 0 ? 0 : 1);
}
