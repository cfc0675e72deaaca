/** What passes a proxy, byte for byte. */
import { assertEquals, assertMatch } from "@std/assert";
import { FakeClock } from "../support/fake_clock.ts";
import { waitUntil } from "../support/wait_until.ts";
import { answer, GET, Stand, type Talk } from "./stand.ts";

const FORWARDED =
  "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Host: here\r\nX-Forwarded-Proto: http\r\n";

Deno.test("a connection serves one request after another, and so does that to the program", async () => {
  await using stand = await Stand.open();
  const client = await stand.client(GET);
  const program = await stand.program();
  for (const body of ["one", "", "three"]) {
    assertEquals(
      await program.hear("\r\n\r\n"),
      `GET / HTTP/1.1\r\nHost: here\r\n${FORWARDED}\r\n`,
    );
    await program.say(answer(body));
    assertEquals(await client.hear(`\r\n\r\n${body}`), answer(body));
    if (body !== "three") await client.say(GET);
  }
});

Deno.test("nobody is sent on to the port of a generation", async () => {
  await using stand = await Stand.open();
  const client = await stand.client(GET);
  const program = await stand.program();
  await program.hear("\r\n\r\n");
  const { port } = program.connection.localAddr;
  const answer = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n";
  await program.say(`${answer}Location: http://localhost:${port}/a\r\n\r\n`);
  assertMatch(await client.hear("\r\n\r\n"), /^Location: \/a\r$/m);
});

Deno.test("what does not say how long it may be kept is asked for each time, else its age would say it", async () => {
  await using stand = await Stand.open();
  const client = await stand.client();
  const age = "Last-Modified: Sat, 01 Jan 2000 00:00:00 GMT\r\n";
  const asked = "Cache-Control: no-cache\r\n";
  const cases = {
    "": "",
    [age]: `${age}${asked}`,
    [`${age}Cache-Control: max-age=5\r\n`]: `${age}Cache-Control: max-age=5\r\n`,
    [`${age}Expires: 0\r\n`]: `${age}Expires: 0\r\n`,
  };
  await client.say(GET.repeat(4));
  const program = await stand.program();
  for (const [said, heard] of Object.entries(cases)) {
    await program.hear("\r\n\r\n");
    await program.say(answer("x", said));
    assertEquals(await client.hear("\r\n\r\nx"), answer("x", heard));
  }
});

Deno.test("what was sent ahead is answered in its order", async () => {
  await using stand = await Stand.open();
  const client = await stand.client(GET + GET.replace("/", "/two"));
  const program = await stand.program();
  assertMatch(await program.hear("\r\n\r\n"), /^GET \/ /);
  await program.say(answer("1"));
  assertMatch(await program.hear("\r\n\r\n"), /^GET \/two /);
  await program.say(answer("2"));
  assertEquals(await client.hear("\r\n\r\n2"), answer("1") + answer("2"));
});

Deno.test("order, case and repetition of fields stay; those for one hop do not, nor what they name", async () => {
  await using stand = await Stand.open();
  const client = await stand.client(
    "GET /a?b=%20 HTTP/1.1\r\nHOST: here\r\nX-B: 1\r\nx-a: \xe9\r\nX-B: 2\r\nX-Forwarded-For: 9.9.9.9\r\n" +
      "Connection: keep-alive, X-Secret, host, content-length\r\nX-Secret: 1\r\nKeep-Alive: 5\r\nTE: trailers, gzip\r\n\r\n",
  );
  const program = await stand.program();
  assertEquals(
    await program.hear("\r\n\r\n"),
    "GET /a?b=%20 HTTP/1.1\r\nHOST: here\r\nX-B: 1\r\nx-a: Ã©\r\nX-B: 2\r\nX-Forwarded-For: 9.9.9.9, 127.0.0.1\r\n" +
      "X-Forwarded-Host: here\r\nX-Forwarded-Proto: http\r\nConnection: TE\r\nTE: trailers\r\n\r\n",
  );
  await program.say(
    "HTTP/1.1 204 Nothing\r\nset-cookie: a\r\nSet-Cookie: b\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\n\r\n",
  );
  assertEquals(
    await client.hear("\r\n\r\n"),
    "HTTP/1.1 204 Nothing\r\nset-cookie: a\r\nSet-Cookie: b\r\n\r\n",
  );
});

