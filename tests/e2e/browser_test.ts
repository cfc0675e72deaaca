/** `--proxy` as a browser sees it: Debian's Chromium, over a real program. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Browser, chromium, type Page } from "playwright-core";
import { findOnPath } from "../../tools/find_on_path.ts";
import { Baton, Project } from "./baton.ts";

const CHROMIUM = findOnPath("chromium");
const PROGRAM = new URL("../fixtures/serves_pages.mjs", import.meta.url);

class Stage implements AsyncDisposable {
  private constructor(
    readonly project: Project,
    readonly baton: Baton,
    readonly browser: Browser,
    readonly origin: string,
  ) {}

  static async open(): Promise<Stage> {
    const project = new Project({
      "app.mjs": Deno.readTextFileSync(PROGRAM),
      "public/look.css": "h1 { color: rgb(1, 2, 3) }\n",
      "public/square.svg": square(10),
    });
    const baton = new Baton(project, ["node", "app.mjs"], {
      args: ["--proxy", "0", "--static", "public/"],
    });
    const { port } = await baton.event("proxying");
    await baton.up();
    const browser = await chromium.launch({ executablePath: CHROMIUM!, args: ["--no-sandbox"] });
    return new Stage(project, baton, browser, `http://127.0.0.1:${port}`);
  }

  /** Opens a page, and waits until its script listens. */
  async page(path = "/", origin = this.origin): Promise<Page> {
    const page = await this.browser.newPage();
    const listens = page.waitForRequest((request) => request.url().endsWith("/_baton/events"));
    await page.goto(`${origin}${path}`);
    await listens;
    // Nobody but a new load of the page takes it away.
    await page.evaluate('globalThis.mark = "kept"');
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    await this.baton[Symbol.asyncDispose]();
    this.project[Symbol.dispose]();
  }
}

function square(size: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"></svg>`;
}

async function shows(page: Page, version: string): Promise<void> {
  await page.waitForSelector(`h1:text-is("${version}")`);
}

function markOf(page: Page): Promise<string | undefined> {
  return page.evaluate("globalThis.mark");
}

const BADGE = "baton-status .badge";

Deno.test({
  name: "browser: pages follow the program, and stay where they were scrolled to",
  ignore: CHROMIUM === null,
  async fn() {
    await using stage = await Stage.open();
    const page = await stage.page();
    assertEquals(await page.locator("script").count(), 0, "the tag is gone again");
    await page.evaluate("scrollTo(0, 1500)");
    const unchanged = await stage.page("/unchanged");
    const browser = await stage.browser.newContext(); // of one person, who sees all of them
    const tabs = await Promise.all(Array.from({ length: 8 }, () => browser.newPage()));
    for (const tab of tabs) await tab.goto(`${stage.origin}/tab`);
    const framed = await stage.page("/frames");
    const frames = framed.frameLocator("iframe >> nth=7");
    await frames.locator('h1:text-is("one")').waitFor();
    assertEquals(await framed.evaluate("fetch('/').then(({ status }) => status)"), 200);
    const stale = await stage.page("/stale");
    const form = await stage.page("/based");
    const posts: string[] = [];
    form.on("request", (request) => request.method() === "POST" && posts.push(request.url()));
    await form.evaluate(`{
      const form = document.createElement("form");
      Object.assign(form, { method: "post", action: "${stage.origin}/based" });
      document.body.append(form);
      form.submit();
    }`);
    await form.waitForFunction("performance.timeOrigin > 0 && globalThis.mark === undefined");
    const again = form.waitForRequest(`${stage.origin}/_baton/events`);
    await form.evaluate(`for (const state of ["hidden", "visible"]) {
      Object.defineProperty(document, "visibilityState", { configurable: true, value: state });
      document.dispatchEvent(new Event("visibilitychange"));
    }`);
    await again;
    let loads = 0;
    const first = await (await fetch(`${stage.origin}/stale`)).text();
    await stale.route("**/stale", async (route) => { // as a service worker answers
      loads += 1;
      await route.fulfill({ body: first, contentType: "text/html" });
    });
    stage.project.replace("app.mjs", '"one"', '"two"');
    await shows(page, "two");
    await page.waitForFunction("scrollY === 1500");
    assertEquals(await markOf(page), undefined);
    await shows(unchanged, "two");
    for (const tab of tabs) await shows(tab, "two");
    await form.waitForSelector(`${BADGE}:text("A newer version serves")`);
    assertEquals([posts.length, await form.innerText("h1")], [1, "one"]);
    await frames.locator('h1:text-is("two")').waitFor();
    stage.project.write("app.mjs", "throw new Error();\n");
    for (const each of [page, unchanged, stale]) await each.waitForSelector(BADGE);
    assertEquals([loads, await stale.innerText("h1")], [1, "one"]);
  },
});

