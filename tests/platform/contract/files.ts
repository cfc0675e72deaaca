import { linkSync, symlinkSync } from "node:fs";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { PlatformError } from "../../../lib/platform/platform.ts";
import type { Clause } from "../contract.ts";
import { inScratch } from "./scratch.ts";

export const fileContract: readonly Clause[] = [
  {
    name: "a file is written atomically, with its mode, and nothing is left beside it",
    keep: (platform) =>
      inScratch(platform, (folder) => {
        const { files } = platform;
        const path = `${folder}/state`;
        files.writeAtomically(path, "old");
        files.writeAtomically(path, new Uint8Array([1, 2, 3]), { mode: 0o600, sync: true });
        assertEquals([...files.readBytes(path)], [1, 2, 3]);
        assertEquals((files.stat(path)?.mode ?? 0) & 0o777, 0o600);
        assertEquals(files.readDir(folder), [{ name: "state", kind: "file" }]);
      }),
  },
  {
    name: "a write that fails leaves the old bytes and nothing beside them",
    keep: (platform) =>
      inScratch(platform, (folder) => {
        const { files } = platform;
        files.makeDir(`${folder}/taken/inside`);
        const error = assertThrows(
          () => files.writeAtomically(`${folder}/taken`, "new"),
          PlatformError,
        );
        assertEquals(error.code, "EISDIR");
        assertEquals(error.path, `${folder}/taken`);
        assertEquals(files.readDir(folder), [{ name: "taken", kind: "directory" }]);
      }),
  },
  {
    name: "looking tells kind, size, time and identity, and follows links only when asked",
    keep: (platform) =>
      inScratch(platform, (folder) => {
        const { files } = platform;
        files.writeAtomically(`${folder}/file`, "12345");
        files.makeDir(`${folder}/a/b`);
        symlinkSync("file", `${folder}/link`);
        const file = files.stat(`${folder}/file`);
        assertEquals([file?.kind, file?.sizeBytes], ["file", 5]);
        assert(Math.abs((file?.mtimeMs ?? 0) - Date.now()) < 60_000);
        assertEquals(files.stat(`${folder}/link`), file);
        assertEquals(files.lstat(`${folder}/link`)?.kind, "symlink");
        assertEquals(files.stat(`${folder}/a/b`)?.kind, "directory");
        assertEquals(file?.links, 1);
        linkSync(`${folder}/file`, `${folder}/second`);
        assertEquals(files.stat(`${folder}/file`)?.links, 2);
        assertEquals(files.realPath(`${folder}/link`), `${folder}/file`);
        assertEquals(files.readLink(`${folder}/link`), "file");
        const kinds = new Map(files.readDir(folder).map(({ name, kind }) => [name, kind]));
        assertEquals([kinds.get("file"), kinds.get("link"), kinds.get("a")], [
          "file",
          "symlink",
          "directory",
        ]);
      }),
  },
  {
    name: "where nothing is there, looking says null and reading says ENOENT",
    keep: (platform) =>
      inScratch(platform, (folder) => {
        const { files } = platform;
        files.writeAtomically(`${folder}/file`, "");
        symlinkSync("nowhere", `${folder}/dangling`);
        for (const name of ["none", "file/below", "dangling"]) {
          assertEquals(files.stat(`${folder}/${name}`), null, name);
        }
        assertEquals(files.lstat(`${folder}/none`), null);
        for (const call of [files.readBytes, files.readText, files.readDir, files.realPath]) {
          const error = assertThrows(() => call(`${folder}/none`), PlatformError);
          assertEquals([error.code, error.path], ["ENOENT", `${folder}/none`]);
          assert(error.message.endsWith("no such file or directory"), error.message);
        }
      }),
  },
  {
    name: "what fits is read into the room that is given, and more is read all the same",
    keep: (platform) =>
      inScratch(platform, (folder) => {
        const { files } = platform;
        const room = new Uint8Array(4);
        for (const text of ["", "123", "1234", "12345"]) {
          files.writeAtomically(`${folder}/file`, text);
          const bytes = files.readBytes(`${folder}/file`, room);
          assertEquals(new TextDecoder().decode(bytes), text);
          assertEquals(bytes.buffer === room.buffer, text.length < room.length);
        }
        assertThrows(() => files.readBytes(`${folder}/none`, room), PlatformError, "no such file");
      }),
  },
  {
    name: "of two that create a file exclusively one wins",
    keep: (platform) =>
      inScratch(platform, (folder) => {
        const { files } = platform;
        assert(files.createExclusively(`${folder}/lock`, "first", 0o600));
        assert(!files.createExclusively(`${folder}/lock`, "second"));
        assertEquals(files.readText(`${folder}/lock`), "first");
      }),
  },
  {
    name: "copying, renaming and removing do as they say",
    keep: (platform) =>
      inScratch(platform, (folder) => {
        const { files } = platform;
        files.writeAtomically(`${folder}/a`, "x");
        files.copy(`${folder}/a`, `${folder}/b`);
        files.rename(`${folder}/b`, `${folder}/c`);
        files.remove(`${folder}/a`);
        files.remove(`${folder}/a`);
        files.makeDir(`${folder}/d/e`, 0o700);
        files.makeDir(`${folder}/d/e`);
        files.sync(`${folder}/d`);
        assertEquals((files.stat(`${folder}/d/e`)?.mode ?? 0) & 0o777, 0o700);
        files.remove(`${folder}/d`, { recursive: true });
        assertEquals(files.readDir(folder), [{ name: "c", kind: "file" }]);
      }),
  },
  {
    name: "a temporary folder is this user's alone",
    keep: ({ files }) => {
      const folder = files.makeTempDir("baton-contract-");
      assertEquals((files.stat(folder)?.mode ?? 0) & 0o777, 0o700);
      files.remove(folder, { recursive: true });
    },
  },
  {
    name: "only a file with its bit set is executable",
    keep: (platform) =>
      inScratch(platform, (folder) => {
        const { files } = platform;
        files.writeAtomically(`${folder}/plain`, "", { mode: 0o644 });
        files.writeAtomically(`${folder}/program`, "", { mode: 0o755 });
        const executable = ["plain", "program", "none", "."].filter((name) =>
          files.isExecutable(`${folder}/${name}`)
        );
        assertEquals(executable, ["program"]);
      }),
  },
];
