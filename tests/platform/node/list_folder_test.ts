import { assertEquals, assertThrows } from "@std/assert";
import { listFolder } from "../../../lib/platform/node/list_folder.ts";

const kind = (kind: string) => ({
  isFile: () => kind === "file",
  isDirectory: () => kind === "folder",
  isSymbolicLink: () => kind === "link",
});

function gone(): never {
  throw Object.assign(new Error("ENOENT: no such file or directory, lstat"), { code: "ENOENT" });
}

Deno.test("a process that ends while /proc is listed does not fail the listing", () => {
  const kinds: Record<string, string> = { "/proc/1": "folder", "/proc/self": "link" };
  const listed = listFolder("/proc", {
    // deno-lint-ignore no-explicit-any
    readdirSync: (_path: string, options?: unknown): any =>
      options === undefined ? ["1", "self", "77"] : gone(),
    lstatSync: (path) => kinds[path] === undefined ? undefined : kind(kinds[path]),
  });
  assertEquals(
    listed.map((entry) => [entry.name, entry.isDirectory(), entry.isSymbolicLink()]),
    [["1", true, false], ["self", false, true]],
  );
});

Deno.test("a folder that is not there, or may not be read, is told as such", () => {
  assertThrows(() => listFolder("/nowhere/at/all"), Error, "ENOENT");
  const denied = () => {
    throw Object.assign(new Error("EACCES"), { code: "EACCES" });
  };
  assertThrows(() => listFolder("/x", { readdirSync: denied, lstatSync: denied }), Error, "EACCES");
});
