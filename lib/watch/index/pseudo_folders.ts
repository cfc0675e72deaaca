import { once } from "../../once.ts";
import type { Platform, Stat } from "../../platform/platform.ts";
import { isWithin } from "../../paths/path.ts";
import { statOrNull } from "../../paths/lookup.ts";
import { mountsOf } from "../sources/mounts.ts";

/** Where systems show what they do; some of it is on file systems that also hold files. */
const TOPS = ["/proc", "/sys", "/dev", "/run"];

/** Folders in which the system shows what it does: what happens there is no change, unless they were asked for. */
export class PseudoFolders {
  readonly #platform: Platform;
  readonly #roots: readonly string[];
  /** What the roots are on holds files, whatever else it does. */
  readonly #rootDevices: () => ReadonlySet<number> = once(() => {
    const devices = this.#roots.map((root) => statOrNull(this.#platform, root)?.device ?? -1);
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
  holds(path: string, { device }: Pick<Stat, "device">): boolean {
    const isOnPseudo = !this.#rootDevices().has(device) && this.#pseudoDevices().has(device);
    return isOnPseudo || this.#tops.some((top) => isWithin(path, top));
  }
}
