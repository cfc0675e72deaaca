import type { Platform } from "../../lib/platform/platform.ts";
import { clockContract } from "./contract/clock.ts";
import { decompressContract } from "./contract/decompress.ts";
import { digestContract } from "./contract/digests.ts";
import { eventContract } from "./contract/events.ts";
import { fileContract } from "./contract/files.ts";
import { fifoContract } from "./contract/fifo.ts";
import { pipeContract } from "./contract/pipes.ts";
import { probeContract } from "./contract/probes.ts";
import { processContract } from "./contract/processes.ts";
import { directContract } from "./contract/direct_files.ts";
import { socketContract } from "./contract/sockets.ts";
import { tcpContract } from "./contract/tcp.ts";
import { terminalContract } from "./contract/terminal.ts";
import { treeContract } from "./contract/tree.ts";

/** One promise of a platform, and the test that it is kept. */
export interface Clause {
  readonly name: string;
  readonly keep: (platform: Platform) => void | Promise<void>;
}

/** Everything that `Platform` promises, for any runtime. */
export const contract: readonly Clause[] = [
  ...clockContract,
  ...fileContract,
  ...directContract,
  ...eventContract,
  ...processContract,
  ...treeContract,
  ...fifoContract,
  ...pipeContract,
  ...probeContract,
  ...socketContract,
  ...tcpContract,
  ...decompressContract,
  ...terminalContract,
  ...digestContract,
];
