import { assertEquals, assertThrows } from "@std/assert";
import { tcpListenersIn } from "../../../lib/platform/linux/tcp_listeners.ts";
import { PlatformError } from "../../../lib/platform/platform.ts";

const HEADER = "  sl  local_address rem_address   st tx_queue".padEnd(149);
const row = (state: string, inode: number) =>
  `   0: 0100007F:1F40 00000000:0000 ${state} 00000000:00000000 00:00000000 0 0 0 ${inode}`
    .padEnd(149);

function inodesIn(...rows: string[]): (string | undefined)[] {
  const path = Deno.makeTempFileSync();
  try {
    Deno.writeTextFileSync(path, [HEADER, ...rows, ""].join("\n"));
    return tcpListenersIn(path).map((fields) => fields[9]);
  } finally {
    Deno.removeSync(path);
  }
}

Deno.test("of a table of connections those that listen are read, which come first", () => {
  assertEquals(inodesIn(), []);
  assertEquals(inodesIn(row("06", 1)), []);
  for (const count of [1, 2, 3, 4, 5, 50]) {
    const listening = Array.from({ length: count }, (_, at) => row("0A", at + 1));
    const inodes = Array.from({ length: count }, (_, at) => `${at + 1}`);
    assertEquals(inodesIn(...listening), inodes);
    // What would come after another is not asked for: there is none.
    assertEquals(inodesIn(...listening, row("01", 0), row("0A", 99)), inodes);
  }
});

Deno.test("a table that is gone is told", () => {
  assertEquals(assertThrows(() => tcpListenersIn("/proc/0/net/tcp"), PlatformError).code, "ENOENT");
});
