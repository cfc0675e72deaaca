import { chmodSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  type DirectFiles,
  type Files,
  type Platform,
  PlatformError,
  type Stat,
} from "../../../lib/platform/platform.ts";
import type { Clause } from "../contract.ts";
import { fileContract } from "./files.ts";
import { inScratch } from "./scratch.ts";

/** What holds for files holds for those that are looked at directly, and more. */
export const directContract: readonly Clause[] = [
  ...fileContract.map(({ name, keep }) => ({
    name: `looked at directly: ${name}`,
    keep: (platform: Platform) => opened(platform, (files) => keep({ ...platform, files })),
  })),
  {
    name: "looked at directly, all is as a runtime says, though not as exactly",
    keep: (platform) =>
      opened(platform, (files) =>
        inScratch(platform, (folder) => {
          fill(folder, files);
          const below = [...NAMES, "n".repeat(300)].map((name) => `${folder}/${name}`);
          for (const path of [...below, "", "/proc", "/dev/null", "/ü".repeat(2_048), "."]) {
            for (const look of ["stat", "lstat"] as const) {
              const direct = outcome(() => files[look](path));
              const own = outcome(() => platform.files[look](path));
              assertEquals(withoutTimes(direct), withoutTimes(own), `${look} "${path}"`);
              assert(!isLater(own, direct), `${look} "${path}"`);
            }
          }
        })),
  },
  {
    name: "looked at directly, a time has its fraction",
    keep: (platform) =>
      opened(platform, (files) =>
        inScratch(platform, (folder) => {
          for (const seconds of [1_700_000_000.25, 0.5]) {
            utimesSync(folder, seconds, seconds);
            assertEquals(files.stat(folder)?.mtimeMs, seconds * 1_000);
          }
        })),
  },
  {
    name: "a stamp stays as long as nothing happens to a file, and is another one after",
    keep: (platform) =>
      opened(platform, (files) => inScratch(platform, (folder) => tryEverything(files, folder))),
  },
];

const NAMES = [
  "file",
  "link",
  "inner",
  "ü/文",
  "ü\ud800",
  "none",
  "file/below",
  "dangling",
  "loop",
];

async function opened(
  platform: Platform,
  use: (files: DirectFiles) => void | Promise<void>,
): Promise<void> {
  const files = platform.files.direct();
  files.open();
  try {
    await use(files);
  } finally {
    files.close();
  }
}

function fill(folder: string, files: Files): void {
  files.makeDir(`${folder}/inner`);
  files.makeDir(`${folder}/ü`);
  files.writeAtomically(`${folder}/file`, "12345", { mode: 0o4755 });
  files.writeAtomically(`${folder}/ü/文`, "");
  files.writeAtomically(`${folder}/ü\ufffd`, "");
  for (const [link, target] of [["link", "file"], ["dangling", "none"], ["loop", "loop"]]) {
    symlinkSync(target!, `${folder}/${link}`);
  }
}

/** What is there, or what it says of why nobody can tell. */
function outcome(look: () => Stat | null): Stat | null | { code: string; message: string } {
  try {
    return look();
  } catch (error) {
    if (error instanceof PlatformError) return { code: error.code, message: error.message };
    throw error;
  }
}

function withoutTimes<T extends object | null>(found: T) {
  return found === null ? null : { ...found, mtimeMs: 0, ctimeMs: 0 };
}

/** Whether one of the times of `a` is later than that of `b`. */
function isLater(a: ReturnType<typeof outcome>, b: ReturnType<typeof outcome>): boolean {
  if (a === null || b === null || !("kind" in a && "kind" in b)) return false;
  return a.mtimeMs > b.mtimeMs || a.ctimeMs > b.ctimeMs;
}

function tryEverything(files: DirectFiles, folder: string): void {
  const path = `${folder}/file`;
  const steps: Readonly<Record<string, () => void>> = {
    "a time set back": () => utimesSync(path, 1, 1),
    "a write of the same size": () => writeFileSync(path, "2"),
    "a mode": () => chmodSync(path, 0o600),
    "a rename over it": () => files.rename(`${folder}/other`, path),
    "a removal": () => files.remove(path),
  };
  files.writeAtomically(path, "1");
  files.writeAtomically(`${folder}/other`, "1");
  symlinkSync("file", `${folder}/link`);
  for (const [step, run] of Object.entries(steps)) {
    utimesSync(folder, 1, 1);
    const file = files.stampOf(folder, "file");
    const around = files.stampOf(folder, ".");
    files.stat("/");
    assertEquals(files.stampOf(folder, "file"), file, step);
    assertEquals(files.stampOf(folder, "link"), file, step);
    run();
    assertNotEquals(files.stampOf(folder, "file"), file, step);
    assertEquals(files.stampOf(folder, ".") !== around, /rename|removal/.test(step), step);
  }
  const none = files.stampOf(folder, "none");
  assertEquals(files.stampOf(folder, "link"), none);
  assertEquals(files.stampOf(folder, "n".repeat(5_000)), none);
  assertEquals(files.stampOf("/ü".repeat(2_048), "."), none);
}
