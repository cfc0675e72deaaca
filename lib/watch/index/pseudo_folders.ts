import { once } from "../../once.ts";
import type { Platform, Stat } from "../../platform/platform.ts";
import { isWithin } from "../../paths/path.ts";
import { lstatOrNull } from "../../paths/lookup.ts";
import { mountsOf } from "../sources/mounts.ts";

/** Where systems show what they do; some of it is on file systems that also hold files. */
const TOPS = ["/proc", "/sys", "/dev", "/run"];

/** Folders in which the system shows what it does: what happens there is no change, unless they were asked for. */
export class PseudoFolders {
  readonly #platform: Platform;
  readonly #roots: readonly string[];
  /** What the roots are on holds files, whatever else it does; not what one that is a link leads to. */
  readonly #rootDevices: () => ReadonlySet<number> = once(() => {
    const devices = this.#roots.map((root) => lstatOrNull(this.#platform, root)?.device ?? -1);
    return new Set(devices);
  });
  readonly #pseudoDevices: () => ReadonlySet<number> = once(() => {
    const pseudo = mountsOf(this.#platform).filter(({ isPseudo }) => isPseudo);
    return new Set(pseudo.map(({ device }) => device));
  });
  readonly #tops: readonly string[];

  constructor(platform: Platform, roots: readonly string[]) {
    this.#platform = platform;
    this.#roots = roots;
    this.#tops = TOPS.filter((top) => !roots.some((root) => isWithin(root, top)));
  }

  /** Whether what is really at `path` belongs to them. */
  holds(path: string, stat: Pick<Stat, "device">): boolean {
    return this.isShown(stat) || this.#tops.some((top) => isWithin(path, top));
  }

  /** Whether it is no file that somebody wrote, wherever it is. */
  isShown({ device }: Pick<Stat, "device">): boolean {
    return !this.#rootDevices().has(device) && this.#pseudoDevices().has(device);
  }
}
