import { assertEquals, assertMatch } from "@std/assert";
import { ControlClient } from "../../lib/control/client.ts";
import { type Commands, ControlServer } from "../../lib/control/server.ts";
import { ofAnother } from "../../lib/control/protocol.ts";
import { VERSION } from "../../lib/version.ts";
import { BatonError } from "../../lib/errors.ts";
import type { Connection, ConnectionHandler } from "../../lib/platform/platform.ts";
import { platform } from "../support/platform.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { waitUntil } from "../support/wait_until.ts";

const STATUS = {
  version: "1",
  pid: 1,
  cwd: "/project",
  stateDir: "/project/.baton",
  command: ["app"],
  state: "running",
  live: null,
  candidate: null,
  watching: true,
  changed: [],
  holds: [],
  tree: null,
};

const STATE = {
  ...{ path: "/project/.baton/good/1.state", found: "good", why: null },
  ...{ generation: 1, savedAt: 1, sizeBytes: 1, tree: null, good: false },
};
const REWOUND = { generation: 1, state: STATE, files: null };

class Served implements Disposable {
  readonly dir = Deno.makeTempDirSync({ prefix: "baton-control-" });
  readonly clock = new FakeClock();
  readonly platform = { ...platform(), clock: this.clock };
  readonly address = `${this.dir}/control`;
  readonly troubles: string[] = [];
  readonly opened: string[] = [];
  left = 0;
  readonly server: ControlServer;

  constructor(commands: Partial<Commands> = {}, names = ["control"]) {
    this.server = new ControlServer({
      platform: this.platform,
      commands: {
        status: () => STATUS,
        wait: () => ({ outcome: "stopped" }),
        restart: () => ({}),
        hold: ({ name, forMs }) => ({ name, leftMs: forMs }),
        release: ({ name }) => ({ name, endedBy: null, holds: [], changed: [], verdict: null }),
        rewind: () => REWOUND,
        state: () => ({ dir: "/project/.baton", states: [] }),
        logs: ({ lines }) => ({ lines: [`${lines}`] }),
        stop: () => ({}),
        ...commands,
      },
      addresses: () => names.map((name) => `${this.dir}/${name}`),
      opened: (address) => void this.opened.push(address),
      left: () => void this.left++,
      onTrouble: ({ what }) => void this.troubles.push(what),
    });
  }

  [Symbol.dispose](): void {
    this.server.close();
    Deno.removeSync(this.dir, { recursive: true });
  }

  /** Sends lines, and waits for so many in answer. */
  async say(text: string, answers: number): Promise<unknown[]> {
    const said: unknown[] = [];
    let open = "";
    const connection = await this.platform.pipes.connect(this.address, {
      onBytes(bytes) {
        const lines = (open + new TextDecoder().decode(bytes)).split("\n");
        open = lines.pop()!;
        said.push(...lines.map((line) => JSON.parse(line)));
      },
      onClose: () => {},
    });
    connection.write(new TextEncoder().encode(text));
    await waitUntil(`${answers} answers`, () => said.length >= answers);
    connection.destroy();
    return said;
  }
}

Deno.test("a request is answered with its id, what is left out has its default", async () => {
  using served = new Served();
  await served.server.keep();
  const client = await ControlClient.connect(served.platform, served.address);
  assertEquals(await client.ask("status", {}), STATUS);
  assertEquals(await client.ask("logs", {}), { lines: ["50"] });
  assertEquals(await client.ask("logs", { lines: 3 }), { lines: ["3"] });
  client.close();
  await waitUntil("the end of the connection is noted", () => served.left === 1);
});

