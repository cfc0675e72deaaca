/** Draws what terminals showed as an SVG: each line appears when it did. */

/** A line of a terminal, with the escape sequences of its colours, and when it came. */
export interface Shown {
  readonly atMs: number;
  readonly pane: number;
  readonly text: string;
}

export interface Pane {
  readonly title: string;
  readonly rows: number;
}

const COLUMNS = 100;
const CHARACTER = 8;
const ROW = 19;
const MARGIN = 14;
const BAR = 30;
/** The longest that a picture waits between two lines. */
const LONGEST_MS = 1_400;
/** How long the last picture stands before the first comes again. */
const REST_MS = 6_000;

const COLORS: Readonly<Record<string, string>> = {
  "1": "bold",
  "2": "dim",
  "31": "red",
  "32": "green",
  "33": "yellow",
  "34": "blue",
  "35": "magenta",
  "36": "cyan",
  "90": "dim",
};

const STYLE = `
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  fill: #d8dee9; white-space: pre }
.title { fill: #8a94a6 }
.bold { font-weight: bold } .dim { fill: #8a94a6 } .red { fill: #ff7b72 } .green { fill: #7ee787 }
.yellow { fill: #f2cc60 } .blue { fill: #79c0ff } .magenta { fill: #d2a8ff } .cyan { fill: #76e3ea }
.prompt { fill: #7ee787 } .typed { fill: #ffffff; font-weight: bold }`;

function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

// deno-lint-ignore no-control-regex
const SEQUENCE = /\u001b\[([\d;]*)m/g;

/** A line with its colours, cut into rows as a terminal wraps it. */
function rowsOf(text: string): string[] {
  const cells: { character: string; classes: string }[] = [];
  let classes = "";
  let at = 0;
  const take = (piece: string) => {
    for (const character of piece) cells.push({ character, classes });
  };
  for (const { index, 0: whole, 1: codes } of text.matchAll(SEQUENCE)) {
    take(text.slice(at, index));
    at = index + whole.length;
    for (const code of codes!.split(";")) {
      const isReset = ["", "0", "22", "39"].includes(code);
      classes = isReset ? "" : `${classes} ${COLORS[code] ?? ""}`.trim();
    }
  }
  take(text.slice(at));
  const rows: string[] = [];
  for (let from = 0; from === 0 || from < cells.length; from += COLUMNS) {
    rows.push(spans(cells.slice(from, from + COLUMNS)));
  }
  return rows;
}

function spans(cells: readonly { character: string; classes: string }[]): string {
  let text = "";
  for (let at = 0; at < cells.length;) {
    const { classes } = cells[at]!;
    let run = "";
    while (at < cells.length && cells[at]!.classes === classes) run += cells[at++]!.character;
    text += classes === "" ? escape(run) : `<tspan class="${classes}">${escape(run)}</tspan>`;
  }
  return text;
}

/** What was typed stands out. */
function marked(row: string): string {
  const typed = /^\$ (.*)$/.exec(row)?.[1];
  return typed === undefined
    ? row
    : `<tspan class="prompt">$</tspan> <tspan class="typed">${typed}</tspan>`;
}

/** When each line appears in the picture: as it came, but nobody waits for long. */
function times(shown: readonly Shown[]): number[] {
  let [before, now] = [shown[0]?.atMs ?? 0, 400];
  return shown.map(({ atMs }) => {
    now += Math.min(Math.max(atMs - before, 0), LONGEST_MS);
    before = atMs;
    return Math.round(now);
  });
}

/**
 * The picture, of panes above one another. Whoever asks for less motion, and whatever cannot animate, sees it at
 * its end.
 */
export function terminalSvg(
  panes: readonly Pane[],
  shown: readonly Shown[],
  label: string,
): string {
  const width = COLUMNS * CHARACTER + 2 * MARGIN;
  const heights = panes.map(({ rows }) => BAR + rows * ROW + MARGIN);
  const tops = heights.map((_, at) => heights.slice(0, at).reduce((sum, one) => sum + one + 10, 0));
  const height = tops.at(-1)! + heights.at(-1)!;
  const at = times(shown);
  const total = at.at(-1)! + REST_MS;
  const used = panes.map(() => 0);
  const texts: string[] = [];
  const keyframes: string[] = [];
  shown.forEach(({ pane, text }, index) => {
    const rows = rowsOf(text);
    const x = MARGIN;
    const lines = rows.map((row) => {
      const y = tops[pane]! + BAR + ++used[pane]! * ROW - 5;
      return `<text x="${x}" y="${y}">${marked(row)}</text>`;
    });
    const percent = (at[index]! / total * 100).toFixed(2);
    texts.push(`<g class="l${index}">${lines.join("")}</g>`);
    keyframes.push(
      `@keyframes k${index} { 0%, ${percent}% { opacity: 0 } ${percent}%, 100% { opacity: 1 } }`,
      `.l${index} { animation: k${index} ${total}ms step-end infinite }`,
    );
  });
  panes.forEach(({ title, rows }, pane) => {
    if (used[pane]! > rows) {
      throw new Error(`"${title}" has ${used[pane]} rows, and room for ${rows}`);
    }
  });
  const frames = panes.map(({ title }, pane) =>
    `<rect x="0.5" y="${tops[pane]! + 0.5}" width="${width - 1}" height="${
      heights[pane]! - 1
    }" rx="8"
  fill="#0d1117" stroke="#30363d"/>
<text class="title" x="${MARGIN}" y="${tops[pane]! + 20}">${escape(title)}</text>`
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img"
  aria-label="${escape(label)}">
<style>${STYLE}
@media (prefers-reduced-motion: no-preference) {
${keyframes.join("\n")}
}
</style>
${frames.join("\n")}
${texts.join("\n")}
</svg>
`;
}
