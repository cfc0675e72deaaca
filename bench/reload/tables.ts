/** The tables and the plot of docs/reload-or-restart.md, from the raw results. */

export interface Replayed {
  readonly package: string;
  readonly commit: string;
  readonly tool: string;
  readonly ms?: number;
  readonly told?: string | null;
  readonly wrong?: number;
  readonly untouched?: boolean;
  readonly failed?: string;
}

export interface Timed {
  readonly tool: string;
  readonly edits: number;
  readonly ms: number;
  readonly p95: number;
  readonly cpuMs: number;
  readonly right: number;
  readonly grownKiB: number;
}

/** An edit of a running program, by `programs.py`. */
export interface Edited {
  readonly program: string;
  readonly way: string;
  readonly ms: number;
  /** Whether the machine did nothing else: its times count. */
  readonly quiet: boolean;
  readonly told: string | null;
  readonly right: boolean;
  /** Whether the program was started again. */
  readonly restarted: boolean;
  /** Whether the program goes on with its state. */
  readonly kept: boolean;
  readonly residentKiB: { readonly program: number; readonly baton?: number };
}

const NAMES: Readonly<Record<string, string>> = {
  Plain: "`importlib.reload` of what changed",
  Topological: "`importlib.reload`, in order of imports",
  Autoreload: "IPython `%autoreload 2`",
  Jurigged: "jurigged",
  Baton: "baton, reload",
  LokyKilled: "loky, `kill_workers=True`",
  LokyNew: "loky, `reuse=False`",
  Execv: "`os.execv`",
  Restart: "stop and start",
  BatonSequential: "baton, sequential",
  BatonOverlapped: "baton, overlapped",
  BatonStandby: "baton, overlapped, from standby",
  BatonReload: "baton, reload, by a rule",
  BatonRecycle: "baton, recycle, by a rule",
};
const OUTCOMES = ["right", "told", "silent", "failed"] as const;
type Outcome = typeof OUTCOMES[number];
const COLORS: Readonly<Record<Outcome, string>> = {
  right: "#2e7d32",
  told: "#f9a825",
  silent: "#b71c1c",
  failed: "#757575",
};

export function outcomeOf({ failed, told, wrong }: Replayed): Outcome {
  if (failed !== undefined) return "failed";
  if (typeof told === "string") return "told";
  return wrong === 0 ? "right" : "silent";
}

/** The value that so large a part of them is not above. */
function quantile(values: readonly number[], part: number): string {
  const sorted = values.toSorted((one, other) => one - other);
  const found = sorted[Math.floor(sorted.length * part)];
  return found === undefined ? "" : String(Math.round(found));
}

function median(values: readonly number[]): string {
  return quantile(values, 0.5);
}

function share(count: number, all: number): string {
  return `${count} (${Math.round(100 * count / all)} %)`;
}

/** Those commits alone that every tool was tried on. */
export function comparable(lines: readonly Replayed[]): Replayed[] {
  const tools = new Set(lines.map(({ tool }) => tool));
  const byCommit = Map.groupBy(lines, ({ package: name, commit }) => `${name} ${commit}`);
  return [...byCommit.values()].filter((each) => each.length === tools.size).flat();
}

function count(lines: readonly Replayed[], outcome: Outcome): number {
  return lines.filter((line) => outcomeOf(line) === outcome).length;
}

