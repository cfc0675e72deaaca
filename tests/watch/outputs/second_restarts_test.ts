import { assertEquals } from "@std/assert";
import { SecondRestarts } from "../../../lib/watch/outputs/second_restarts.ts";

/** Each change comes so long after the start that the one before it has caused; returns what was told. */
function told(...changes: readonly (readonly [afterMs: number, ...paths: string[]])[]) {
  const second = new SecondRestarts();
  let now = 0;
  second.started(now);
  return changes.flatMap(([afterMs, ...paths]) => {
    const notice = second.emitted({ paths, firstAt: now += afterMs });
    second.started(now += 100);
    return notice === null ? [] : [notice];
  });
}

const save = (path = "src/app.ts") => [20_000, path] as const;
const bundle = (afterMs = 200) => [afterMs, "dist/app.js", "dist/app.js.map"] as const;

Deno.test("a bundle that is built of each save is told of at the third, once, with its folder", () => {
  const each = [save(), bundle(), save("src/other.ts"), bundle(300), save(), bundle()] as const;
  assertEquals(told(...each, ...each), [{
    what: 'The last 3 saves were each followed by a second restart, this one for "dist/app.js"',
    next:
      'If a tool makes it of what is saved, leave it out with --ignore "dist/", or watch it alone with --watch "dist"',
  }]);
});

Deno.test("what is built beside the sources is named itself", () => {
  const built = [100, "page-7.css"] as const;
  const [notice] = told(save("a.scss"), built, save("a.scss"), built, save("a.scss"), built);
  assertEquals(notice?.next?.includes('--ignore "page-*.css", or watch it alone'), true);
});

Deno.test("what takes longer to build is told of where it always takes as long", () => {
  const times = (name: string, ...ms: number[]) =>
    told(...ms.flatMap((each) => [save(), [each, name] as const]));
  assertEquals(times("www/app.js", 3_000, 3_100, 3_050).length, 1);
  assertEquals(times("www/app.js", 3_000, 5_000, 2_000, 8_000, 4_000), []);
  assertEquals(times("dist/app.js", 3_000, 5_000, 2_000).length, 1);
  assertEquals(times("dist/app.js", 3_000, 5_000, 12_000), []);
});

Deno.test("files that somebody saves by turns are not told of", () => {
  assertEquals(told(...Array.from({ length: 20 }, (_, at) => save(`src/${"abc"[at % 3]}.ts`))), []);
  const pair = [save("a.py"), [400, "b.py"], save("a.py")] as const;
  assertEquals(told(...pair, ...pair, ...pair), []);
  assertEquals(told(...Array.from({ length: 20 }, () => [500, "a.py"] as const)), []);
});

Deno.test("changes that were not followed by a start are none of it", () => {
  const second = new SecondRestarts();
  second.started(0);
  for (let at = 0; at < 20; at++) {
    assertEquals(
      second.emitted({ paths: [at % 2 === 0 ? "a.ts" : "dist/a.js"], firstAt: at }),
      null,
    );
  }
});