Deno.test("a head that becomes shorter or longer on its way leaves the body behind it as it was", async () => {
  await using stand = await Stand.open();
  const request = GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
  for (const bytes of [3, 20_000]) {
    const body = Array.from({ length: bytes }, (_, at) => "abcdefg"[at % 7]).join("");
    const start = `HTTP/1.1 200 OK\r\nContent-Length: ${bytes}\r\n`;
    for (const hop of ["", "Connection: close\r\n", "Keep-Alive: 5\r\nConnection: close\r\n"]) {
      for (const cut of [0, 1, 30]) {
        using client = await stand.client(request);
        using program = await stand.program();
        await program.hear("\r\n\r\n");
        const whole = `${start}${hop}\r\n${body}`;
        await program.say(whole.slice(0, cut));
        await program.say(whole.slice(cut));
        assertEquals(await client.rest(), `${start}Connection: close\r\n\r\n${body}`);
      }
    }
  }
});

Deno.test("chunks, their extensions and what trails them pass as they are, both ways", async () => {
  await using stand = await Stand.open();
  const body = '3;x="y"\r\nabc\r\n0A\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n';
  const client = await stand.client(
    `POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n${body}`,
  );
  const program = await stand.program();
  assertMatch(await program.hear(body), /\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n/);
  await program.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n");
  await client.hear("\r\n\r\n");
  for (const byte of body) await program.say(byte);
  assertEquals(await client.hear(body), body);
  await client.say(GET);
  await program.hear("\r\n\r\n"); // on the same connection
});

Deno.test("Expect: the head goes on its way at once, and so does each word before the answer", async () => {
  await using stand = await Stand.open();
  const client = await stand.client(
    "POST / HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n",
  );
  const program = await stand.program();
  assertMatch(await program.hear("\r\n\r\n"), /Expect: 100-continue/);
  await program.say("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n");
  assertEquals(
    await client.hear("Continue\r\n\r\n"),
    "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n",
  );
  await client.say("abc");
  await program.hear("abc");
  await program.say(answer("done"));
  await client.hear("done");
});

