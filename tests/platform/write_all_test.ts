import { assertEquals, assertThrows } from "@std/assert";
import { writeAll, writeLog, type WriteSome } from "../../lib/platform/write_all.ts";

/** Refuses the first writes with these codes, then takes three bytes at a time. */
function writer(codes: string[]): { write: WriteSome; taken: () => string } {
  let taken = "";
  return {
    write(_, bytes) {
      const code = codes.shift();
      if (code !== undefined) throw Object.assign(new Error(code), { code });
      taken += new TextDecoder().decode(bytes.subarray(0, 3));
      return Math.min(3, bytes.length);
    },
    taken: () => taken,
  };
}

let descriptor = 1_000;

Deno.test("all is written, however little is taken at once, and whatever signal comes in between", () => {
  const { write, taken } = writer(["EINTR", "EAGAIN"]);
  writeAll(descriptor++, "a line of text\n", write);
  assertEquals(taken(), "a line of text\n");
});

Deno.test("once nobody reads nothing is written any more", () => {
  for (const code of ["EPIPE", "EIO", "EBADF"]) {
    const { write, taken } = writer([code]);
    const gone = descriptor++;
    for (const line of ["first\n", "second\n"]) writeLog(gone, line, write);
    assertEquals(taken(), "");
  }
});

Deno.test("where the disk is full a line of the log is lost, and the next one is tried again", () => {
  for (const code of ["ENOSPC", "EDQUOT", "EFBIG"]) {
    const { write, taken } = writer([code]);
    const full = descriptor++;
    for (const line of ["first\n", "second\n"]) writeLog(full, line, write);
    assertEquals(taken(), "second\n");
  }
});

Deno.test("an answer that there is no room for is an error", () => {
  const { write } = writer(["ENOSPC"]);
  assertThrows(() => writeAll(descriptor++, "answer\n", write), Error, "ENOSPC");
});
