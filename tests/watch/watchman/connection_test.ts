import { assertEquals, assertRejects } from "@std/assert";
import { BatonError } from "../../../lib/errors.ts";
import { type Message, WatchmanConnection } from "../../../lib/watch/watchman/connection.ts";
import { FakePlatform } from "../../support/fake_platform.ts";
import { waitUntil } from "../../support/wait_until.ts";

const SOCKET = "/run/watchman";

/** A connection to a Watchman that answers each line it reads with these chunks of bytes. */
async function connected(...chunks: readonly string[]) {
  const platform = new FakePlatform();
  const [asked, news]: [string[], Message[]] = [[], []];
  let isClosed = false;
  await platform.pipes.listen(SOCKET, (there) => ({
    onBytes(bytes) {
      asked.push(new TextDecoder().decode(bytes));
      for (const chunk of chunks) there.write(new TextEncoder().encode(chunk));
    },
    onClose() {},
  }));
  const connection = await WatchmanConnection.open(platform, SOCKET, {
    news: (message) => news.push(message),
    closed: () => isClosed = true,
  });
  return { connection, platform, asked, news, isClosed: () => isClosed };
}

Deno.test("an answer is told from news, however the bytes are cut", async () => {
  const { connection, asked, news } = await connected(
    '{"unilateral":true,"files":["a"]}\n{"clo',
    'ck":"c:1"}\n',
  );
  assertEquals(await connection.ask("clock", "/project"), { clock: "c:1" });
  assertEquals(asked, ['["clock","/project"]\n']);
  assertEquals(news, [{ unilateral: true, files: ["a"] }]);
});

Deno.test("a refusal comes with Watchman's own words", async () => {
  const { connection } = await connected('{"error":"no such root"}\n');
  const error = await assertRejects(() => connection.ask("clock", "/project"), BatonError);
  assertEquals(error.what, "Watchman refuses: no such root");
  assertEquals(error.where, SOCKET);
});

Deno.test("what is no JSON ends the connection, and who waits is told", async () => {
  const { connection, isClosed } = await connected("hello\n");
  const error = await assertRejects(() => connection.ask("clock", "/project"), BatonError);
  assertEquals(error.what, "Watchman closed the connection");
  assertEquals(isClosed(), true);
});

Deno.test("whoever asks after the connection was lost is told at once", async () => {
  const { connection, isClosed } = await connected("hello\n");
  await assertRejects(() => connection.ask("clock", "/project"), BatonError);
  await waitUntil("it is closed", isClosed);
  const error = await assertRejects(() => connection.ask("clock", "/project"), BatonError);
  assertEquals(error.what, "Watchman closed the connection");
});

Deno.test("a Watchman that does not answer is given up", async () => {
  const { connection, platform, isClosed } = await connected();
  const answer = connection.ask("clock", "/project");
  platform.clock.advance(30_000);
  const error = await assertRejects(() => answer, BatonError);
  assertEquals(error.what, "Watchman does not answer within 30 s");
  await waitUntil("it is closed", isClosed);
});

Deno.test("where nothing listens, it is said", async () => {
  const nobody = { news() {}, closed() {} };
  const error = await assertRejects(
    () => WatchmanConnection.open(new FakePlatform(), SOCKET, nobody),
    BatonError,
  );
  assertEquals(error.what, `Cannot connect to "${SOCKET}"`);
});
