import { assertEquals } from "@std/assert";
import { StaticFiles } from "../../lib/act/static_files.ts";
import type { WatchedFiles } from "../../lib/act/watched_files.ts";

function splitting(globs: readonly string[]) {
  const told: (readonly string[])[] = [];
  const files = new StaticFiles({ cwd: "/srv", static: globs }, (paths) => told.push(paths));
  const split = (paths: readonly string[]) => {
    const event = files.split({ type: "changed", change: { paths, firstAt: 1, lastAt: 2 } });
    return event?.type === "changed" ? event.change.paths : event;
  };
  return { told, split, files };
}

Deno.test("what only the browser uses is told of apart, and restarts nothing", () => {
  const { told, split } = splitting(["public/", "*.css", "./web/img"]);
  assertEquals(split(["app.py", "public/js/a.js", "templates/x.css"]), ["app.py"]);
  assertEquals(split(["web/img/a.png"]), null);
  assertEquals(split(["other/web/img/a.png", "public"]), ["other/web/img/a.png", "public"]);
  assertEquals(split(["../x/a.css"]), ["../x/a.css"]);
  assertEquals(told, [["public/js/a.js", "templates/x.css"], ["web/img/a.png"]]);
});

Deno.test("other events pass", () => {
  const { files } = splitting(["public/"]);
  assertEquals(files.split({ type: "settled" }), { type: "settled" });
});

Deno.test("a version does not differ by them", () => {
  const { files } = splitting(["public/"]);
  const watch = { differences: () => ["app.py", "public/a.css"] } as unknown as WatchedFiles;
  assertEquals(files.leftOutOf(watch).differences(1), ["app.py"]);
});
