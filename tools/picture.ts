/**
 * Writes docs/baton.svg, the picture of the README, from a real run in a real terminal: the counter under baton, its
 * version edited, broken and mended, and asked each time. `deno task picture`
 */
import { Project } from "../tests/e2e/baton.ts";
import { freePort } from "../tests/support/free_port.ts";
import { Terminal } from "../tests/support/terminal.ts";
import { registryFlags } from "./registry_flags.ts";
import { type Shown, terminalSvg } from "./picture/terminal_svg.ts";

const ROOT = new URL("../", import.meta.url).pathname;
const [BATON, SHELL] = [0, 1];
const SHOWN_PORT = 8123;
/** Between two edits: those of a burst are tried together. */
const READING_MS = 2_500;

const shown: Shown[] = [];
const port = freePort();
const source = Deno.readTextFileSync(`${ROOT}examples/counter/main.ts`);

/** As whoever looks at it would have it: a folder of one's own, and the example's port. */
function plain(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\u001b\[\d*[A-HJK]/g, "").replaceAll(
    `file://${project.dir}`,
    "file:///home/you/app",
  )
    .replaceAll(String(port), String(SHOWN_PORT)).replaceAll("\r", "");
}

function note(pane: number, text: string): void {
  shown.push({ atMs: performance.now(), pane: pane!, text });
}

/** Notes the lines of baton's terminal as they come. */
let noted = 0;
function hear(): void {
  const lines = plain(terminal.shown).split("\n");
  for (; noted < lines.length - 1; noted++) note(BATON!, lines[noted]!);
}

async function ask(): Promise<void> {
  note(SHELL!, `$ curl localhost:${SHOWN_PORT}`);
  note(SHELL!, await (await fetch(`http://127.0.0.1:${port}/`)).text());
}

async function edit(said: string, text: string, answered: string): Promise<void> {
  await rest(READING_MS);
  note(SHELL!, said);
  const since = terminal.shown.length;
  project.write("main.ts", text);
  await terminal.shows(answered, since);
  await rest(300);
}

/** Long enough to be read. */
function rest(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

const versioned = (version: number) =>
  source.replace("../../mod.ts", `${ROOT}mod.ts`).replace("VERSION = 1", `VERSION = ${version}`);
using project = new Project({ "main.ts": versioned(1) });
const flags = (await registryFlags()).map((flag) => flag.replace("=tools/", `=${ROOT}tools/`));
const baton = [Deno.execPath(), "run", "-A", "--quiet", "--no-lock", ...flags, `${ROOT}cli.ts`];
await using terminal = new Terminal(
  [...baton, "--", "deno", "run", "-A", "main.ts"],
  project.dir,
  { NO_COLOR: "", TERM: "xterm-256color", RUST_BACKTRACE: "0", PORT: String(port) },
);
await terminal.resize(100);
note(BATON!, "$ baton -- deno run -A main.ts");
const listening = setInterval(hear, 5);
await terminal.shows("is ready");
await terminal.shows("Watches");
await ask();
await ask();
await edit("$ sed -i 's/VERSION = 1/VERSION = 2/' main.ts", versioned(2), "Generation 2 runs");
await ask();
await edit(
  "$ echo 'const = (' >>main.ts",
  `${versioned(2)}const = (\n`,
  "generation 2 goes on serving",
);
await ask();
await edit(
  "$ sed -i '/^const = (/d; s/VERSION = 2/VERSION = 3/' main.ts",
  versioned(3),
  "Generation 4 runs",
);
await ask();
clearInterval(listening);
hear();
await terminal.type("\x03");
await terminal.end();

const trimmed = shown.map((line) => ({ ...line, text: line.text.trimEnd() }))
  .filter(({ text }) => text !== "");
const rows = (pane: number) => trimmed.filter((line) => line.pane === pane).length;
for (const { atMs, pane, text } of trimmed) console.error(Math.round(atMs), pane, text);
Deno.writeTextFileSync(
  `${ROOT}docs/baton.svg`,
  terminalSvg(
    [{ title: "baton", rows: rows(BATON!) + 6 }, { title: "meanwhile", rows: rows(SHELL!) }],
    trimmed,
    "A counter under baton: after an edit the count goes on, and after a broken one the old version serves",
  ),
);
