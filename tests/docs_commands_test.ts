/** Baton's commands and files of settings in the pages: baton takes each as it stands there. */
import { assert } from "@std/assert";
import { parse } from "@std/jsonc";
import { check } from "../lib/configure/check.ts";
import { type Invocation, parseCommandLine } from "../lib/configure/command_line.ts";
import { pages } from "./docs_examples.ts";

/** A line of code that is one, or code in a sentence that is one with words behind it. */
const COMMANDS = /^ {4}(?:\$ )?(?:\w+=\S+ )*baton +(.+)$|`(?:\w+=\S+ )*baton ([^`]+)`/gm;

/** What stands for words of the reader's own, or sets a variable. */
const PLACEHOLDER = /…|\[|^=/;

/** The words of a command, as a shell reads them; up to a comment, or to where the next begins. */
function words(line: string): string[] {
  const found: string[] = [];
  for (const [word] of line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)) {
    if (/^(?:#|&|&&|\||;)/.test(word)) break;
    found.push(word.replaceAll(/'([^']*)'|"([^"]*)"/g, "$1$2"));
  }
  return found;
}

/** What is neither a command of baton's nor a program that it is told to run is a slip. */
function isMeant(args: readonly string[], invocation: Invocation): boolean {
  if (invocation.kind !== "run" || args.includes("--")) return true;
  const { command } = invocation.given;
  return command === undefined || command[0] === "python" || command[0]!.includes(" ");
}

for (const [page, content] of pages) {
  const lines = [...content.matchAll(COMMANDS)].map(([, line, inline]) => line ?? inline!)
    .filter((line) => !PLACEHOLDER.test(line));
  if (lines.length === 0) continue;
  Deno.test(`the commands in ${page} are baton's`, async () => {
    for (const line of new Set(lines)) {
      const args = words(line);
      const invocation = await parseCommandLine(args).catch((error) => {
        throw new Error(`"baton ${line}": ${error.what} in ${error.where}`);
      });
      assert(isMeant(args, invocation), `"baton ${line}" runs "${args[0]}"`);
    }
  });
}

const SETTINGS = /```jsonc?\n(\/\/ baton\.jsonc\n[^]*?|\{\s*"rules"[^]*?)```/g;

Deno.test("the files of settings in the pages are baton's", async () => {
  const files = [...pages].flatMap(([page, content]) =>
    [...content.matchAll(SETTINGS)].map(([, text]) => ({ page, text: text! }))
  );
  assert(files.length >= 2);
  for (const { page, text } of files) {
    const { $schema: _, ...keys } = parse(text) as Record<string, unknown>;
    await check(keys, { where: () => page, name: (key) => `"${key}"` });
  }
});
