import { assertEquals } from "@std/assert";
import { askForPage } from "../../../lib/proxy/browser/ask_for_page.ts";
import type { Field } from "../../../lib/proxy/head.ts";

const CONDITIONS: readonly Field[] = [["If-None-Match", '"a"'], ["if-modified-since", "today"]];
const PAGE: Field = ["Sec-Fetch-Dest", "document"];
/** As Chromium asks for a service worker that passes on what it was asked for. */
const PASSED_ON: readonly Field[] = [["Sec-Fetch-Dest", "empty"], ["Sec-Fetch-Mode", "navigate"]];
const HTML: Field = ["Accept", "text/html,application/xhtml+xml;q=0.9"];

function asked(fields: readonly Field[], method = "GET"): readonly Field[] {
  return askForPage({ method, target: "/", version: "1.1", fields }).fields;
}

Deno.test("a page is asked for whole, as the browser may have it with another tag, or with none", () => {
  for (const kind of [PAGE, HTML]) assertEquals(asked([...CONDITIONS, kind]), [kind]);
  assertEquals(asked([...CONDITIONS, ...PASSED_ON, HTML]), [...PASSED_ON, HTML]);
  const kept = [...CONDITIONS, ...PASSED_ON]; // By a link that has \`download\`, which accepts anything.
  assertEquals(asked(kept), kept);
});

for (
  const [codings, kept] of [
    ["gzip, deflate, br, zstd", "gzip, deflate, br"],
    ["zstd;q=1.0,GZIP ; q=0.5, *;q=0", "GZIP ; q=0.5, *;q=0"],
    ["dcb, zstd", "identity"],
    ["", "identity"],
  ] as const
) {
  Deno.test(`a page is asked for in what can be decoded: "${codings}"`, () => {
    assertEquals(asked([PAGE, ["accept-encoding", codings]]), [PAGE, ["accept-encoding", kept]]);
  });
}

Deno.test("what is no page is asked for as the browser asks", () => {
  const rest: readonly Field[] = [...CONDITIONS, ["Accept-Encoding", "zstd"]];
  const others: readonly Field[] = [
    ["Sec-Fetch-Dest", "style"],
    ["Accept", "*/*"],
    ["HX-Request", "true"],
  ];
  for (const other of others) assertEquals(asked([...rest, other]), [...rest, other]);
  assertEquals(asked([...rest, HTML, ["X-Requested-With", "x"]]).length, rest.length + 2);
  assertEquals(asked([...rest, PAGE], "HEAD"), [...rest, PAGE]);
});
