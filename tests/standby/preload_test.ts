import { assertEquals } from "@std/assert";
import { preloadPlace, withPreload } from "../../lib/standby/preload.ts";

Deno.test("the option stands before those of the command, where the command runs a file", () => {
  const spliced = (line: string) => withPreload(line.split(" "), "/h.mjs").join(" ");
  for (
    const [line, expected] of [
      ["deno run -A main.ts", "deno run --preload=/h.mjs -A main.ts"],
      ["/opt/deno -A main.ts --watch", "/opt/deno --preload=/h.mjs -A main.ts --watch"],
      [
        "deno run --allow-all --config=a.json ./m.tsx",
        "deno run --preload=/h.mjs --allow-all --config=a.json ./m.tsx",
      ],
      ["bun server.js", "bun --preload=/h.mjs server.js"],
      ["bun run --smol a/server.mjs", "bun run --preload=/h.mjs --smol a/server.mjs"],
    ] as const
  ) assertEquals(spliced(line), expected);
});

Deno.test("nothing is parked for a command that runs something else, or in another way", () => {
  const why = (line: string) => preloadPlace(line.split(" "));
  for (
    const line of [
      ..."deno test -A a.ts,deno task dev,deno serve -A a.ts,deno run -A https://a.b/c.ts".split(
        ",",
      ),
      ..."deno run -A --watch a.ts,deno run -A --inspect a.ts,deno run -A --check a.ts".split(","),
      ..."deno run -A --preload=a.ts b.ts,deno run -A --deny-net a.ts,deno run -A -c a.json b.ts"
        .split(","),
      ..."deno run -A --conditions=x a.ts,deno run a.ts,deno run --allow-net a.ts,deno run -A npm:vite,deno run -A -,deno"
        .split(
          ",",
        ),
      ..."bun test a.ts,bun run dev,bun --watch a.ts,bun --hot a.ts,bun --inspect a.ts".split(","),
      ..."bun -r a.ts b.ts,bun,bunx vite,bun x vite,bun build a.ts,node a.js,sh a.js".split(","),
    ]
  ) assertEquals([line, typeof why(line)], [line, "string"]);
  assertEquals(
    why("deno run --no-check a.ts"),
    "it runs without --allow-all, and what waits would need more rights",
  );
});
