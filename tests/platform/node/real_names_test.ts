import { assertEquals } from "@std/assert";
import { realNames } from "../../../lib/platform/node/real_names.ts";

Deno.test("a path is told of by the names of its folder that were asked for", () => {
  const names = realNames(
    ["/tmp/a", "/private/tmp/b", "/home/me"],
    (folder) => folder.replace(/^\/tmp/, "/private/tmp"),
  );
  assertEquals(names("/private/tmp/a/x.py"), ["/tmp/a/x.py"]);
  assertEquals(names("/tmp/a/x.py"), ["/tmp/a/x.py"]);
  assertEquals(names("/private/tmp/a"), ["/tmp/a"]);
  assertEquals(names("/private/tmp/b/x.py"), ["/private/tmp/b/x.py"]);
  assertEquals(names("/home/me/x.py"), ["/home/me/x.py"]);
  assertEquals(names("/private/tmp/a/deeper/x.py"), []);
  assertEquals(names("/elsewhere/x.py"), []);
});

Deno.test("a folder that was asked for by two names is told of by both", () => {
  const names = realNames(["/tmp/a", "/private/tmp/a"], () => "/private/tmp/a");
  assertEquals(names("/private/tmp/a/x.py"), ["/tmp/a/x.py", "/private/tmp/a/x.py"]);
});
