import process from "node:process";
import { execFileSync } from "node:child_process";
import { linkSync, symlinkSync } from "node:fs";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { PlatformError } from "../../../lib/platform/platform.ts";
import type { Clause } from "../contract.ts";
import { inScratch } from "./scratch.ts";

const BINDS = "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])";

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
    name: "what baton did not write is read only where it is a regular file of a bounded size",
    keep: (platform) =>
      inScratch(platform, (folder) => {
        const { files } = platform;
        const follow = { maxBytes: 5, follow: true };
        files.writeAtomically(`${folder}/file`, "12345");
        files.writeAtomically(`${folder}/large`, "123456");
        symlinkSync("file", `${folder}/link`);
        symlinkSync("/dev/zero", `${folder}/zero`);
        execFileSync("mkfifo", [`${folder}/fifo`]);
        execFileSync(process.env.PYTHON ?? "python3", ["-c", BINDS, `${folder}/socket`]);
        assertEquals(
          new TextDecoder().decode(files.readRegular(`${folder}/file`, follow)),
          "12345",
        );
        assertEquals(files.readRegular(`${folder}/link`, follow).length, 5);
        const codeOf = (name: string, options = follow) =>
          assertThrows(() => files.readRegular(`${folder}/${name}`, options), PlatformError).code;
        assertEquals(codeOf("link", { ...follow, follow: false }), "ELOOP");
        assertEquals(codeOf("large"), "EFBIG");
        for (const name of ["fifo", "zero", "socket", "."]) {
          assertEquals(codeOf(name), "EFTYPE", name);
        }
        assertEquals(codeOf("none"), "ENOENT");
        for (const name of ["fifo", "socket", "."]) {
          const digest = () => files.digestRegular(`${folder}/${name}`, 5);
          assertEquals(assertThrows(digest, PlatformError).code, "EFTYPE");
        }
      }),
  },
  {
    name: "a file is digested and copied in one pass, and the copy is for this user alone",
    keep: (platform) =>
      inScratch(platform, (folder) => {
        const { files } = platform;
        const bytes = new Uint8Array(700_001).map((_, index) => index % 251);
        files.writeAtomically(`${folder}/file`, bytes, { mode: 0o666 });
        const digest = files.digestRegular(`${folder}/file`, bytes.length, `${folder}/copy`);
        assertEquals(digest, {
          sizeBytes: bytes.length,
          sha256: platform.sha256(bytes),
          inode: files.lstat(`${folder}/file`)?.inode ?? 0,
        });
        assertEquals(platform.sha256(files.readBytes(`${folder}/copy`)), digest.sha256);
        assertEquals((files.stat(`${folder}/copy`)?.mode ?? 0) & 0o777, 0o600);
        const again = () => files.digestRegular(`${folder}/file`, bytes.length, `${folder}/copy`);
        assertEquals(assertThrows(again, PlatformError).code, "EEXIST");
        assertEquals(files.lstat(`${folder}/copy`)?.sizeBytes, bytes.length);
      }),
  },
  {
    name: "who made a file is told, also of a link, and its mode can be set",
    keep: (platform) =>
      inScratch(platform, (folder) => {
        const { files, user } = platform;
        files.makeDir(`${folder}/d`, 0o755);
        symlinkSync("d", `${folder}/link`);
        files.chmod(`${folder}/d`, 0o711);
        const owner = files.owner(`${folder}/d`);
        assertEquals(
          owner === null ? null : [owner.kind, owner.uid, owner.gid, owner.mode & 0o777],
          [
            "directory",
            user?.uid,
            user?.gid,
            0o711,
          ],
        );
        assertEquals(owner?.inode, files.stat(`${folder}/d`)?.inode);
        const bornMs = owner?.bornMs ?? null;
        assert(bornMs === null || Math.abs(bornMs - Date.now()) < 60_000);
        assertEquals(files.owner(`${folder}/link`)?.kind, "symlink");
        assertEquals(files.owner(`${folder}/none`), null);
      }),
  },
  {
    name: "of two that link a file to one name one wins",
    keep: (platform) =>
      inScratch(platform, (folder) => {
        const { files } = platform;
        files.writeAtomically(`${folder}/a`, "a");
        files.writeAtomically(`${folder}/b`, "b");
        assert(files.link(`${folder}/a`, `${folder}/key`));
        assert(!files.link(`${folder}/b`, `${folder}/key`));
        assertEquals(files.readText(`${folder}/key`), "a");
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
