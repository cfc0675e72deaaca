/** Whatever clients and programs say, and whenever they go: the proxy goes on, and nothing of it is thrown. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { answer, GET, Stand, type Talk } from "./stand.ts";

const REQUESTS = [
  GET,
  GET + GET,
  GET.replace("GET", "HEAD"),
  "POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\nabcde",
  "POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 50\r\n\r\nabcde",
  "POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
  "POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
  "GET / HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nmore",
  "GET / HTTP/1.0\r\n\r\n",
  "GET /_baton/events HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "GET /_baton/none HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "GET / HTTP/1.1\r\n",
  "\0\xff",
  "\r\n",
];
const ANSWERS = [
  answer("abc"),
  answer("<!doctype html><html><head></head>abc</html>", "Content-Type: text/html\r\n"),
  "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef",
  "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\nno gzip",
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n",
  "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nhello",
  "HTTP/1.1 100 Continue\r\n\r\n",
  "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
  "HTTP/1.0 200 OK\n\nabc",
  "SSH-2.0-x\r\n\r\n",
  "\0",
];

const step = fc.record({
  who: fc.constantFrom("client", "program"),
  does: fc.constantFrom("says", "says", "says", "ends", "goes", "leaves"),
  what: fc.nat(100),
  cut: fc.nat(200),
});

async function quietly(run: () => Promise<unknown> | void): Promise<void> {
  await Promise.resolve().then(run).catch(() => null); // whoever is gone already is gone
}

Deno.test("whatever is said on both sides, and however it ends, the next request is answered", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
      await using stand = await Stand.open(200);
      const open: Talk[] = [];
      const programs: Talk[] = [];
      const accepting = stand.acceptAll((talk) => programs.push(talk));
      for (const { who, does, what, cut } of steps) {
        if (does === "leaves") {
          stand.proxy.leave(1);
          stand.proxy.route(1);
        } else if (who === "client" && does === "says") {
          const text = REQUESTS[what % REQUESTS.length]!;
          if (what % 3 > 0 || open.length === 0) open.push(await stand.client());
          await quietly(() => open.at(-1)!.say(cut < 100 ? text.slice(0, cut) : text));
        } else {
          const talk = who === "client" ? open.at(-1) : programs.at(-1);
          const text = ANSWERS[what % ANSWERS.length]!;
          if (does === "says") await quietly(() => talk?.say(cut < 60 ? text.slice(0, cut) : text));
          else if (does === "ends") await quietly(() => talk?.connection.closeWrite());
          else talk?.[Symbol.dispose]();
        }
        await new Promise((done) => setTimeout(done, cut % 3));
      }
      for (const talk of [...open, ...programs]) talk[Symbol.dispose]();
      programs.length = 0;
      const last = await stand.client(GET.replace("\r\n\r\n", "\r\nX-Last: 1\r\n\r\n"));
      while (!programs.some(({ heard }) => heard.includes("X-Last"))) {
        for (const talk of programs) talk.listen();
        await new Promise((done) => setTimeout(done, 1));
      }
      await programs.find(({ heard }) => heard.includes("X-Last"))!.say(answer("served"));
      assertEquals((await last.hear("served")).startsWith("HTTP/1.1 200"), true);
      stand.deafen(1);
      await accepting;
    }),
    { numRuns: 150 },
  );
});
