/** What becomes of requests where one generation follows another. */
import { assertEquals, assertMatch } from "@std/assert";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, GET, Stand, type Talk } from "./stand.ts";

const POST = "POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 1\r\n\r\nx";

Deno.test("a request under way ends where it began, the next on that connection goes to the next", async () => {
  const clock = new FakeClock();
  await using stand = await Stand.open(10_000, [1], clock);
  const client = await stand.client(GET);
  const old = await stand.program();
  await old.hear("\r\n\r\n");
  stand.serve(2);
  let isDrained = false;
  stand.proxy.drain(1, () => isDrained = true);
  await old.say(answer("old"));
  await client.hear("old");
  await client.say(GET);
  const next = await stand.program(2);
  await next.hear("\r\n\r\n");
  assertEquals([isDrained, await old.rest()], [false, ""]); // its idle connection is closed
  clock.advance(500);
  assertEquals(isDrained, true);
  await next.say(answer("new"));
  await client.hear("new");
});

Deno.test("where nothing is under way it is drained at once, also where it is known no more", async () => {
  await using stand = await Stand.open();
  const drained: number[] = [];
  stand.proxy.drain(1, () => drained.push(1));
  stand.proxy.gone(1);
  stand.proxy.drain(1, () => drained.push(2));
  assertEquals(drained, [1, 2]);
});

Deno.test("while it may be needed again, as the next one ends just after it has answered, it stays", async () => {
  const clock = new FakeClock();
  await using stand = await Stand.open(10_000, [1], clock);
  const drained: string[] = [];
  stand.serve(2);
  stand.proxy.drain(1, () => drained.push("taken back"));
  clock.advance(499);
  stand.proxy.route(1);
  clock.advance(500);
  stand.proxy.route(2);
  stand.proxy.drain(1, () => drained.push("followed"));
  clock.advance(499);
  assertEquals(drained, []);
  clock.advance(1);
  assertEquals(drained, ["followed"]);
});

Deno.test("one that is routed to again is used again", async () => {
  await using stand = await Stand.open();
  stand.proxy.drain(1, () => {});
  stand.proxy.route(1);
  const client = await stand.client(GET);
  const program = await stand.program();
  for (let turn = 0; turn < 2; turn++) {
    await program.hear("\r\n\r\n");
    await program.say(answer("still"));
    await client.hear("still");
    await client.say(GET);
  }
});

Deno.test("who comes while nobody serves waits for somebody, whatever it speaks", async () => {
  await using stand = await Stand.open(10_000, []);
  const clients = [await stand.client(GET), await stand.client("\0hello")];
  const gone = await stand.client(GET);
  gone[Symbol.dispose]();
  stand.proxy.portOf(1);
  stand.serve(1);
  const heard = [await stand.program(), await stand.program()].map((program) => program.hear("he"));
  assertEquals((await Promise.all(heard)).map((text) => text[0]).sort(), ["\0", "G"]);
  assertEquals(clients.length, 2);
});

Deno.test("who has waited for long enough is told so, and may ask again", async () => {
  await using stand = await Stand.open(50, []);
  const client = await stand.client(GET + POST);
  const said = await client.hear("Nobody has served for 50 ms\n");
  assertMatch(said, /^HTTP\/1\.1 503 [^]*Retry-After: 1\r\n/);
  assertMatch(await client.rest(), /^HTTP\/1\.1 503 [^]*Connection: close\r\n/); // its body was not read
  const bytes = await stand.client("\0hello");
  assertEquals(await bytes.rest(), "");
});

Deno.test("one that accepts nobody is tried until it does", async () => {
  await using stand = await Stand.open();
  stand.deafen(1);
  const client = await stand.client(POST);
  await new Promise((done) => setTimeout(done, 60));
  stand.serve(1);
  const program = await stand.program();
  await program.hear("\r\n\r\nx");
  await program.say(answer("at last"));
  await client.hear("at last");
});

