import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { decompress } from "../../../lib/platform/node/decompress.ts";
import { ASSETS, SCRIPT_INTEGRITY } from "../../../lib/proxy/browser/assets.ts";
import { injectScript } from "../../../lib/proxy/browser/inject.ts";
import type { Field } from "../../../lib/proxy/head.ts";

const TAG = '<script src="/_baton/client.js?r" data-run="r" data-generation="3" data-assets="2" ' +
  `crossorigin integrity="${SCRIPT_INTEGRITY}"></script>`;
const HTML: Field = ["Content-Type", "text/html; charset=utf-8"];

interface Case {
  readonly asked?: readonly Field[];
  readonly fields?: readonly Field[];
  readonly method?: string;
  readonly status?: number;
}

const bytes = (text: string) => new TextEncoder().encode(text);

/** The page and its fields as they are sent; null where it is left as it is. */
async function sent(
  body: Uint8Array,
  { asked = [], fields = [HTML], method = "GET", status = 200 }: Case = {},
  size = body.length || 1,
): Promise<{ text: string; fields: readonly Field[] } | null> {
  const rewriting = injectScript(
    { method, target: "/", version: "1.1", fields: asked },
    { status, reason: "", version: "1.1", fields },
    { about: { run: "r", generation: 3, assets: 2 }, decompress, onForbidden: () => {} },
  );
  if (rewriting === null) return null;
  async function* parts() {
    for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
  }
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of rewriting.body(parts())) text += decoder.decode(part, { stream: true });
  return { text, fields: rewriting.fields };
}

const PLACES: Readonly<Record<string, string>> = {
  "after head": "<!doctype html><html><head>|<title>x</title></head>",
  "after head with attributes":
    `<!DOCTYPE HTML>\n<html lang=en><head data-a="<>">|<title>ä</title>`,
  "after what a comment holds": "<!doctype html><!-- <head> --><html><head>|</head>",
  "a page without head": "<!doctype html><html>|<body>x",
  "a page without html": "<!doctype html>|<title>x</title><p>",
  "a page without doctype": "<html><head>|</head>",
  "a page of text": "<!doctype html>|Hello",
  "a page that ends": "<!doctype html>|",
  "byte order mark": "\ufeff<!doctype html><html><head>|</head>",
  "long preamble": `<!doctype html><!--${"x".repeat(20_000)}--><html><head>|</head>`,
};

for (const [name, marked] of Object.entries(PLACES)) {
  for (const size of [1, 7, 100_000]) {
    Deno.test(`the script's place, in parts of ${size} bytes: ${name}`, async () => {
      const page = bytes(marked.replace("|", ""));
      const decoded = await sent(page, {}, size);
      assertEquals(decoded?.text, new TextDecoder().decode(bytes(marked.replace("|", TAG))));
    });
  }
}

const FRAGMENTS = ["<p>x</p>", "Hello", "", "<!-- a --><div>", "<tr><td>1", "<title>x</title>"];
for (const fragment of FRAGMENTS) {
  Deno.test(`a fragment stays as it is: ${fragment}`, async () => {
    assertEquals((await sent(bytes(fragment), {}, 3))?.text, fragment);
  });
}

const SHOWN: readonly Field[] = [["Sec-Fetch-Mode", "navigate"], ["Sec-Fetch-Dest", "document"]];
const SHOWN_AS_PAGES = [
  ...FRAGMENTS.map((fragment) => `|${fragment}`),
  "\ufeff|<p>x</p>",
  "<!-- a --><!doctype html>|<p>x",
];
for (const marked of SHOWN_AS_PAGES) {
  for (const size of [1, 100_000]) {
    Deno.test(`what a browser shows is a page, in parts of ${size} bytes: ${marked}`, async () => {
      const page = await sent(bytes(marked.replace("|", "")), { asked: SHOWN }, size);
      assertEquals(page?.text, new TextDecoder().decode(bytes(marked.replace("|", TAG))));
    });
  }
}

