import { duration } from "../report/quantity.ts";
import type { Answer } from "./answer.ts";
import type { Trouble } from "./browser/overview.ts";
import { listOf, type RequestHead } from "./head.ts";

/** What a page of baton's own is made of. */
export interface PageSource {
  /** Why nobody may serve. */
  troubles(): readonly Trouble[];
  /**
   * By which the page comes back when a version serves, unless it answers what was sent, and may have been heard;
   * empty where pages are to have none.
   */
  scriptTag(isAnswer: boolean): string;
}

/** What comes of a request that was held for `holdMs`, and nobody served. */
export function heldPage(request: RequestHead, source: PageSource, holdMs: number): Answer {
  return page(request, source, 503, `Nobody has served for ${duration(holdMs)}`);
}

/** What comes of a request whose program is gone. */
export function failurePage(request: RequestHead, source: PageSource, what: string): Answer {
  return page(request, source, 502, what);
}

function page(request: RequestHead, source: PageSource, status: number, what: string): Answer {
  const troubles = source.troubles();
  const fields = [
    ["Cache-Control", "no-store"],
    ...status === 503 ? [["Retry-After", "1"] as const] : [],
  ] as const;
  if (!listOf(request.fields, "accept").some((type) => type.startsWith("text/html"))) {
    const text = [what, ...troubles.flatMap(linesOf)].join("\n");
    return {
      status,
      fields: [["Content-Type", "text/plain; charset=utf-8"], ...fields],
      body: `${text}\n`,
    };
  }
  return {
    status,
    fields: [["Content-Type", "text/html; charset=utf-8"], ...fields],
    body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${source.scriptTag(status === 502 && request.method !== "GET")}
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escaped(what)}</title>
<style>body { font: 16px/1.5 system-ui; margin: 3em auto; max-width: 50em; padding: 0 1em }
pre { overflow-x: auto; padding: 1em; background: #8882 }</style>
</head>
<body>
<h1>${escaped(what)}</h1>
${troubles.map(partOf).join("\n")}
</body>
</html>
`,
  };
}

function partOf({ what, place, lines, next }: Trouble): string {
  return [
    `<p>${escaped(what)}</p>`,
    place === null ? "" : `<p>${escaped(`${place.file}, line ${place.line}`)}</p>`,
    lines.length === 0 ? "" : `<pre>${escaped(lines.join("\n"))}</pre>`,
    next === null ? "" : `<p>Next: ${escaped(next)}</p>`,
  ].filter((part) => part !== "").join("\n");
}

function linesOf({ what, lines, next }: Trouble): string[] {
  return [what, ...lines.map((line) => `  ${line}`), ...next === null ? [] : [`Next: ${next}`]];
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
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
