import { dirname } from "@std/path";
import type {
  FileEvents,
  FolderWatch,
  PlatformError,
  RawEvent,
} from "../../lib/platform/platform.ts";

interface Watch {
  readonly folders: readonly string[];
  readonly onEvent: (event: RawEvent) => void;
  readonly onError: (error: PlatformError) => void;
}

/** File events that a test makes up. */
export class FakeEvents implements FileEvents {
  tellsCloseFromWrite = true;
  /** Set to have watching fail: `ENOSPC`, `EMFILE` … */
  failure: PlatformError | null = null;
  readonly #open = new Set<Watch>();

  watchFolders(
    folders: readonly string[],
    onEvent: (event: RawEvent) => void,
    onError: (error: PlatformError) => void,
  ): FolderWatch {
    if (this.failure !== null) throw this.failure;
    const watch: Watch = { folders: [...folders], onEvent, onError };
    this.#open.add(watch);
    return {
      instances: 1,
      close: () => Promise.resolve(void this.#open.delete(watch)),
    };
  }

  /** The folders watched now, sorted. */
  get watched(): string[] {
    return [...this.#open].flatMap(({ folders }) => folders).sort();
  }

  /** Tells those who watch the folder of `path`, or everybody where events were lost. */
  emit(kind: RawEvent["kind"], path = ""): void {
    for (const { folders, onEvent } of [...this.#open]) {
      if (kind === "rescan" || folders.includes(path) || folders.includes(dirname(path))) {
        onEvent({ kind, path });
      }
    }
  }

  /** Breaks every open watch. */
  fail(error: PlatformError): void {
    for (const { onError } of [...this.#open]) onError(error);
  }
}
