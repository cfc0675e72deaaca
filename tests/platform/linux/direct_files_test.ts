import { assert, assertEquals, assertThrows } from "@std/assert";
import { openDenoLibc } from "../../../lib/platform/deno/libc.ts";
import { directFiles } from "../../../lib/platform/linux/direct_files.ts";
import type { Libc } from "../../../lib/platform/linux/libc.ts";
import { type Files, PlatformError } from "../../../lib/platform/platform.ts";
import { platform } from "../../support/platform.ts";

const EACCES = 13;

/** The clock of a file system may be this far from the wall clock. */
const STEP_MS = 100;

/** A C library that may look nowhere, and counts who holds it and how often it is called. */
class Refusing {
  held = 0;
  calls = 0;
  readonly open = (): Libc => {
    this.held += 1;
    const statx = () => {
      this.calls += 1;
      return -1;
    };
    const release = () => void (this.held -= 1);
    return { statx, errno: () => EACCES, release } as Partial<Libc> as Libc;
  };
}

function failing(): never {
  throw new PlatformError("EACCES", 'Cannot look at "/x": permission denied', "/x");
}

Deno.test("the C library is held from opening to closing, once, and not called after", () => {
  const libc = new Refusing();
  const files = directFiles(platform().files, libc.open);
  const look = () => {
    files.stat("/");
    files.lstat("/");
    files.stampOf("/", ".");
    return [libc.held, libc.calls];
  };
  assertEquals(look(), [0, 0]);
  files.open();
  files.open();
  assertEquals(look(), [1, 3]);
  files.close();
  files.close();
  files.open();
  assertEquals(look(), [0, 3]);
});

/** Where `struct statx` has the inode number. */
const INODE_AT = 32;

Deno.test("inode numbers that are too big for a number are told apart; others are as they are", () => {
  const inodeOf = (inode: bigint) => {
    const statx: Libc["statx"] = (_folder, _path, _flags, _mask, into) => {
      new DataView(into.buffer).setBigUint64(INODE_AT, inode, true);
      return 0;
    };
    const files = directFiles(
      platform().files,
      () => ({ statx, release() {} }) as Partial<Libc> as Libc,
    );
    files.open();
    const found = files.stat("/")?.inode;
    files.close();
    return found;
  };
  for (const inode of [1n, 2n ** 32n + 5n, 2n ** 53n - 1n]) {
    assertEquals(inodeOf(inode), Number(inode));
  }
  const big = [0n, 1n, 2n, 2n ** 40n].map((at) => inodeOf(2n ** 63n + at));
  assertEquals(new Set([...big, inodeOf(2n ** 62n), inodeOf(0n)]).size, 6);
});

Deno.test("what the C library cannot look at is asked of the runtime, which says why", () => {
  const own: Files = { ...platform().files, stat: failing, lstat: failing };
  const files = directFiles(own, new Refusing().open);
  files.open();
  assertThrows(() => files.stat("/x"), PlatformError, "permission denied");
  assertThrows(() => files.lstat("/x"), PlatformError, "permission denied");
  assertEquals(files.stampOf("/", "x"), -1);
  files.close();
});

Deno.test("a stamp is the runtime's where the C library cannot look", () => {
  const files = directFiles(platform().files, new Refusing().open);
  files.open();
  assert(files.stampOf("/", ".") >= 0);
  files.close();
});

Deno.test({
  name: "by the C library, times are exact",
  ignore: Deno.build.os !== "linux",
  fn() {
    const file = Deno.makeTempFileSync();
    const files = directFiles(platform().files, openDenoLibc);
    files.open();
    try {
      const touch = (at: string) =>
        new Deno.Command("touch", { args: ["-d", at, file] }).outputSync();
      touch("@1700000000.123456789");
      assertEquals(files.stat(file)?.mtimeMs, 1_700_000_000_123.456789);
      touch("@-1.5");
      assertEquals(files.stat(file)?.mtimeMs, -1_500);
      const from = Date.now();
      Deno.chmodSync(file, 0o600);
      const changedAt = files.stat(file)!.ctimeMs;
      assert(changedAt > from - STEP_MS && changedAt < Date.now() + STEP_MS);
    } finally {
      files.close();
      Deno.removeSync(file);
    }
  },
});
