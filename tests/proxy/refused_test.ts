/** What a proxy does not pass on. */
import { assertEquals, assertMatch } from "@std/assert";
import { PlatformError } from "../../lib/platform/platform.ts";
import { platform } from "../support/platform.ts";
import { mostConnections } from "../../lib/proxy/most_connections.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { waitUntil } from "../support/wait_until.ts";
import { answer, GET, Stand } from "./stand.ts";

const { files } = platform();
const HEAD = "POST / HTTP/1.1\r\nHost: here\r\n";

/** What two readers could take for different messages (RFC 9112, 11.2). */
const AMBIGUOUS: Readonly<Record<string, string>> = {
  "a length beside a coding": "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  "two lengths": "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
  "two lengths that are the same": "Content-Length: 2\r\nContent-Length: 2\r\n\r\nab",
  "a list of lengths": "Content-Length: 2, 2\r\n\r\nab",
  "a length with a sign": "Content-Length: +2\r\n\r\nab",
  "a length in hex": "Content-Length: 0x2\r\n\r\nab",
  "no length": "Content-Length: \r\n\r\n",
  "a length that no number holds": "Content-Length: 99999999999999999999\r\n\r\n",
  "another coding": "Transfer-Encoding: gzip\r\n\r\n",
  "a coding like chunked": "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
  "chunked, and then another": "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
  "chunked twice": "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  "a coding with a vertical tab": "Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
  "a blank before the colon": "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
  "a folded line": "X-A: 1\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  "a line that ends in LF": "X-A: 1\nContent-Length: 2\r\n\r\nab",
  "a bare CR": "X-A: 1\rContent-Length: 2\r\n\r\nab",
  "a NUL": "X-A: \x001\r\n\r\n",
  "a line without a name": ": 1\r\n\r\n",
  "a line without a colon": "X-A\r\n\r\n",
  "two hosts": "Host: there\r\n\r\n",
  "a chunk without a size": "Transfer-Encoding: chunked\r\n\r\n;a\r\n\r\n",
  "a chunk with a sign": "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
  "a chunk's size as C writes it": "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n",
  "a chunk that ends in LF": "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
  "a chunk longer than it says": "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
  "a size that no number holds": "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
  "a trailer that is none": "Transfer-Encoding: chunked\r\n\r\n0\r\nGET / HTTP/1.1\r\n\r\n",
};

for (const [name, rest] of Object.entries(AMBIGUOUS)) {
  Deno.test(`${name} is refused with 400, and ends the connection`, async () => {
    await using stand = await Stand.open();
    const client = await stand.client(`${HEAD}${rest}${GET}`);
    assertMatch(await client.rest(), /^HTTP\/1\.1 400 Bad Request\r\n(?:(?!HTTP\/1)[^])*$/);
  });
}

Deno.test("whatever is no request line of HTTP/1.1 is refused with 400 where it looks like one", async () => {
  await using stand = await Stand.open();
  for (
    const line of ["GET  / HTTP/1.1", "GET / x HTTP/1.1", "GET /\x01 HTTP/1.1", "GET /\t HTTP/1.1"]
  ) {
    const client = await stand.client(`${line}\r\nHost: here\r\n\r\n`);
    assertMatch(await client.rest(), /^HTTP\/1\.1 400 /);
  }
  const hostless = await stand.client("GET / HTTP/1.1\r\n\r\n");
  assertMatch(await hostless.rest(), /^HTTP\/1\.1 400 [^]*exactly one Host/);
  const connect = await stand.client("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n");
  assertMatch(await connect.rest(), /^HTTP\/1\.1 501 /);
  const second = await stand.client(`${GET}\0\x01\r\n\r\n`);
  const program = await stand.program();
  await program.hear("\r\n\r\n");
  await program.say(answer("one"));
  assertMatch(await second.rest(), /one(?=HTTP\/1\.1 400 )/);
});

Deno.test("a few empty lines before a request are none of it, and many are refused with 400", async () => {
  await using stand = await Stand.open();
  const few = await stand.client(`${"\r\n".repeat(9)}${GET}`);
  const program = await stand.program();
  assertMatch(await program.hear("\r\n\r\n"), /^GET \/ /);
  await program.say(answer("x"));
  await few.hear("\r\n\r\nx");
  for (const lines of [600, 6_000]) {
    const many = await stand.client(`${"\r\n".repeat(lines)}${GET}`);
    assertMatch(await many.rest(), /^HTTP\/1\.1 400 /);
  }
});

Deno.test("a head of 1 MB is refused with 431, one of 200 KB is not", async () => {
  await using stand = await Stand.open();
  const long = (bytes: number) => GET.replace("\r\n\r\n", `\r\nX-A: ${"a".repeat(bytes)}\r\n\r\n`);
  const client = await stand.client(long(200_000));
  const program = await stand.program();
  await program.hear("\r\n\r\n");
  const huge = await stand.client(long(1_048_576).slice(0, 300_000));
  assertMatch(await huge.rest(), /^HTTP\/1\.1 431 /);
  const line = await stand.client(`GET /${"a".repeat(300_000)}`);
  assertMatch(await line.rest(), /^HTTP\/1\.1 431 /);
  await program.say(answer("fits"));
  await client.hear("fits");
});

