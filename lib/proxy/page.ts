import { stripAnsiCode } from "@std/fmt/colors";
import { duration } from "../report/quantity.ts";
import { withoutControl } from "../report/control.ts";
import type { Message } from "../report/message.ts";
import { sentencesOf } from "../report/sentences.ts";
import type { Answer } from "./answer.ts";
import { listOf, type RequestHead } from "./head.ts";
import type { Known } from "./known.ts";

/** What comes of a request that was held for `holdMs`, and nobody served. */
export function heldPage(request: RequestHead, known: Known, holdMs: number): Answer {
  return page(request, known, 503, `Nobody has served for ${duration(holdMs)}`);
}

/** What comes of a request whose program is gone. */
export function failurePage(request: RequestHead, known: Known, what: string): Answer {
  return page(request, known, 502, what);
}

function page(request: RequestHead, known: Known, status: number, what: string): Answer {
  const reasons = messagesOf(known);
  const fields = [
    ["Cache-Control", "no-store"],
    ...status === 503 ? [["Retry-After", "1"] as const] : [],
  ] as const;
  if (!listOf(request.fields, "accept").some((type) => type.startsWith("text/html"))) {
    const text = [what, ...reasons.flatMap(linesOf)].join("\n");
    return {
      status,
      fields: [["Content-Type", "text/plain; charset=utf-8"], ...fields],
      body: `${text}\n`,
    };
  }
  const parts = reasons.map(({ what, lines = [], next }) =>
    [
      `<p>${escaped(what)}</p>`,
      lines.length === 0 ? "" : `<pre>${escaped(lines.join("\n"))}</pre>`,
      next === undefined ? "" : `<p>Next: ${escaped(next)}</p>`,
    ].join("\n")
  );
  return {
    status,
    fields: [["Content-Type", "text/html; charset=utf-8"], ...fields],
    body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escaped(what)}</title>
<style>body { font: 16px/1.5 system-ui; margin: 3em auto; max-width: 50em; padding: 0 1em }
pre { overflow-x: auto; padding: 1em; background: #8882 }</style>
<h1>${escaped(what)}</h1>
${parts.join("\n")}
</html>
`,
  };
}

/** What baton told of the failure, as it told it. */
function messagesOf({ failure }: Known): readonly Message[] {
  if (failure === null) return [];
  const view = {
    cwd: "",
    interactive: false,
    onTerminal: false,
    now: 0,
    causeOf: () => undefined,
  };
  return sentencesOf(failure, view);
}

function linesOf({ what, lines = [], next }: Message): string[] {
  return [what, ...lines.map((line) => `  ${line}`), ...next === undefined ? [] : [`Next: ${next}`]]
    .map(bare);
}

function bare(text: string): string {
  return withoutControl(stripAnsiCode(text));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** As text of a page: what a program printed is shown, and never obeyed. */
export function escaped(text: string): string {
  return bare(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