Deno.test({
  name: "browser: styles and images are swapped in place, and nothing restarts for them",
  ignore: CHROMIUM === null,
  async fn() {
    await using stage = await Stage.open();
    const { project, baton } = stage;
    const page = await stage.page();
    project.write("public/look.css", "h1 { color: rgb(4, 5, 6) }\n");
    await page.waitForFunction(
      'getComputedStyle(document.querySelector("h1")).color === "rgb(4, 5, 6)"',
    );
    await page.waitForFunction('document.querySelectorAll("link[rel=stylesheet]").length === 1');
    project.write("public/square.svg", square(33));
    await page.waitForFunction('document.querySelector("#image").naturalWidth === 33');
    assertEquals(await markOf(page), "kept");
    assertEquals(baton.count("started"), 1);
    project.write("public/other.txt", "neither\n");
    await page.waitForFunction("globalThis.mark === undefined");
    assertEquals(baton.count("started"), 1);
  },
});

Deno.test({
  name:
    "browser: whatever holds an address of what changed has it anew, and nothing else is touched",
  ignore: CHROMIUM === null,
  async fn() {
    await using stage = await Stage.open();
    const { project, baton } = stage;
    project.write("public/imports.css", '@import "imported.css";\n');
    project.write("public/imported.css", "h1 { color: rgb(1, 2, 3) }\n");
    // By its age alone a browser would keep it for days.
    Deno.utimeSync(project.path("public/imported.css"), 1, 1);
    const page = await stage.page("/addresses");
    const color = (element: string) => `getComputedStyle(${element}).color`;
    const own = 'document.querySelector("x-own").shadowRoot';
    await page.waitForFunction(`${color('document.querySelector("h1")')} === "rgb(1, 2, 3)"`);
    project.write("public/imported.css", "h1 { color: rgb(4, 5, 6) }\n");
    await page.waitForFunction(`${color('document.querySelector("h1")')} === "rgb(4, 5, 6)"`);
    project.write("public/look.css", "h1 { color: rgb(7, 8, 9) }\n");
    await page.waitForFunction(`${color(`${own}.querySelector("h1")`)} === "rgb(7, 8, 9)"`);
    const off = await page.evaluate(`[
      document.querySelectorAll("link").length,
      document.querySelector("#off").href.includes("baton="),
    ]`);
    assertEquals(off, [3, true]);
    project.write("public/square.svg", square(33));
    await page.waitForFunction(`${own}.querySelector("img").naturalWidth === 33`);
    const addresses = await page.evaluate(`[
      document.querySelector("source").srcset,
      document.querySelector("#image").srcset,
      document.querySelector("video").poster,
      document.querySelector("svg image").href.baseVal,
      document.querySelector("object").data,
      ${own}.adoptedStyleSheets[0].cssRules[0].style.backgroundImage.slice(5, -2),
    ]`);
    const renewed = `${stage.origin}/static/square.svg`;
    assertEquals((addresses as string[]).map((each) => each.replace(/baton=\d+/, "N")), [
      "data:image/svg+xml;base64,AAAA 1x",
      `${renewed}?a,b&N 1x, /a,b.png 2x`,
      ...Array(4).fill(`${renewed}?N`),
    ]);
    assertEquals([await markOf(page), baton.count("started")], ["kept", 1]);
  },
});