Deno.test("half a request, and nothing more: the program hears of it, or of nothing", async () => {
  await using stand = await Stand.open();
  const half = await stand.client("GET / HTTP/1.1\r\nHost:");
  await half.connection.closeWrite();
  assertEquals(await half.rest(), "");
  const body = await stand.client("POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nabc");
  const program = await stand.program();
  await program.hear("abc");
  await body.connection.closeWrite();
  assertEquals([await program.rest(), await body.rest()], ["", ""]);
});

Deno.test("/_baton/ answers to this machine's own names, and to those that are named", async () => {
  await using stand = await Stand.open();
  const statusOf = async (host: string) => {
    const client = await stand.client(
      `GET /_baton/none HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    );
    return Number((await client.rest()).slice(9, 12));
  };
  for (
    const host of [
      ...["localhost", "LOCALHOST:8000", "localhost.", "a.localhost:1", "127.0.0.1:80", "[::1]:80"],
      ...["10.1.2.3", "dev.example", "DEV.example:8000"],
    ]
  ) assertEquals(await statusOf(host), 404, host);
  for (
    const host of [
      ...[
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "a:b:c",
        "xlocalhost",
      ],
      ...["", "[::1].evil", "dev.example.evil", "1.2.3"],
    ]
  ) assertEquals(await statusOf(host), 403, host);
});

Deno.test("a page by another name is left without a script that would not be answered, which is said once", async () => {
  await using stand = await Stand.open();
  const page = "<!doctype html><html><head></head></html>";
  const cases = { "evil.example": false, "other.example": false, "dev.example:80": true };
  for (const [host, isInjected] of Object.entries(cases)) {
    const client = await stand.client(
      GET.replace("here", host).replace(/(?=\r\n$)/, "Connection: close\r\n"),
    );
    const program = await stand.program();
    await program.hear("\r\n\r\n");
    await program.say(answer(page, "Content-Type: text/html\r\nConnection: close\r\n"));
    assertEquals((await client.rest()).includes("/_baton/client.js"), isInjected, host);
  }
  assertEquals(stand.warnings, [
    'Left a page without baton\'s script: it was asked for as "evil.example", where baton answers ' +
    'for itself if "--proxy-host" says so',
  ]);
});

Deno.test("who is slow has its time: a head takes 30 s at most, and who says nothing is closed after 10 minutes", async () => {
  const clock = new FakeClock();
  await using stand = await Stand.open(10_000, [1], clock);
  /** Lets that time pass, once baton waits for something. */
  const pass = async (ms: number) => {
    await waitUntil("baton has set a timer", () => clock.pending > 0);
    await new Promise((done) => setTimeout(done, 20)); // what was said has arrived
    clock.advance(ms);
  };
  const slow = await stand.client("GET / HTTP/1.1\r\nX-");
  await pass(20_000);
  await slow.say("A: 1\r\nX-");
  await pass(9_999);
  await slow.say("B: 1\r\n");
  await pass(1);
  assertEquals(await slow.rest(), "");
  const silent = await stand.client();
  await pass(599_999);
  const begun = await stand.client("GE");
  await pass(1);
  assertEquals(await silent.rest(), "");
  await begun.say(GET.slice(2));
  const program = await stand.program();
  await program.hear("\r\n\r\n");
  clock.advance(600_000); // an answer has no time
  await program.say(answer("at last"));
  await begun.hear("at last");
});

Deno.test("a quarter of the files that may be open is for connections, within bounds", () => {
  const most = (limits: () => string) => mostConnections({ files: { ...files, readText: limits } });
  const limits = (count: string) => () =>
    `Limit\nMax open files            ${count}     9     files\n`;
  assertEquals(most(limits("1024")), 256);
  assertEquals(most(limits("1048576")), 8_192);
  assertEquals(most(limits("unlimited")), 8_192);
  const nobody = () => {
    throw new PlatformError("ENOENT", "No /proc");
  };
  assertEquals(most(nobody), 512);
});

Deno.test("where no more may connect, whoever has waited longest makes room, and who is served stays", async () => {
  await using stand = await Stand.open(10_000, [1], undefined, 12);
  const served = await stand.client(GET);
  const program = await stand.program();
  await program.hear("\r\n\r\n");
  const half = await stand.client("GET / HTTP/1.1\r\nX-");
  const silent = await stand.client("G"); // three are all that may
  const asking = await stand.client(GET);
  assertEquals(await half.rest(), "");
  const other = await stand.program();
  await other.hear("\r\n\r\n");
  await other.say(answer("in"));
  await asking.hear("in");
  await asking.say(GET);
  await other.hear("\r\n\r\n");
  const late = await stand.client(GET);
  assertEquals(await silent.rest(), "");
  await (await stand.program()).hear("\r\n\r\n");
  const refused = await stand.client();
  assertEquals(await refused.rest(), "", "all the others are served");
  await program.say(answer("first"));
  await served.hear("first");
  late.listen();
});
