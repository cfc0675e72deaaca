/** Real clients of a program behind the proxy, which is saved meanwhile. */
import { assertEquals } from "@std/assert";
import { findOnPath } from "../../tools/find_on_path.ts";
import { waitUntil } from "../support/wait_until.ts";
import { FIXTURES, Stage } from "./fixtures.ts";

const UPLOAD_BYTES = Number(Deno.env.get("BATON_UPLOAD_MB") ?? 20) * 1_000_000;
const curl = findOnPath("curl");
if (curl === null) console.warn("SKIPPED: HTTP/2 and uploads by curl, which is not installed");

async function run(...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command(curl!, { args: ["-sS", ...args] }).output();
  return new TextDecoder().decode(stdout);
}

/** What a WebSocket hears, and that it is closed. */
class Socket {
  readonly heard: string[] = [];
  readonly closed = Promise.withResolvers<void>();
  readonly #socket: WebSocket;

  constructor(port: number) {
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}/socket`);
    this.#socket.onmessage = ({ data }) => this.heard.push(data);
    this.#socket.onclose = () => this.closed.resolve();
    this.#socket.onerror = (event) => event.preventDefault();
  }

  async exchange(text: string): Promise<void> {
    this.#socket.send(text);
    await waitUntil(`"${text.slice(0, 9)}" comes back`, () => this.heard.includes(text));
  }

  close(): void {
    this.#socket.close();
  }
}

Deno.test("--proxy: WebSockets, event streams, HTTP/2 and uploads, and a save in the midst of them", async () => {
  await using stage = new Stage([Deno.execPath(), "run", "-A", `${FIXTURES}serves_everything.ts`], {
    args: ["--proxy", "0", "--stop-timeout", "60s"],
  });
  const { baton } = stage;
  const { port } = await baton.event("proxying");
  const url = `http://127.0.0.1:${port}`;
  await baton.event("armed");
  await baton.event("ready");

  const socket = new Socket(port);
  await waitUntil("the WebSocket is open", () => socket.heard.includes("generation 1"));
  await socket.exchange("x".repeat(200_000));
  const events = await fetch(`${url}/events`);
  let heard = "";
  const listening = (async () => {
    for await (const text of events.body!.pipeThrough(new TextDecoderStream())) heard += text;
  })();
  await waitUntil("events come", () => heard.includes("data: 1"));
  if (curl !== null) {
    const said = JSON.parse(await run("--http2-prior-knowledge", url));
    assertEquals(said, { generation: "1" });
  }

  // Half of it before the save, the rest once the next one serves.
  const gate = Promise.withResolvers<void>();
  const part = new Uint8Array(100_000);
  let sent = 0;
  const upload = fetch(`${url}/upload`, {
    method: "POST",
    body: new ReadableStream<Uint8Array>({
      async pull(controller) {
        if (sent === UPLOAD_BYTES / 2) await gate.promise;
        if (sent === UPLOAD_BYTES) return controller.close();
        controller.enqueue(part);
        sent += part.length;
      },
    }),
  });
  const download = await fetch(`${url}/much`);
  await waitUntil("half of it is on its way", () => sent === UPLOAD_BYTES / 2, {
    withinMs: 60_000,
  });
  stage.touch();
  await baton.event("ready", ({ generation }) => generation === 2);
  await socket.closed.promise; // as the one that it was of is to stop
  await listening;
  assertEquals(await (await fetch(url)).json(), { generation: "2" });
  gate.resolve();
  assertEquals(await (await upload).json(), { generation: "1", bytes: UPLOAD_BYTES });
  assertEquals((await download.bytes()).length, 20_000_000);

  const again = new Socket(port);
  await waitUntil("the WebSocket is open again", () => again.heard.includes("generation 2"));
  again.close();
  await again.closed.promise;
  if (curl !== null) {
    const said = await run(
      "-T",
      `${FIXTURES}serves_everything.ts`,
      "-H",
      "Expect: 100-continue",
      `${url}/upload`,
    );
    const { size } = Deno.statSync(`${FIXTURES}serves_everything.ts`);
    assertEquals(JSON.parse(said), { generation: "2", bytes: size });
  }
});
