import { type Explanation, messageOf } from "../errors.ts";
import type { Cancel, Platform } from "../platform/platform.ts";
import type { TemporaryFolder } from "../state/temporary.ts";
import { Endpoint } from "./endpoint.ts";

type Folder = Pick<TemporaryFolder, "keep">;

const NEXT = "Free the place; without it no further generation can be started";

/** How often it is tried again to open a pipe that there was no room for. */
const RETRY_MS = 500;

/** The pipe of the generation to come, opened ahead so that spawning need not wait for it. */
export class NextEndpoint {
  readonly #platform: Platform;
  readonly #folder: Folder;
  readonly #complain: (what: string) => void;
  #next: { readonly generation: number; readonly endpoint: Endpoint } | null = null;
  #retry: Cancel | null = null;
  #opened = 0;
  /** The last that was opened does not listen yet. */
  #isOpening = false;
  #isClosed = false;

  /** `folder` is private; `onTrouble` is told what keeps a pipe from being opened. */
  constructor(
    platform: Platform,
    folder: Folder,
    onTrouble: (trouble: Explanation) => void,
  ) {
    this.#platform = platform;
    this.#folder = folder;
    this.#complain = (what) => onTrouble({ what, next: NEXT });
  }

  /** Rejects where there is no room for it. */
  async open(generation: number): Promise<void> {
    const folder = this.#folder.keep();
    this.#opened += 1; // so that no two have one address: who is closed last would remove the other's
    const endpoint = new Endpoint(`${folder}/${generation}.${this.#opened}`);
    this.#next = { generation, endpoint };
    const { files, user, pipes } = this.#platform;
    if (user?.uid === 0 && pipes.tellsPeers) files.chmod(folder, 0o711);
    this.#isOpening = true;
    try {
      await endpoint.listen(this.#platform);
    } finally {
      if (this.#next?.endpoint === endpoint) this.#isOpening = false;
    }
  }

  /** Opens it in the background, and tries until there is room. */
  openSoon(generation: number, complain = this.#complain): void {
    this.open(generation).catch((error) => {
      complain(`No pipe for the next generation: ${messageOf(error)}`);
      if (this.#next?.generation !== generation || this.#isClosed) return;
      const again = () => this.openSoon(generation, () => {});
      this.#retry = this.#platform.clock.after(RETRY_MS, again);
    });
  }

  /**
   * That of `generation`, which must be the one it was opened for. Where somebody who tidies up has removed it,
   * another is opened; the program has hardly begun by the time that it is there.
   */
  take(generation: number): Endpoint {
    if (this.#next?.generation !== generation) {
      throw new Error(`No pipe was prepared for generation ${generation}`);
    }
    if (this.#isOpening || this.#next.endpoint.isThere()) return this.#next.endpoint;
    this.#next.endpoint.close();
    this.open(generation).catch((error) => {
      this.#complain(`No pipe for generation ${generation}: ${messageOf(error)}`);
    });
    return this.#next.endpoint;
  }

  close(): void {
    this.#isClosed = true;
    this.#retry?.();
    this.#next?.endpoint.close();
  }
}