Deno.test({
  name:
    "browser: a page whose own policy forbids to ask does so once, and hears what others are told",
  ignore: CHROMIUM === null,
  async fn() {
    await using stage = await Stage.open();
    const browser = await stage.browser.newContext(); // of one person, who sees both
    const page = await browser.newPage();
    const refused: string[] = [];
    page.on("console", (message) => refused.push(message.text()));
    await page.goto(`${stage.origin}/told`);
    const other = await browser.newPage();
    await other.goto(stage.origin);
    stage.project.replace("app.mjs", '"one"', '"two"');
    await shows(other, "two");
    await shows(page, "two");
    const times = refused.filter((text) => text.includes("_baton/events")).length;
    assert(times <= 2, `${times} times, of two loads`);
  },
});

Deno.test({
  name: "browser: a broken edit leaves the page, with a badge until it is mended",
  ignore: CHROMIUM === null,
  async fn() {
    await using stage = await Stage.open();
    const { project } = stage;
    const page = await stage.page();
    const text = project.read("app.mjs");
    project.write(
      "app.mjs",
      `${text}\nthrow new Error("<img src=x onerror=alert(1)>\\x1b[31m");\n`,
    );
    await page.waitForSelector(BADGE);
    assertStringIncludes(await page.innerText(BADGE), "Edit broken, showing the version of");
    await page.click(BADGE);
    const panel = await page.innerText("baton-status .panel");
    assertStringIncludes(panel, "Error: <img src=x onerror=alert(1)>");
    assertStringIncludes(panel, `app.mjs, line ${text.split("\n").length + 1}`);
    assertEquals(await page.locator("baton-status .panel img").count(), 0);
    const picture = await page.screenshot();
    assert(picture.length > 0);
    await page.keyboard.press("Escape");
    assertEquals(await page.locator("baton-status .panel").isVisible(), false);
    assertEquals([await markOf(page), await page.innerText("h1")], ["kept", "one"]);
    project.write("app.mjs", text);
    await page.waitForSelector("baton-status", { state: "detached" });
    assertEquals(await markOf(page), "kept", "what it shows is the version that serves");
    project.write("app.mjs", `${text}\nthrow new Error("again");\n`);
    await page.waitForSelector(BADGE);
    project.write("app.mjs", text.replace('"one"', '"two"'));
    await shows(page, "two");
    assertEquals(await page.locator("baton-status").count(), 0);
  },
});

Deno.test({
  name: "browser: what is not saved is not asked for, and nothing is lost with it",
  ignore: CHROMIUM === null,
  async fn() {
    await using stage = await Stage.open();
    const { project } = stage;
    const page = await stage.page("/unsaved");
    const dialogs: string[] = [];
    page.on("dialog", async (dialog) => {
      dialogs.push(dialog.type());
      await dialog.dismiss();
    });
    await page.locator("input").pressSequentially("text");
    project.replace("app.mjs", '"one"', '"two"');
    await page.waitForSelector(`${BADGE}:text("A newer version serves")`);
    assertEquals([await page.inputValue("input"), await page.innerText("h1")], ["text", "one"]);
    await page.fill("input", "");
    project.replace("app.mjs", '"two"', '"three"');
    await shows(page, "three");
    assertEquals(dialogs, []);
  },
});