Deno.test("an answer before the body was sent ends the connection, and arrives", async () => {
  await using stand = await Stand.open();
  const client = await stand.client(
    "POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 99999999\r\n\r\n",
  );
  const program = await stand.program();
  await program.hear("\r\n\r\n");
  await client.say("x".repeat(100_000));
  await program.say("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
  program[Symbol.dispose]();
  assertMatch(await client.rest(), /^HTTP\/1.1 413 Too Large\r\n[^]*\r\n\r\nno$/);
});

Deno.test("who goes on sending when it was answered and closed, or answered in part, is not reset for it", async () => {
  await using stand = await Stand.open();
  for (
    const said of [
      "HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\nno",
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nno",
    ]
  ) {
    const client = await stand.client(
      "POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 99999999\r\n\r\n",
    );
    const program = await stand.program();
    await program.hear("\r\n\r\n");
    await program.say(said);
    program[Symbol.dispose]();
    assertMatch(await client.rest(), /\r\n\r\nno$/);
    for (let part = 0; part < 32; part++) await client.say("x".repeat(1_048_576));
  }
});

Deno.test("an upgraded connection is bytes both ways, from the first that were sent ahead", async () => {
  await using stand = await Stand.open();
  const client = await stand.client(
    "GET /ws HTTP/1.1\r\nHost: here\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\nahead",
  );
  const program = await stand.program();
  assertMatch(
    await program.hear("\r\n\r\n"),
    /Sec-WebSocket-Key: k\r\n[^]*Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n$/,
  );
  const head =
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
  await program.say(`${head}hello`);
  assertEquals(await client.hear("hello"), `${head}hello`);
  assertEquals(await program.hear("ahead"), "ahead");
  await client.say("\0\xff");
  await program.hear("\0Ã¿");
  await program.connection.closeWrite();
  assertEquals(await client.rest(), "");
  await client.say("still");
  await program.hear("still");
});

Deno.test("an upgrade that is refused is an answer like any other", async () => {
  await using stand = await Stand.open();
  const client = await stand.client(
    GET.replace("\r\n\r\n", "\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"),
  );
  const program = await stand.program();
  await program.hear("\r\n\r\n");
  await program.say(answer("no"));
  await client.hear("no");
  await client.say(GET);
  await program.hear("\r\n\r\n");
});

for (
  const [name, bytes] of [
    ["HTTP/2 with prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"],
    ["TLS", "\x16\x03\x01\x02\0\x01"],
    ["a line of another protocol", "HELO there\r\n"],
    ["HTTP/0.9", "GET /\r\n"],
    ["binary", "\0\x01\x02"],
  ] as const
) {
  Deno.test(`${name} passes as bytes`, async () => {
    await using stand = await Stand.open();
    const client = await stand.client(bytes.slice(0, 3));
    await client.say(bytes.slice(3));
    const program = await stand.program();
    assertEquals(await program.hear(bytes), bytes);
    await program.say("\0back");
    assertEquals(await client.hear("back"), "\0back");
    stand.proxy.leave(1);
    assertEquals([await client.rest(), await program.rest()], ["", ""]);
  });
}

Deno.test("what ends before it is a line passes as bytes, and is answered", async () => {
  await using stand = await Stand.open();
  for (const text of ["hello", "GET / HT"]) {
    const client = await stand.client(text);
    await client.connection.closeWrite();
    const program = await stand.program();
    assertEquals(await program.rest(), text);
    await program.say("back");
    await program.connection.closeWrite();
    assertEquals(await client.rest(), "back");
  }
});

Deno.test("HTTP/1.0: what it cannot read is taken apart, and the connection is closed where it does not ask", async () => {
  await using stand = await Stand.open();
  const client = await stand.client("GET / HTTP/1.0\r\n\r\n");
  const program = await stand.program();
  assertMatch(await program.hear("\r\n\r\n"), /^GET \/ HTTP\/1\.0\r\n/);
  await program.say("HTTP/1.1 100 Continue\r\n\r\n"); // of which it knows nothing
  await program.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  assertEquals(await client.rest(), "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc");
  const again = await stand.client("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const next = await stand.program();
  await next.hear("\r\n\r\n");
  await next.say(answer("a"));
  assertMatch(await again.hear("\r\n\r\na"), /Connection: keep-alive/);
});

Deno.test("a body that ends with its connection becomes chunks, and the client's connection stays", async () => {
  await using stand = await Stand.open();
  const client = await stand.client(GET);
  const program = await stand.program();
  await program.hear("\r\n\r\n");
  await program.say("HTTP/1.0 200 OK\nContent-Type: text/plain\n\nabc"); // as a hand-written one says it
  await client.hear("3\r\nabc\r\n");
  program[Symbol.dispose]();
  assertEquals(await client.hear("0\r\n\r\n"), "0\r\n\r\n");
  await client.say(GET);
  await (await stand.program()).hear("\r\n\r\n");
});

for (
  const [name, request, head] of [
    ["HEAD", GET.replace("GET", "HEAD"), "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"],
    ["304", GET, "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"],
    ["204", GET, "HTTP/1.1 204 No Content\r\n\r\n"],
  ] as const
) {
  Deno.test(`${name} has no body, whatever it says of one`, async () => {
    await using stand = await Stand.open();
    const client = await stand.client(request);
    const program = await stand.program();
    await program.hear("\r\n\r\n");
    await program.say(head);
    assertEquals(await client.hear("\r\n\r\n"), head);
    await client.say(GET);
    await program.hear("\r\n\r\n");
  });
}

Deno.test("what the program says of two lengths, or of no HTTP, is not passed on", async () => {
  await using stand = await Stand.open();
  for (
    const said of [
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "\0\0\r\n\r\n",
    ]
  ) {
    const client = await stand.client(GET);
    const program = await stand.program();
    await program.hear("\r\n\r\n");
    await program.say(said);
    assertMatch(await client.hear("no HTTP: "), /^HTTP\/1\.1 502 /);
  }
});

Deno.test("an answer that is cut off is cut off for the client, too", async () => {
  await using stand = await Stand.open();
  const client = await stand.client(GET);
  const program = await stand.program();
  await program.hear("\r\n\r\n");
  await program.say("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
  await client.hear("abc");
  program[Symbol.dispose]();
  assertEquals(await client.rest(), "");
});

Deno.test("an answer whose chunks are none is cut off, and the client is not told that it was its fault", async () => {
  await using stand = await Stand.open();
  const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";
  const page = "Content-Type: text/html\r\n";
  const asked = { "1.0": "GET / HTTP/1.0\r\n\r\n", "1.1": GET };
  for (const [version, more] of [["1.0", ""], ["1.0", page], ["1.1", ""], ["1.1", page]] as const) {
    const client = await stand.client(asked[version]);
    const program = await stand.program();
    await program.hear("\r\n\r\n");
    await program.say(`${head}${more}\r\n3\r\nabc\r\n`);
    await client.hear("\r\n\r\n");
    await program.say("zz\r\n");
    assertMatch(await client.rest(), version === "1.0" ? /^(abc)?$/ : /^(3\r\nabc\r\n)?$/);
  }
});

Deno.test("a page that is not compressed as it says is cut off, and baton goes on", async () => {
  await using stand = await Stand.open();
  for (const coding of ["gzip", "deflate"]) {
    const client = await stand.client(GET.replace("here", "localhost"));
    const program = await stand.program();
    await program.hear("\r\n\r\n");
    const about = `Content-Type: text/html\r\nContent-Encoding: ${coding}\r\n`;
    await program.say(answer("\x00no such thing\xff", about));
    assertMatch(await client.rest(), /^HTTP\/1\.1 200 OK\r\n(?:(?!\r\n0\r\n)[^])*$/);
  }
});

Deno.test("who has said all may still listen; who does not answer by then is told that nobody does", async () => {
  const clock = new FakeClock();
  await using stand = await Stand.open(10_000, [1], clock);
  let program: Talk | undefined;
  for (const answers of [true, false]) {
    const client = await stand.client(GET);
    program ??= await stand.program();
    await program.hear("\r\n\r\n");
    const before = clock.pending;
    await client.connection.closeWrite();
    await waitUntil("baton has seen that", () => clock.pending > before);
    if (answers) await program.say(answer("in time"));
    else clock.advance(1_000);
    assertMatch(await client.rest(), answers ? /in time$/ : /^$/);
    clock.advance(1_000);
    if (!answers) assertEquals(await program.rest(), "");
  }
});

Deno.test("whoever does not read holds up who writes, either way", async () => {
  await using stand = await Stand.open();
  const part = new Uint8Array(1_048_576).fill(97);
  const flood = async (talk: Awaited<ReturnType<Stand["client"]>>) => {
    for (let count = 0;; count++) {
      const isWritten = await Promise.race([
        talk.say(part).then(() => true),
        new Promise<boolean>((done) => setTimeout(done, 300, false)),
      ]);
      if (!isWritten || count > 256) return count;
    }
  };
  const client = await stand.client(
    `POST / HTTP/1.1\r\nHost: here\r\nContent-Length: ${2 ** 40}\r\n\r\n`,
  );
  const program = await stand.program();
  await program.hear("\r\n\r\n");
  assertEquals(await flood(client) < 128, true);
  const reader = await stand.client(GET);
  const writer = await stand.program();
  await writer.hear("\r\n\r\n");
  await writer.say(`HTTP/1.1 200 OK\r\nContent-Length: ${2 ** 40}\r\n\r\n`);
  await reader.hear("\r\n\r\n");
  assertEquals(await flood(writer) < 128, true);
});