function ordered(lines: readonly Replayed[]): [string, Replayed[]][] {
  const byTool = Map.groupBy(lines, ({ tool }) => tool);
  return Object.keys(NAMES).flatMap((tool): [string, Replayed[]][] => {
    const those = byTool.get(tool);
    return those === undefined ? [] : [[tool, those]];
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

export function replayTable(lines: readonly Replayed[]): string {
  const head = [
    "way",
    "commits",
    "right",
    "wrong, and told",
    "silently wrong",
    "could not run",
    "ms, median",
  ];
  const rows = ordered(lines).map(([tool, those]) => [
    NAMES[tool]!,
    String(those.length),
    share(count(those, "right"), those.length),
    share(count(those, "told"), those.length),
    share(count(those, "silent"), those.length),
    String(count(those, "failed")),
    median(those.filter((line) => outcomeOf(line) === "right").map(({ ms }) => ms ?? 0)),
  ]);
  return table(head, rows);
}

export function packageTable(lines: readonly Replayed[]): string {
  const packages = [...new Set(lines.map((line) => line.package))];
  const rows = ordered(lines).map(([tool, those]) => [
    NAMES[tool]!,
    ...packages.map((name) => {
      const of = those.filter((line) => line.package === name);
      return `${count(of, "right")}, ${count(of, "told")}, ${count(of, "silent")} of ${of.length}`;
    }),
  ]);
  return table(["right, told, silent", ...packages], rows);
}

/** Of all commits that baton was tried on, also where not every other way was. */
export function batonTable(lines: readonly Replayed[]): string {
  const those = lines.filter(({ tool }) => tool === "Baton");
  const packages = [...new Set(those.map((line) => line.package))];
  const rows = [...packages, null].map((name) => {
    const of = those.filter((line) => name === null || line.package === name);
    return [
      name ?? "all",
      String(of.length),
      share(count(of, "right"), of.length),
      share(count(of, "told"), of.length),
      share(count(of, "silent"), of.length),
      String(of.filter((line) => outcomeOf(line) === "told" && line.untouched !== true).length),
    ];
  });
  return table(
    [
      "package",
      "commits",
      "taken, and right",
      "refused or failed",
      "silently wrong",
      "not put back",
    ],
    rows,
  );
}

/** Without names, files and numbers. */
function kindOf(reason: string): string {
  return reason.replace(/^Cannot reload in place: /, "").replace(/; restart the program$/, "")
    .replace(/"[^"]*", line \d+:? ?(\(of the old source\) )?/g, "").replace(/"[^"]*"/g, "…")
    .replace(/\b\d+\b/g, "N");
}

export function reasonTable(lines: readonly Replayed[]): string {
  const told = lines.filter((line) => line.tool === "Baton" && outcomeOf(line) === "told");
  const kinds = Map.groupBy(told, ({ told }) => kindOf(told ?? ""));
  const rows = [...kinds].toSorted(([, one], [, other]) => other.length - one.length)
    .map(([kind, those]) => [String(those.length), kind]);
  return table(["commits", "why baton refused"], rows);
}

export function latencyTable(lines: readonly Timed[]): string {
  const head = [
    "way",
    "edits",
    "held function is new",
    "ms, median",
    "p95",
    "of it processor",
    "memory grown",
  ];
  return table(
    head,
    lines.map((line) => [
      NAMES[line.tool]!,
      String(line.edits),
      String(line.right),
      line.ms.toFixed(1),
      line.p95.toFixed(1),
      line.cpuMs.toFixed(1),
      `${line.grownKiB} KiB`,
    ]),
  );
}

/** How soon each way is in effect, where it is right: the median, and p95. */
export function timesTable(lines: readonly Edited[]): string {
  return byProgram("ms, median and p95", lines, (of) => {
    const times = of.filter(({ right, quiet }) => right && quiet).map(({ ms }) => ms);
    return times.length === 0 ? "" : `${median(times)}, ${quantile(times, 0.95)}`;
  });
}

/** What became of the edits of each program. */
export function programTable(lines: readonly Edited[]): string {
  return byProgram(
    "right, told, silent",
    lines,
    (of) => {
      const right = of.filter((line) => line.right).length;
      const told = of.filter((line) => !line.right && line.told !== null).length;
      return of.length === 0 ? "" : `${right}, ${told}, ${of.length - right - told}`;
    },
    ["started again", "state kept"],
    (of) => [
      of.every(({ restarted }) => restarted)
        ? "yes"
        : of.some(({ restarted }) => restarted)
        ? "some"
        : "no",
      of.every(({ kept }) => kept) ? "yes" : "no",
    ],
  );
}

/** How much larger a program is after its last edit than after its tenth, and baton where it runs under it. */
export function memoryTable(lines: readonly Edited[]): string {
  const rows = Object.entries(NAMES).flatMap(([way, name]) => {
    const those = lines.filter((line) => line.way === way);
    const [first, last] = [those[9], those.at(-1)];
    if (first === undefined || last === undefined) return [];
    const grown = (who: "program" | "baton") => {
      const [before, after] = [first.residentKiB[who], last.residentKiB[who]];
      return before === undefined || after === undefined ? "" : `${after - before} KiB`;
    };
    const right = those.filter((line) => line.right).length;
    return [[
      name,
      last.program,
      String(those.length),
      String(right),
      grown("program"),
      grown("baton"),
    ]];
  });
  return table(["way", "program", "edits", "right", "the program has grown by", "baton by"], rows);
}

function byProgram(
  title: string,
  lines: readonly Edited[],
  cellOf: (lines: readonly Edited[]) => string,
  more: readonly string[] = [],
  moreOf: (lines: readonly Edited[]) => readonly string[] = () => [],
): string {
  const programs = [...new Set(lines.map(({ program }) => program))];
  const rows = Object.entries(NAMES).flatMap(([way, name]) => {
    const those = lines.filter((line) => line.way === way);
    if (those.length === 0) return [];
    const cells = programs.map((program) =>
      cellOf(those.filter((line) => line.program === program))
    );
    return [[name, ...cells, ...moreOf(those)]];
  });
  return table([title, ...programs, ...more], rows);
}

export function plot(lines: readonly Replayed[]): string {
  return bars(ordered(lines).map(([tool, those]) => [tool, those.map(outcomeOf)]));
}

/** The same of the edits of running programs, all of them together. */
export function programPlot(lines: readonly Edited[]): string {
  const byWay = Map.groupBy(lines, ({ way }) => way);
  return bars(
    Object.keys(NAMES).filter((way) => byWay.has(way)).map((way) => [
      way,
      byWay.get(way)!.map(({ right, told }): Outcome =>
        right ? "right" : told === null ? "silent" : "told"
      ),
    ]),
  );
}

const LEGEND: Readonly<Record<Outcome, string>> = {
  right: "right",
  told: "wrong, told",
  silent: "silently wrong",
  failed: "could not run",
};

function bars(rows: readonly (readonly [string, readonly Outcome[]])[]): string {
  const drawn = rows.map(([tool, outcomes], row) => {
    let x = 260;
    const parts = OUTCOMES.map((outcome) => {
      const width = 420 * outcomes.filter((each) => each === outcome).length / outcomes.length;
      const part = `<rect x="${x.toFixed(1)}" y="${40 + row * 34}" width="${
        width.toFixed(1)
      }" height="22" fill="${COLORS[outcome]}"/>`;
      x += width;
      return part;
    });
    const name = NAMES[tool]!.replaceAll("`", "");
    return `<text x="252" y="${56 + row * 34}" text-anchor="end">${name}</text>${parts.join("")}`;
  });
  const legend = OUTCOMES.map((outcome, at) =>
    `<rect x="${260 + at * 110}" y="12" width="12" height="12" fill="${COLORS[outcome]}"/>` +
    `<text x="${278 + at * 110}" y="22">${LEGEND[outcome]}</text>`
  );
  const height = 50 + drawn.length * 34;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 ${height}" font-family="sans-serif" font-size="13">` +
    `<rect width="700" height="${height}" fill="#fff"/>${legend.join("")}${drawn.join("")}</svg>\n`;
}