Deno.test({
  name: "browser: a page that is stopped on its way to a newer version goes to the one after it",
  ignore: CHROMIUM === null,
  async fn() {
    await using stage = await Stage.open();
    const page = await stage.page();
    await page.route(`${stage.origin}/`, (route) => route.fulfill({ status: 204 }), { times: 1 });
    stage.project.replace("app.mjs", '"one"', '"two"');
    await page.waitForSelector(`${BADGE}:text("A newer version serves")`);
    stage.project.replace("app.mjs", '"two"', '"three"');
    await shows(page, "three");
  },
});

Deno.test({
  name: "browser: what is scrolled stays so, also a part of a page, and where all of it comes late",
  ignore: CHROMIUM === null,
  async fn() {
    await using stage = await Stage.open();
    const page = await stage.page("/grows");
    const places = '[scrollY, document.querySelector("main").scrollTop].join()';
    await page.waitForSelector("main div");
    await page.evaluate('document.querySelector("main").scrollTop = 700; scrollTo(0, 1500)');
    stage.project.replace("app.mjs", '"one"', '"two"');
    await shows(page, "two");
    await page.waitForFunction(`${places} === "1500,700"`);
  },
});

Deno.test({
  name: "browser: the badge is in its place whatever a page's rules are for, and is not printed",
  ignore: CHROMIUM === null,
  async fn() {
    await using stage = await Stage.open();
    const { project } = stage;
    const plain = await stage.page();
    const page = await stage.page("/reset");
    const boxed = await stage.page("/boxed");
    const text = project.read("app.mjs");
    project.write("app.mjs", `${text}\nthrow new Error();\n`);
    for (const each of [plain, page]) await each.waitForSelector(BADGE);
    const boxes = await Promise.all([plain, page].map((each) => each.locator(BADGE).boundingBox()));
    assertEquals(boxes[1], boxes[0]);
    await page.click(BADGE);
    const inPanel = 'document.querySelector("baton-status").shadowRoot.querySelector("pre")';
    await page.evaluate(`globalThis.pre = ${inPanel}; pre.focus()`);
    assertEquals(await page.evaluate("getComputedStyle(pre).direction"), "ltr");
    project.write("public/square.svg", square(33));
    await page.waitForFunction('document.querySelector("#image").naturalWidth === 33');
    assertEquals(await page.evaluate(`pre === ${inPanel} && pre.matches(":focus")`), true);
    await page.emulateMedia({ media: "print" });
    assertEquals(await page.locator(BADGE).isVisible(), false);
    assertEquals(await boxed.frames()[1]!.locator("script").count(), 0);
  },
});

Deno.test({
  name: "browser: a style sheet that cannot be swapped loads the page anew",
  ignore: CHROMIUM === null,
  async fn() {
    await using stage = await Stage.open();
    const page = await stage.page("/hashed");
    stage.project.write("public/look.css", "h1 { color: rgb(4, 5, 6) }\n");
    await page.waitForFunction("globalThis.mark === undefined");
  },
});

Deno.test({
  name: "browser: what is shown as a page follows, though it does not begin as one",
  ignore: CHROMIUM === null,
  async fn() {
    await using stage = await Stage.open();
    const page = await stage.page("/bare");
    stage.project.replace("app.mjs", '"one"', '"two"');
    await shows(page, "two");
    await page.evaluate(`{
      const link = document.createElement("a");
      Object.assign(link, { href: "/", download: "page.html", id: "link", textContent: "keep" });
      document.body.append(link);
    }`);
    const download = page.waitForEvent("download");
    await page.click("#link");
    const text = Deno.readTextFileSync(await (await download).path());
    assertStringIncludes(text, "<h1>two</h1>");
    assert(!text.includes("_baton"), text);
  },
});

Deno.test({
  name: "browser: a program that is down is told of, and the page comes back by itself",
  ignore: CHROMIUM === null,
  async fn() {
    await using stage = await Stage.open();
    const { project, origin, baton } = stage;
    const page = await stage.page();
    const answer = await fetch(`${origin}/exit`, { method: "POST" });
    assertEquals(answer.status, 502);
    await answer.body?.cancel();
    await baton.event("ended");
    await page.waitForSelector("baton-status .badge:text('is down')");
    const text = project.read("app.mjs");
    project.write("app.mjs", text.replace('"one"', '"two"'));
    await shows(page, "two");
  },
});

