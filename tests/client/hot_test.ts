/** Modules that are swapped while the program runs: on Deno, on Node and on Bun, from the bundle that these get. */
import { assertEquals } from "@std/assert";
import { findOnPath } from "../../tools/find_on_path.ts";

const client = new URL("../../lib/client/mod.ts", import.meta.url).pathname;

const DRAW = `
import { unit } from "./unit.mjs";
export const state = { scroll: 0 };
export const size = 1;
export function draw() { state.scroll += 1; return "old " + state.scroll + unit; }
export class Shape { area() { return 1; } }
`;

/** Each step edits files and says what the reload is to say: nothing, or words of the reason. */
const MAIN = `
import { writeFileSync } from "node:fs";
import process from "node:process";
import { hot, onReload, reload, reloadError } from "CLIENT";
const folder = new URL(".", import.meta.url).pathname;
const gui = await hot(() => import("./draw.mjs"), { keep: ["state"] });
const { draw } = gui;
const Shape = gui.Shape;
const told = [];
onReload((error) => told.push(error));
const said = [];
async function step(files, text) {
  for (const [name, content] of Object.entries(files)) writeFileSync(folder + name, content);
  const done = await reload();
  said.push(text + ": " + done + " " + draw() + " " + gui.size + " " + (reloadError() ?? ""));
}
const base = DRAW;
draw();
await step({}, "nothing");
const second = base.replace("old ", "new ").replace("size = 1", "size = 2");
await step({ "draw.mjs": second }, "edit");
await step({ "draw.mjs": second + "(" }, "syntax");
await step({ "draw.mjs": second + "\\nundefined_name;" }, "throws");
await step({ "draw.mjs": second.replace("return 1;", "return 2;") }, "class");
await step({ "draw.mjs": second + "\\nsetInterval(() => {}, 1000);" }, "timer");
await step({ "draw.mjs": second, "unit.mjs": "export const unit = 'pt';" }, "import");
await step({ "draw.mjs": second, "unit.mjs": "export const unit = 'px';", "main_part.mjs": "import './other.mjs';", "other.mjs": "\\nimport { size } from './draw.mjs';" }, "unimported");
const ball = "const speed = 1; export class Ball { move() { return speed; } }";
writeFileSync(folder + "ball.mjs", ball);
await hot(() => import("./ball.mjs"));
await step({ "ball.mjs": ball.replace("1", "2") }, "named");
said.push(String(gui.Shape === Shape), String(told.length));
console.log(JSON.stringify(said));
process.exit(0);
`;

async function run(
  command: (folder: string) => string[],
  clientFile: string,
  more = "",
): Promise<string[]> {
  const folder = await Deno.makeTempDir({ prefix: "baton-hot-" });
  try {
    await Deno.writeTextFile(`${folder}/draw.mjs`, DRAW);
    await Deno.writeTextFile(`${folder}/unit.mjs`, "export const unit = 'px';");
    const main = MAIN.replace("CLIENT", clientFile).replace("= DRAW", `= ${JSON.stringify(DRAW)}`);
    await Deno.writeTextFile(`${folder}/main.mjs`, more + main);
    const [program, ...args] = command(`${folder}/main.mjs`);
    const { stdout, stderr } = await new Deno.Command(program!, { args, cwd: folder }).output();
    const text = new TextDecoder().decode(stdout);
    assertEquals(text.startsWith("["), true, text + new TextDecoder().decode(stderr));
    return (JSON.parse(text) as string[]).map((line) => line.replaceAll(folder, ""));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function check(said: string[]): void {
  const parts = (at: number) => said[at]!.split(" ").slice(0, 5).join(" ").trim();
  assertEquals(parts(0), "nothing: true old 2px 1");
  assertEquals(parts(1), "edit: true new 3px 2");
  assertEquals(parts(2), "syntax: false new 4px 2");
  assertEquals(parts(3), "throws: false new 5px 2");
  assertEquals(said[3]!.includes("undefined_name"), true);
  assertEquals(parts(4), "class: false new 6px 2");
  assertEquals(said[4]!.includes('the class "Shape"'), true);
  assertEquals(parts(5), "timer: false new 7px 2");
  assertEquals(said[5]!.includes("setInterval()"), true);
  assertEquals(parts(6), "import: false new 8px 2");
  assertEquals(said[6]!.includes("/unit.mjs"), true);
  assertEquals(parts(7), "unimported: true new 9px 2");
  assertEquals(parts(8), "named: false new 10px 2");
  assertEquals(said[8]!.includes('the class "Ball"'), true);
  assertEquals(said.slice(9), ["true", "9"]);
}

async function bundled(): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".mjs" });
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "-o", file, client],
  }).output();
  assertEquals(success, true, new TextDecoder().decode(stderr));
  return file;
}

Deno.test("a hot module is swapped, or refused with the reason: Deno", async () => {
  check(await run((main) => [Deno.execPath(), "run", "-A", main], client));
});

for (const [name, args] of [["node", []], ["bun", ["run"]]] as const) {
  const program = findOnPath(name);
  Deno.test({
    name: `a hot module is swapped, or refused with the reason: ${name}`,
    ignore: program === null,
    async fn() {
      const file = await bundled();
      try {
        check(await run((main) => [program!, ...args, main], file));
      } finally {
        await Deno.remove(file);
      }
    },
  });
}

Deno.test("a module that is also imported by a static import is refused, by file and line", async () => {
  const said = await run(
    (main) => [Deno.execPath(), "run", "-A", main],
    client,
    "\nimport * as elsewhere from './draw.mjs';\nvoid elsewhere;\n",
  );
  assertEquals(said[1]!.startsWith("edit: false old 3px 1"), true, said[1]!);
  assertEquals(said[1]!.includes('"/main.mjs", line 2 imports "./draw.mjs"'), true, said[1]!);
});
