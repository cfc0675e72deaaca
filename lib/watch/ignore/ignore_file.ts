import { type Platform, PlatformError } from "../../platform/platform.ts";
import { asString } from "./bytes.ts";

/** A larger file says nothing; the biggest of known projects have a hundredth of that. */
const LARGEST_BYTES = 1024 * 1024;

const BYTE_ORDER_MARK = "\xef\xbb\xbf";

/** The lines of an ignore file, as bytes; none where it cannot be used, of which `onUnusable` is told. */
export function readIgnoreFile(
  { files }: Pick<Platform, "files">,
  path: string,
  onUnusable: (why: PlatformError) => void,
): string[] {
  try {
    const bytes = asString(files.readRegular(path, { maxBytes: LARGEST_BYTES, follow: true }));
    const text = bytes.startsWith(BYTE_ORDER_MARK) ? bytes.slice(3) : bytes;
    return text.split("\n");
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    if (error.code !== "ENOENT") onUnusable(error);
    return [];
  }
}
