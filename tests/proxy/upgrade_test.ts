import { assertEquals, assertMatch } from "@std/assert";
import { GET, Stand } from "./stand.ts";

const SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n";

Deno.test("an upgrade with a body changes what is spoken after the body, also where it is agreed to before", async () => {
  await using stand = await Stand.open();
  const client = await stand.client(
    "POST / HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: x\r\nContent-Length: 6\r\n\r\n",
  );
  const program = await stand.program();
  await program.hear("\r\n\r\n");
  await program.say(SWITCHING);
  await client.hear(SWITCHING);
  await client.say("abc");
  assertEquals(await program.hear("abc"), "abc");
  await client.say("def");
  assertEquals(await program.hear("def"), "def");
  await client.say("after");
  assertEquals(await program.hear("after"), "after");
  await program.say("back");
  assertEquals(await client.hear("back"), "back");
});

Deno.test("a protocol that nobody asked for is not switched to", async () => {
  await using stand = await Stand.open();
  const client = await stand.client(GET);
  const program = await stand.program();
  await program.hear("\r\n\r\n");
  await program.say(`${SWITCHING}bytes`);
  assertMatch(await client.hear("\r\n\r\n"), /^HTTP\/1\.1 502 /);
});
