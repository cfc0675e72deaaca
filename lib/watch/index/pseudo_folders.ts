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
  /** Found when it is first needed, long after the program was started. */
  #devices: ReadonlySet<number> | null = null;
  readonly #tops: readonly string[];

  constructor(platform: Platform, roots: readonly string[]) {
    this.#platform = platform;
    this.#roots = roots;
    this.#tops = TOPS.filter((top) => !roots.some((root) => isWithin(root, top)));
  }

  /** Whether what is really at `path` belongs to them. */
  holds(path: string, { device }: Pick<Stat, "device">): boolean {
    this.#devices ??= this.#findDevices();
    return this.#devices.has(device) || this.#tops.some((top) => isWithin(path, top));
  }

  #findDevices(): Set<number> {
    const pseudo = mountsOf(this.#platform).filter(({ isPseudo }) => isPseudo);
    const devices = new Set(pseudo.map(({ device }) => device));
    for (const root of this.#roots) devices.delete(statOrNull(this.#platform, root)?.device ?? -1);
    return devices;
  }
}