Deno.test("what is safe to ask again is, where the connection ends before an answer; nothing else is", async () => {
  await using stand = await Stand.open();
  for (const request of [GET, GET.replace("GET", "HEAD"), GET.replace("GET", "OPTIONS")]) {
    const client = await stand.client(request);
    const first = await stand.program();
    await first.hear("\r\n\r\n");
    first[Symbol.dispose]();
    const again = await stand.program();
    assertMatch(await again.hear("\r\n\r\n"), RegExp(`^${request.split(" ")[0]} `));
    await again.say("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    await client.hear("204 No Content");
  }
  for (const request of [POST, GET.replace("GET", "DELETE")]) {
    const client = await stand.client(request);
    const first = await stand.program();
    await first.hear("\r\n\r\n");
    first[Symbol.dispose]();
    assertMatch(await client.hear("had answered\n"), /^HTTP\/1\.1 502 /);
  }
  const client = await stand.client(GET);
  for (let tries = 0; tries < 3; tries++) {
    const program = await stand.program();
    await program.hear("\r\n\r\n");
    program[Symbol.dispose]();
  }
  await client.hear("had answered\n"); // it may be what ends the program
  const refused = await stand.client(GET);
  for (let tries = 0; tries < 3; tries++) {
    const program = await stand.program();
    await program.hear("\r\n\r\n");
    await program.say("Unauthorized"); // as Next.js answers where it does not trust a page
    program[Symbol.dispose]();
  }
  await refused.hear("no HTTP: The connection ended within a head\n");
});

Deno.test("what changes something goes by a connection that nobody has used", async () => {
  await using stand = await Stand.open();
  const client = await stand.client(GET);
  const first = await stand.program();
  await first.hear("\r\n\r\n");
  await first.say(answer("a"));
  await client.hear("a");
  await client.say(POST);
  await (await stand.program()).hear("\r\n\r\nx");
});

Deno.test("one that waits for confirmation between head and body is asked by new connections from then on", async () => {
  const clock = new FakeClock();
  await using stand = await Stand.open(10_000, [1], clock);
  const client = await stand.client();
  /** Asks, and answers so long after the head; with that on a connection of its own where it is to be new. */
  const ask = async (program: Talk | null, ms: number): Promise<Talk> => {
    await client.say(GET);
    const asked = program ?? await stand.program();
    await asked.hear("\r\n\r\n");
    await asked.say("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
    await client.hear("\r\n\r\n");
    clock.advance(ms);
    await asked.say("body");
    await client.hear("body");
    return asked;
  };
  const first = await ask(null, 40); // on a new one that is no sign of it
  await ask(first, 20);
  await ask(first, 200); // nor is what takes long for other reasons
  await ask(first, 41);
  await ask(null, 0);
  stand.serve(2);
  await client.say(GET);
  await (await stand.program(2)).hear("\r\n\r\n");
});

Deno.test("an idle connection that the program closes is not used again", async () => {
  await using stand = await Stand.open();
  const client = await stand.client(GET);
  const first = await stand.program();
  await first.hear("\r\n\r\n");
  await first.say(answer("a"));
  await client.hear("a");
  first[Symbol.dispose]();
  await client.say(GET);
  await (await stand.program()).hear("\r\n\r\n");
});

Deno.test("event streams and upgraded connections stay until the program is asked to stop, and count for nothing", async () => {
  const clock = new FakeClock();
  await using stand = await Stand.open(10_000, [1], clock);
  const listener = await stand.client(GET);
  const source = await stand.program();
  await source.hear("\r\n\r\n");
  await source.say(
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n",
  );
  await listener.hear("data: 1\n\n\r\n");
  const upgraded = await stand.client(
    "GET / HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
  );
  const other = await stand.program();
  await other.hear("\r\n\r\n");
  await other.say("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
  await upgraded.hear("\r\n\r\n");
  stand.serve(2);
  await source.say("9\r\ndata: 2\n\n\r\n");
  await listener.hear("data: 2\n\n\r\n");
  await other.say("still");
  await upgraded.hear("still");
  let isDrained = false;
  stand.proxy.drain(1, () => isDrained = true);
  clock.advance(500);
  assertEquals(isDrained, true);
  assertEquals(await listener.hear("0\r\n\r\n"), "0\r\n\r\n"); // it ends well
  assertEquals([await upgraded.rest(), await source.rest(), await other.rest()], ["", "", ""]);
});

Deno.test("a page in place of an answer comes back by itself, unless what was sent may have been heard", async () => {
  await using stand = await Stand.open(0);
  const html = "Host: here\r\nAccept: text/html\r\nConnection: close\r\n\r\n";
  const page = async (method: string) => {
    const client = await stand.client(`${method} / HTTP/1.1\r\n${html}`);
    const program = await stand.program();
    await program.hear("\r\n\r\n");
    await program.say("no HTTP\r\n\r\n");
    return await client.rest();
  };
  assertMatch(await page("POST"), /^HTTP\/1\.1 502 [^]*<script [^>]* data-sent /);
  assertMatch(await page("GET"), /^HTTP\/1\.1 502 [^]*<script (?![^>]* data-sent)/);
  stand.proxy.leave(1);
  const held = await stand.client(`POST / HTTP/1.1\r\n${html}`);
  assertMatch(await held.rest(), /^HTTP\/1\.1 503 [^]*<script (?![^>]* data-sent)/);
});