Deno.test({
  name: "browser: a page's own policy gets along with the script, and what is no page has none",
  ignore: CHROMIUM === null,
  async fn() {
    await using stage = await Stage.open();
    const { project, origin, baton } = stage;
    const page = await stage.page("/strict");
    project.replace("app.mjs", '"one"', '"two"');
    await shows(page, "two");
    const raw = async (path: string) => await (await fetch(`${origin}${path}`)).text();
    assertEquals(await raw("/fragment"), "<p>a part</p>");
    assert(!(await raw("/sandbox")).includes("_baton"));
    await raw("/sandbox");
    const said = baton.events.filter(({ type, what }) =>
      type === "warning" && String(what).includes("Content-Security-Policy")
    );
    assertEquals(said.length, 1);
  },
});

Deno.test({
  name: "browser: the status page shows restarts, and its buttons work by keyboard",
  ignore: CHROMIUM === null,
  async fn() {
    await using stage = await Stage.open();
    const { project, baton, browser, origin } = stage;
    const page = await browser.newPage();
    const elsewhere: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith(origin) && !request.url().startsWith("data:")) {
        elsewhere.push(request.url());
      }
    });
    await page.goto(`${origin}/_baton/`);
    await page.waitForSelector("#restarts svg rect.boot");
    assertStringIncludes(await page.innerText("#state"), "Generation 1 serves since");
    await page.focus("#restart");
    await page.keyboard.press("Enter");
    await baton.up(2);
    await page.focus("#pause");
    await page.keyboard.press("Enter");
    await baton.event("paused");
    await page.waitForSelector("#pause:text('Resume')");
    project.replace("app.mjs", '"one"', '"two"');
    await page.keyboard.press("Space");
    await baton.event("resumed");
    await baton.up(3);
    await page.locator("#restarts li").nth(2).waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      assert((await page.screenshot()).length > 0);
    }
    assertEquals(elsewhere, []);
  },
});

Deno.test("only baton's own page may restart, pause and resume, under its own name", async () => {
  await using stage = await headless();
  const { origin, baton } = stage;
  const token = /name="baton-token" content="([^"]+)"/
    .exec(await (await fetch(`${origin}/_baton/`)).text())![1]!;
  const ask = async (headers: Readonly<Record<string, string>>, method = "POST") => {
    const answer = await fetch(`${origin}/_baton/restart`, { method, headers });
    await answer.body?.cancel();
    return answer.status;
  };
  assertEquals(await ask({}), 403);
  assertEquals(await ask({ "X-Baton-Token": token }), 403, "not from a page");
  assertEquals(await ask({ Origin: origin }), 403, "without its token");
  assertEquals(await ask({ Origin: "http://evil.example", "X-Baton-Token": token }), 403);
  assertEquals(await ask({ Origin: origin, "X-Baton-Token": token }, "GET"), 405);
  assertEquals(baton.count("started"), 1);
  assertEquals(await ask({ Origin: origin, "X-Baton-Token": token }), 204);
  await baton.up(2);
});

async function headless() {
  const project = new Project({ "app.mjs": Deno.readTextFileSync(PROGRAM) });
  const baton = new Baton(project, ["node", "app.mjs"], { args: ["--proxy", "0"] });
  const { port } = await baton.event("proxying");
  await baton.up();
  return {
    ...{ project, baton, origin: `http://127.0.0.1:${port}` },
    async [Symbol.asyncDispose]() {
      await baton[Symbol.asyncDispose]();
      project[Symbol.dispose]();
    },
  };
}

if (CHROMIUM === null) {
  console.error('SKIPPED: no "chromium" on PATH, so nothing of --proxy was seen in a browser');
}
