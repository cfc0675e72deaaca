import { chromium } from "playwright-core";
import { findOnPath } from "../../tools/find_on_path.ts";
import { Baton, Project } from "../../tests/e2e/baton.ts";

const PROGRAM = new URL("../../tests/fixtures/serves_pages.mjs", import.meta.url);

/**
 * Saves a Node program without imports, with its page open in Chromium. Milliseconds from `ready` until the page shows
 * the new version, for each save; null without Chromium.
 */
export async function readyToShown(saves: number): Promise<number[] | null> {
  const executablePath = findOnPath("chromium");
  if (executablePath === null) return null;
  using project = new Project({
    "app.mjs": Deno.readTextFileSync(PROGRAM),
    "public/look.css": "",
    "public/square.svg": '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
  });
  await using baton = new Baton(project, ["node", "app.mjs"], { args: ["--proxy", "0"] });
  const { port } = await baton.event("proxying");
  await baton.up();
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    const took: number[] = [];
    let shown = "one";
    for (let save = 1; save <= saves; save++) {
      const next = `version ${save}`;
      project.replace("app.mjs", `"${shown}"`, `"${next}"`);
      shown = next;
      await page.waitForSelector(`h1:text-is("${next}")`);
      // When the head line was there, by the browser's own clock, which is the machine's.
      const parsedAt = await page.evaluate(
        "performance.timeOrigin + performance.getEntriesByType('navigation')[0].domInteractive",
      ) as number;
      const ready = await baton.event("ready", ({ generation }) => generation === save + 1);
      took.push(parsedAt - Date.parse(ready.time));
    }
    return took;
  } finally {
    await browser.close();
  }
}