Deno.test("what does not fit is answered with an error that says so, and the next one is heard", async () => {
  using served = new Served();
  await served.server.keep();
  const lines = [
    "nonsense",
    '{"type":"status"}',
    '{"id":2,"type":"eval"}',
    '{"id":3,"type":"logs","lines":"all"}',
    '{"id":4,"type":"status","protocol":99}',
    '{"id":5,"type":"restart","more":1}',
  ];
  // deno-lint-ignore no-explicit-any
  const said = await served.say(lines.map((line) => `${line}\n`).join(""), 6) as any[];
  assertEquals(said.map(({ id }) => id), [null, null, 2, 3, 4, 5]);
  assertEquals(said[2].error.what.startsWith('Unknown request "eval"'), true);
  assertEquals(said[3].error.what.startsWith('"logs" does not fit: lines'), true);
  assertEquals(said[4].error, ofAnother(served.platform.processes.self, VERSION));
  assertEquals(said[5].answer, {});
});

Deno.test("what a command fails with is told to who asked", async () => {
  using served = new Served({
    restart: () => {
      throw new BatonError({ what: "Cannot", where: "here", next: "Do" });
    },
  });
  await served.server.keep();
  const client = await ControlClient.connect(served.platform, served.address);
  const error = await client.ask("restart", {}).then(() => null, (error) => error);
  assertEquals([error.what, error.where, error.next], ["Cannot", "here", "Do"]);
  client.close();
});

Deno.test("those who connect and ask for nothing more give way to who asks; who waits or holds does not", async () => {
  using served = new Served({ wait: () => new Promise(() => {}) });
  await served.server.keep();
  const { pipes } = served.platform;
  let ended = 0;
  const nobody = { onBytes: () => {}, onClose: () => {} };
  const say = async (text: string) =>
    (await pipes.connect(served.address, { ...nobody, onClose: () => ended++ }))
      .write(new TextEncoder().encode(text));
  const waits = await ControlClient.connect(served.platform, served.address);
  const holds = await ControlClient.connect(served.platform, served.address);
  const asked = waits.ask("wait", {}).catch(() => null);
  await holds.ask("hold", { withConnection: true });
  for (let count = 0; count < 150; count++) await say(count % 2 === 0 ? "" : '{"id":1,"ty');
  for (let count = 0; count < 150; count++) await say('{"id":1,"type":"status"}\n');
  await waitUntil("those that were idle for longest are ended", () => {
    served.clock.advance(250);
    return ended >= 300 - 192;
  });
  const later = await ControlClient.connect(served.platform, served.address);
  assertEquals(await later.ask("status", {}), STATUS);
  assertEquals(await holds.ask("logs", { lines: 3 }), { lines: ["3"] });
  assertEquals([ended < 150, served.left < 150], [true, true]);
  served.server.close();
  await asked;
  await waitUntil("all have ended", () => ended === 300);
});

Deno.test("of many who connect at once and ask then, each is heard", async () => {
  using served = new Served();
  await served.server.keep();
  const all = await Promise.all(
    Array.from({ length: 240 }, () => ControlClient.connect(served.platform, served.address)),
  );
  served.clock.advance(249);
  const answers = await Promise.all(all.map((client) => client.ask("status", {})));
  assertEquals(answers.filter(({ version }) => version === "1").length, 240);
  for (const client of all) client.close();
  await waitUntil("all have left", () => served.left === 240);
});

Deno.test("who asks without end, or reads no answers, is told so and let go", async () => {
  using served = new Served({
    wait: () => new Promise(() => {}),
    logs: () => ({ lines: ["x".repeat(1_000_000)] }),
  });
  await served.server.keep();
  const waits = '{"id":1,"type":"wait"}\n'.repeat(1_001);
  const [told] = await served.say(waits, 1) as { error: { what: string } }[];
  assertMatch(told!.error.what, /^More than 1000 requests wait/);

  using reader = await Deno.connect({ transport: "unix", path: served.address });
  const asked = new TextEncoder().encode('{"id":1,"type":"logs"}\n');
  await waitUntil("it is let go", async () => {
    served.clock.advance(1_000);
    return await reader.write(asked).then(() => false, () => true);
  });
  const later = await ControlClient.connect(served.platform, served.address);
  assertEquals(await later.ask("status", {}), STATUS);
  later.close();
  await waitUntil("all have left", () => served.left === 3);
});

