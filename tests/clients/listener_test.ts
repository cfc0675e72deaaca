/** `listener()` of both clients: the socket that is held, else one of the program's own. */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { findListener } from "../../lib/client/listener.ts";
import { freePort } from "../support/free_port.ts";
import { Running } from "../support/running.ts";

function host(env: Record<string, string>, cannotAdopt: string | null = null) {
  return { env: (name: string) => env[name], pid: 7, cannotAdopt };
}

Deno.test("TypeScript client: the held sockets by their names, or a port of the program's own", () => {
  const held = {
    BATON_VERSION: "1",
    LISTEN_PID: "6",
    LISTEN_FDS: "2",
    LISTEN_FDNAMES: "8000:a.sock",
  };
  assertEquals(findListener(host(held)), { fd: 3 });
  assertEquals(findListener(host(held), { port: 1 }), { fd: 3 });
  assertEquals(findListener(host(held), { name: "a.sock" }), { fd: 4 });
  const { LISTEN_FDNAMES: _, ...nameless } = held;
  assertEquals(findListener(host(nameless)), { fd: 3 });
  const own = { LISTEN_PID: "7", LISTEN_FDS: "1" }; // of systemd
  assertEquals(findListener(host(own)), { fd: 3 });
  for (const env of [{}, { ...own, LISTEN_PID: "6" }, { BATON_VERSION: "1" }]) {
    assertEquals(findListener(host(env), { port: 1 }), { port: 1, host: "127.0.0.1" });
    assertEquals(findListener(host(env), { port: 1, host: "::1" }), { port: 1, host: "::1" });
    assertThrows(() => findListener(host(env)), Error, "start baton with --listen PORT");
  }
  assertThrows(() => findListener(host(held), { name: "x" }), Error, '"x" is held, but "8000", "a');
  assertThrows(() => findListener(host(held, "cannot")), Error, "cannot");
  assertEquals(findListener(host({}, "cannot"), { port: 1 }), { port: 1, host: "127.0.0.1" });
});

const ALONE = { BATON_PIPE: "" };

Deno.test("Python client: without a held socket it binds the default, or says what to do", async () => {
  const port = freePort();
  const cases: readonly (readonly [string, RegExp | string])[] = [
    [`default=${port}`, `('127.0.0.1', ${port}) True True`],
    [`default=("::1", ${port})`, `('::1', ${port}, 0, 0) True True`],
    [`default="unix.sock"`, `unix.sock True True`],
    [``, "BatonError: Cannot find a socket: start baton with --listen PORT"],
  ];
  const folder = Deno.makeTempDirSync();
  try {
    for (const [argument, expected] of cases) {
      await using program = Running.python("tells_its_listener", ALONE, folder, argument);
      assertEquals(await program.line(), expected);
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("Python client: a descriptor that is closed, or no socket, is told", async () => {
  const env = { ...ALONE, BATON_VERSION: "1", LISTEN_FDS: "1", LISTEN_FDNAMES: "8000" };
  await using closed = Running.python("tells_its_listener", env, "/", "", "close");
  assertStringIncludes(
    await closed.line() ?? "",
    "descriptor 3, where a socket should be: [Errno 9]",
  );
  await using file = Running.python("tells_its_listener", env, "/", "", "file");
  assertStringIncludes(await file.line() ?? "", "descriptor 3");
  await using other = Running.python("tells_its_listener", env, "/", "'x'", "file");
  assertStringIncludes(await other.line() ?? "", 'Cannot find socket "x": baton holds "8000"');
});
