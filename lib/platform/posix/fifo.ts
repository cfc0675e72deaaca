import { closeSync, constants, openSync, rmSync, writeSync } from "node:fs";
import type { Fifo } from "../pipes.ts";
import { systemError } from "../node/system_error.ts";

const OWNER_ONLY = 0o600;

/** The call by which a named pipe is made: below 0 where that failed. `path` ends with a zero. */
export interface FifoCalls {
  mkfifo(path: Uint8Array<ArrayBuffer>, mode: number): number;
}

type OpenCalls = () => { readonly calls: FifoCalls; close(): void } | null;

/** Makes named pipes through the C library. */
export function fifos(openCalls: OpenCalls): (path: string) => Fifo | null {
  return (path) => {
    const library = openCalls();
    if (library === null) return null;
    try {
      const name = new Uint8Array(new TextEncoder().encode(`${path}\0`));
      if (library.calls.mkfifo(name, OWNER_ONLY) < 0) return null;
    } finally {
      library.close();
    }
    return opened(path);
  };
}

/** Opened both ways: that waits for nobody, and who reads from it finds somebody who writes. */
function opened(path: string): Fifo {
  const descriptor = attempt(() => openSync(path, constants.O_RDWR | constants.O_NONBLOCK), path);
  return {
    write: (text) => void attempt(() => writeSync(descriptor, text), path),
    close() {
      closeSync(descriptor);
      rmSync(path, { force: true });
    },
  };
}

function attempt<T>(run: () => T, path: string): T {
  try {
    return run();
  } catch (error) {
    throw systemError(error, `write to the named pipe "${path}"`, path);
  }
}
