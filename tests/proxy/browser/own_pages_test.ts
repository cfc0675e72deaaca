import { assertMatch } from "@std/assert";
import { Stand } from "../stand.ts";

Deno.test("HEAD of baton's own events has a head alone", async () => {
  await using stand = await Stand.open();
  const client = await stand.client("HEAD /_baton/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  assertMatch(await client.rest(), /^HTTP\/1\.1 200 [^]*\r\n\r\n$/);
});

Deno.test("what baton has none of is not found, whatever it is called", async () => {
  await using stand = await Stand.open();
  for (const name of ["toString", "constructor", "__proto__", "none"]) {
    const client = await stand.client(
      `GET /_baton/${name} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    assertMatch(await client.rest(), /^HTTP\/1\.1 404 /, name);
  }
});