Deno.test("a page of UTF-16 that only its first bytes tell of is left as it is", async () => {
  const page = new Uint8Array([
    0xff,
    0xfe,
    ...[...bytes("<!doctype html>")].flatMap((byte) => [byte, 0]),
  ]);
  for (const size of [1, 100_000]) {
    const decoded = await sent(page, { asked: SHOWN }, size);
    assertEquals(decoded?.text, new TextDecoder().decode(page));
  }
});

const PAGE = bytes("<!doctype html><html><head></head><body>x</body></html>");
const LEFT: Readonly<Record<string, Case>> = {
  "no HTML": { fields: [["Content-Type", "text/plain"]] },
  "no type": { fields: [] },
  "UTF-16": { fields: [["Content-Type", "text/html; charset=UTF-16LE"]] },
  "a download": { fields: [HTML, ["Content-Disposition", "attachment; filename=a.html"]] },
  "a part": { status: 206 },
  "a head": { method: "HEAD" },
  "asked for by a script": { asked: [["Sec-Fetch-Dest", "empty"]] },
  "asked for by htmx": { asked: [["HX-Request", "true"]] },
  "asked for by jQuery": { asked: [["X-Requested-With", "XMLHttpRequest"]] },
  "compressed in an unknown way": { fields: [HTML, ["Content-Encoding", "zstd"]] },
  "forbidden by its policy": { fields: [HTML, ["Content-Security-Policy", "sandbox"]] },
};
for (const [name, about] of Object.entries(LEFT)) {
  Deno.test(`left as it is: ${name}`, async () => assertEquals(await sent(PAGE, about), null));
}

Deno.test("a page that a service worker passes on gets the script", async () => {
  const kept = [["Sec-Fetch-Dest", "empty"], ["Sec-Fetch-Mode", "navigate"]] as const;
  const asked = [...kept, ["Accept", "text/html,*/*;q=0.8"]] as const;
  assertEquals((await sent(PAGE, { asked }))?.text.includes("_baton/client.js"), true);
  assertEquals(await sent(PAGE, { asked: kept }), null, "by a link that has `download`");
});

const CODINGS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync } as const;
for (const [coding, compress] of Object.entries(CODINGS)) {
  Deno.test(`a page that is compressed with ${coding} gets the script, and is sent plain`, async () => {
    const fields = [HTML, ["Content-Encoding", coding], ["Digest", "x"], ["X", "y"], [
      "ETag",
      "z",
    ]] as const;
    const page = await sent(compress(PAGE), { fields, asked: [["Sec-Fetch-Dest", "document"]] }, 5);
    assertStringIncludes(page!.text, TAG);
    assertEquals(page!.fields, [HTML, ["X", "y"]]);
  });
}

Deno.test("a nonce of the page's policy is the script's", async () => {
  const fields = [HTML, ["Content-Security-Policy", "script-src 'nonce-abc123'"]] as const;
  assertStringIncludes((await sent(PAGE, { fields }))!.text, '" nonce="abc123">');
});

Deno.test("a page that answers what was sent says so, as it may not be sent again by itself", async () => {
  assertStringIncludes((await sent(PAGE, { method: "POST" }))!.text, ' data-assets="2" data-sent ');
});

Deno.test("whatever a page holds, nothing of it is lost or changed", async () => {
  const piece = fc.constantFrom(
    "<!doctype html>",
    "<html>",
    "<head>",
    "<p>",
    "<!--",
    "-->",
    "ü",
    "x",
  );
  await fc.assert(fc.asyncProperty(fc.array(piece), fc.nat(9), async (pieces, size) => {
    const text = pieces.join("");
    const page = await sent(bytes(text), {}, size + 1);
    assert(page !== null);
    assertEquals(page.text.replace(TAG, ""), text);
  }));
});

Deno.test("what the tag says of the script's bytes is so", async () => {
  const hash = await crypto.subtle.digest("SHA-256", bytes(ASSETS["client.js"]));
  assertEquals(SCRIPT_INTEGRITY, `sha256-${btoa(String.fromCharCode(...new Uint8Array(hash)))}`);
});