Deno.test("who asks learns that baton ended before it had answered", async () => {
  using served = new Served({ stop: () => new Promise(() => {}) });
  await served.server.keep();
  const client = await ControlClient.connect(served.platform, served.address);
  const asked = client.ask("stop", {}).then(() => null, (error) => error.what);
  served.server.close();
  assertEquals(await asked, "Baton ended, or this connection to it, before it had answered");
  await client.closed;
});

Deno.test("the next address serves where the first cannot be had; trouble is told once", async () => {
  using served = new Served({}, ["x".repeat(120), "control"]);
  await served.server.keep();
  assertEquals(served.opened, [served.address]);

  using nowhere = new Served({}, ["gone/control"]);
  await nowhere.server.keep();
  await nowhere.server.keep();
  assertEquals(nowhere.troubles.length, 1);
});

Deno.test("a socket that was removed is opened again, in half a minute at the latest", async () => {
  using served = new Served();
  await served.server.keep();
  await served.server.keep();
  assertEquals(served.opened.length, 1);
  Deno.removeSync(served.address);
  served.clock.advance(30_000);
  await waitUntil("it is open again", () => served.opened.length === 2);
  (await served.platform.pipes.connect(served.address, ignore)).destroy();
  Deno.removeSync(served.address);
  await served.server.keep();
  assertEquals(served.opened.length, 3);
  served.clock.advance(0);
  (await served.platform.pipes.connect(served.address, ignore)).destroy();
  served.server.close();
  assertEquals([...Deno.readDirSync(served.dir)], []);
});

Deno.test("where something else is at the name of the socket it is opened anew, and what is not baton's stays", async () => {
  using served = new Served();
  await served.server.keep();
  Deno.removeSync(served.address);
  Deno.writeTextFileSync(served.address, "not a socket");
  await served.server.keep();
  assertEquals(served.opened.length, 2);
  (await served.platform.pipes.connect(served.address, ignore)).destroy();
  Deno.removeSync(served.address);
  Deno.writeTextFileSync(served.address, "not a socket");
  served.server.close();
  assertEquals([...Deno.readDirSync(served.dir)].map(({ name }) => name), ["control"]);
});

Deno.test("where nobody may look at the socket any more it is told once, and nothing fails", async () => {
  using served = new Served();
  await served.server.keep();
  Deno.renameSync(served.dir, `${served.dir}.moved`);
  Deno.symlinkSync(served.dir, served.dir); // It leads round in a circle.
  await served.server.keep();
  await served.server.keep();
  assertEquals(served.troubles.length, 1);
  served.server.close();
  Deno.removeSync(served.dir);
  Deno.renameSync(`${served.dir}.moved`, served.dir);
});

const ignore: ConnectionHandler = { onBytes: () => {}, onClose: () => {} };

Deno.test("another user's process is refused, and told why", async () => {
  using served = new Served();
  let accept: ((connection: Connection) => ConnectionHandler) | undefined;
  served.platform.pipes.listen = (_path, take) => {
    accept = take;
    return Promise.resolve({ isThere: () => true, close: () => {} });
  };
  await served.server.keep();
  const written: string[] = [];
  let ended = false;
  const handler = accept!({
    peer: { pid: 7, uid: served.platform.user!.uid + 1 },
    unreadBytes: 0,
    write: (bytes) => void written.push(new TextDecoder().decode(bytes)),
    end: () => ended = true,
    destroy: () => {},
  });
  handler.onBytes(new TextEncoder().encode('{"id":1,"type":"status"}\n'));
  assertEquals(JSON.parse(written[0]!).error.what, "Refused: this baton is another user's");
  assertEquals([written.length, ended], [1, true]);
  handler.onClose();
});
