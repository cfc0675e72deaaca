import type { Platform } from "../../../lib/platform/platform.ts";

/** Runs `use` with a new folder, and removes that. */
export async function inScratch(
  platform: Platform,
  use: (folder: string) => void | Promise<void>,
): Promise<void> {
  const { files } = platform;
  const folder = files.realPath(files.makeTempDir("baton-contract-"));
  try {
    await use(folder);
  } finally {
    files.remove(folder, { recursive: true });
  }
}
