import { assertMatch } from "@std/assert";
import { answer, GET, Stand } from "./stand.ts";

for (
  const [codings, body] of [
    ["Transfer-Encoding: identity\r\nContent-Length: 3", "abc"],
    ["Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "3\r\nabc\r\n0\r\n\r\n"],
  ] as const
) {
  Deno.test(`an answer ends where it ends: ${codings}`, async () => {
    await using stand = await Stand.open();
    const client = await stand.client(GET);
    const program = await stand.program();
    await program.hear("\r\n\r\n");
    await program.say(`HTTP/1.1 200 OK\r\n${codings}\r\n\r\n${body}`);
    await client.hear(body);
    await client.say(GET);
    await program.hear("\r\n\r\n");
    await program.say(answer("next"));
    await client.hear("next");
  });
}

Deno.test("an answer in a coding that was not asked for is none", async () => {
  await using stand = await Stand.open();
  for (const coding of ["gzip, chunked", "gzip", "xchunked"]) {
    const client = await stand.client(GET);
    const program = await stand.program();
    await program.hear("\r\n\r\n");
    await program.say(`HTTP/1.1 200 OK\r\nTransfer-Encoding: ${coding}\r\n\r\n0\r\n\r\n`);
    assertMatch(await client.hear("\r\n\r\n"), /^HTTP\/1\.1 502 /, coding);
  }
});
