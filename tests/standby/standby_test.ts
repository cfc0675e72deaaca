/** When a process is parked for the next generation, and when not: everything but the files is played. */
import { assertEquals } from "@std/assert";
import { Standby } from "../../lib/standby/standby.ts";
import { encodeLine } from "../../lib/standby/fields.ts";
import type { StandbyNews, StartedFrom } from "../../lib/standby/news.ts";
import { type Platform, PlatformError } from "../../lib/platform/platform.ts";
import { FakePlatform } from "../support/fake_platform.ts";

const STDOUT = Deno.readLinkSync("/proc/self/fd/1");

interface WorldOptions {
  /** What is in files of the system. */
  readonly files?: Readonly<Record<string, string>>;
  /** Whether folders cannot be listed, as where too many files are open. */
  readonly isBlind?: boolean;
  readonly command?: (generation: number) => readonly string[];
  readonly lacksClients?: (generation: number) => boolean;
}

class World implements Disposable {
  readonly #on = new FakePlatform();
  readonly #folder = Deno.makeTempDirSync({ prefix: "baton-standby-" });
  readonly news: StandbyNews[] = [];
  readonly standby: Standby;
  readonly #launch: (generation: number) => Parameters<Standby["start"]>[1];
  #generation = 0;

  get generation(): number {
    return this.#generation;
  }

  constructor(
    {
      files = {},
      isBlind = false,
      command = () => ["/bin/python", "app.py"],
      lacksClients = () => false,
    }: WorldOptions = {},
  ) {
    const on = this.#on;
    const readText = (path: string) => files[path] ?? on.files.readText(path);
    const platform: Platform = Object.create(on, {
      files: {
        value: Object.create(on.files, {
          readText: { value: readText },
          ...isBlind ? { readDir: { value: () => failing() } } : {},
        }),
      },
    });
    this.#launch = (generation) => {
      const env = { PATH: "/bin", BATON_GENERATION: `${generation}` };
      const [cwd, stdin] = ["/project", "null"] as const;
      return {
        command: command(generation),
        cwd,
        env,
        stdin,
        lacksClients: lacksClients(generation),
      };
    };
    this.standby = new Standby({
      platform,
      folder: () => this.#folder,
      mark: {},
      watched: { roots: ["/project"], covers: () => true },
      own: false,
      requestOf: (generation) => {
        this.inUse.push(this.standby.isInUse);
        return this.#launch(generation);
      },
      onNews: (news) => this.news.push(news),
    });
  }

  /** How many were started to be parked. */
  get warmings(): number {
    return this.#on.processes.spawned.length;
  }

  /** What the process was sent that was started last. */
  get signals(): readonly string[] {
    return this.#on.processes.last.signals;
  }

  get last(): StandbyNews | undefined {
    return this.news.at(-1);
  }

  /** Starts the next generation, and says how. */
  start(change: { changed?: string[]; stdin?: "inherit" } = {}): "cold" | "standby" {
    const { changed = ["app.py"], ...launch } = change;
    const generation = ++this.#generation;
    const start = this.standby.start(
      generation,
      { ...this.#launch(generation), ...launch },
      changed,
    );
    if (start.parked !== undefined) {
      start.parked.release({ onStderr: () => {}, onExit: () => {} }, { BATON_GENERATION: "0" });
      return "standby";
    }
    const folder = start.env?.BATON_STANDBY?.slice("learn:".length);
    this.noted += folder === undefined ? 0 : 1;
    if (folder !== undefined && this.imports.length > 0) {
      Deno.writeTextFileSync(`${folder}/7`, notes(this.imports));
      const now = this.#on.clock.wallNow() / 1_000;
      Deno.utimeSync(`${folder}/7`, now, now);
    }
    this.standby.started(7);
    return "cold";
  }

  imports: readonly string[] = ["json", "numpy", "pandas"];
  /** Whether what is parked was started with what is for standby alone. */
  readonly inUse: boolean[] = [];
  /** How many starts were to note what they import. */
  noted = 0;

  /** It is ready, and it is quiet for long enough. */
  async ready(bootMs = 500): Promise<StartedFrom | null> {
    const from = this.standby.ready(this.#generation, true, bootMs);
    await this.quiet();
    return from;
  }

  /** It announces nothing, and imports nothing more. */
  async runs(): Promise<void> {
    this.standby.ready(this.#generation, false, 5);
    this.#on.clock.advance(3_000);
    await settled();
  }

  async quiet(): Promise<void> {
    this.#on.clock.advance(300);
    await settled();
  }

  /** The hook of the process that was started last says that it is parked, `importMs` after each of its imports began. */
  async parks(tookMs = 100, importMs = 0): Promise<void> {
    const { pid, request } = this.#on.processes.last;
    const address = request.env.BATON_STANDBY!.slice("park:".length).split("\n")[0]!;
    const handler = { onBytes: () => {}, onClose: () => {} };
    const line = await this.#on.pipes.connect(address, handler);
    const say = (...fields: (string | string[])[]) =>
      line.write(new TextEncoder().encode(encodeLine(...fields)));
    say("here", ...identity(pid));
    await settled();
    for (const name of this.imports) {
      say("at", name);
      await settled();
      this.#on.clock.advance(importMs);
    }
    say("parked", "2", "40", `${tookMs}`);
    await settled();
  }

  /** The process that was started last ends. */
  async dies(): Promise<void> {
    this.#on.processes.last.exit(1);
    this.#on.clock.advance(20);
    await settled();
  }

  ends(): void {
    this.standby.failed(this.#generation);
  }

  [Symbol.dispose](): void {
    this.standby.close();
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

function failing(): never {
  throw new PlatformError("EMFILE", "Cannot list a folder", "/");
}

function identity(pid: number): (string | string[])[] {
  const lineage = [`${pid},0,0,/bin/python`];
  return [
    `${pid}`,
    "/bin/python",
    "/project",
    ["python", "app.py"],
    lineage,
    [
      "/dev/null",
      STDOUT,
      "pipe:[2]",
    ],
    "",
    [],
  ];
}

function notes(imports: readonly string[]): string {
  return [encodeLine("who", ...identity(7)), ...imports.map((name) => encodeLine("import", name))]
    .join("");
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

Deno.test("one is parked once the program is ready and it is quiet, and not before", async () => {
  using world = new World();
  assertEquals(world.start(), "cold");
  assertEquals(world.warmings, 0);
  assertEquals(await world.ready(), { type: "cold", why: "no process was parked for it yet" });
  assertEquals(world.warmings, 1);
  await world.parks();
  const bytes = null;
  const parked = { type: "parked", generation: 2, modules: 40, tookMs: 100, bytes, cut: null };
  assertEquals(world.last, parked as StandbyNews);
  assertEquals(world.start(), "standby");
  assertEquals(await world.ready(), { type: "standby" });
  assertEquals(world.warmings, 2);
});

Deno.test("a program that imports nothing is asked to note it three times, and then now and then", async () => {
  using world = new World();
  world.imports = [];
  const noted: number[] = [];
  const next = () => {
    const { isInUse } = world.standby;
    const before = world.noted;
    world.start();
    assertEquals(isInUse, world.noted > before);
    if (isInUse) noted.push(world.generation);
  };
  for (let start = 1; start <= 12; start++) {
    next();
    await world.ready();
  }
  assertEquals(world.news.map(({ type }) => type), ["unparked"]);
  for (let start = 13; start <= 26; start++) {
    next();
    world.standby.ready(start, true, 500); // And the next save comes at once.
  }
  assertEquals(noted, [1, 2, 3, 11, 19]);
  world.imports = ["numpy"];
  next();
  await world.ready();
  assertEquals([noted.at(-1), world.warmings], [27, 1]);
  await world.parks();
  assertEquals(world.start(), "standby");
});

Deno.test("starts from standby in a row are none in vain: the next is parked with its hook, and a cold one notes", async () => {
  using world = new World();
  world.start();
  for (let turn = 0; turn < 5; turn++) {
    await world.ready();
    await world.parks();
    assertEquals(world.start(), "standby");
  }
  assertEquals(world.inUse, Array(5).fill(true));
  await world.ready();
  await world.parks();
  assertEquals([world.start({ changed: ["pyproject.toml"] }), world.noted], ["cold", 2]);
});

Deno.test("files that change put it off", async () => {
  using world = new World();
  world.start();
  world.standby.ready(1, true, 500);
  world.standby.stirred();
  assertEquals(world.warmings, 0);
  await world.quiet();
  assertEquals(world.warmings, 1);
});

Deno.test("what still imports is killed as soon as files change, and another begins once it is quiet", async () => {
  using world = new World();
  world.start();
  await world.ready();
  assertEquals(world.signals, []);
  world.standby.stirred();
  assertEquals(world.signals, ["SIGKILL"]);
  assertEquals(world.warmings, 1);
  assertEquals(world.start(), "cold");
  assertEquals(world.warmings, 1);
  assertEquals(await world.ready(), { type: "cold", why: "no process was parked for it yet" });
  assertEquals(world.warmings, 2);
  world.standby.stirred(); // Of files that hold what they held.
  world.standby.stirred();
  await world.quiet();
  assertEquals(world.warmings, 3);
  await world.parks();
  world.standby.stirred();
  assertEquals(world.signals, []);
  assertEquals(world.start(), "standby");
});

Deno.test("nothing is parked for what starts in less than 80 ms", async () => {
  using world = new World();
  world.start();
  await world.ready(79);
  assertEquals([world.warmings, world.last], [0, {
    type: "unparked",
    why: "it starts fast enough",
  }]);
});

Deno.test("a program that nothing is parked for is asked to note what it imports three times, and then now and then", async () => {
  using world = new World();
  const noted: number[] = [];
  for (let start = 1; start <= 12; start++) {
    const before = world.noted;
    world.start();
    if (world.noted > before) noted.push(start);
    await world.ready(79);
  }
  assertEquals([noted, world.warmings, world.news.length], [[1, 2, 3, 11], 0, 1]);
});

Deno.test("a start from standby says nothing of how long a cold one takes", async () => {
  using world = new World();
  world.start();
  await world.ready(500);
  await world.parks(60);
  assertEquals(world.start(), "standby");
  await world.ready(16);
  await world.parks(60);
  assertEquals(world.start(), "standby");
});

Deno.test("what announces nothing is parked for once, to see how long its imports take", async () => {
  using slow = new World();
  using fast = new World();
  for (const [world, tookMs] of [[slow, 100], [fast, 79]] as const) {
    world.start();
    await world.runs();
    await world.parks(tookMs);
    assertEquals(world.last?.type, tookMs === 100 ? "parked" : "unparked");
    world.start();
    await world.runs();
  }
  assertEquals([slow.warmings, fast.warmings], [2, 1]);
});

Deno.test("nothing is parked where memory is short, here or in its control group", async () => {
  const short = { type: "unparked", why: "memory is short" } as const;
  const live = { "/proc/7/smaps_rollup": "Private_Dirty:  100000 kB\n" };
  const machine = { ...live, "/proc/meminfo": "MemAvailable: 390000 kB\n" };
  const group = {
    ...live,
    "/proc/meminfo": "MemAvailable: 9900000 kB\n",
    "/proc/self/cgroup": "0::/box\n",
    "/sys/fs/cgroup/box/memory.max": "500000000\n",
    "/sys/fs/cgroup/box/memory.current": "200000000\n",
  };
  for (const files of [machine, group]) {
    using world = new World({ files });
    world.start();
    await world.ready();
    assertEquals([world.warmings, world.last], [0, short]);
  }
});

Deno.test("nothing is parked where nobody can read what was noted", async () => {
  using world = new World({ isBlind: true });
  world.start();
  await world.ready();
  const why = "no interpreter that it knows has reported";
  assertEquals(world.last, { type: "unparked", why });
});

Deno.test("nothing is parked for what runs exclusively, and what is parked already is ended", async () => {
  using world = new World();
  world.start();
  await world.ready();
  await world.parks();
  world.standby.turnOff("it runs exclusively");
  assertEquals(world.last, { type: "unparked", why: "it runs exclusively" });
  assertEquals(world.start(), "cold");
  await world.ready();
  assertEquals(world.warmings, 1);
});

Deno.test("nothing is parked where the command of the next start is another", async () => {
  using world = new World({ command: (generation) => ["/bin/python", `${generation > 1}`] });
  world.start();
  await world.ready();
  assertEquals(world.last, {
    type: "unparked",
    why: "the command of the next start is another",
  });
});

Deno.test("nothing is parked where its hook cannot be laid out: it would run the program", async () => {
  using world = new World({ lacksClients: (generation) => generation > 1 });
  world.start();
  await world.ready();
  assertEquals(world.last, { type: "unparked", why: "its hook is away" });
  assertEquals(world.warmings, 0);
});

Deno.test("after three failed warmings none is tried until something else is imported; said once", async () => {
  using world = new World();
  world.start();
  await world.ready();
  for (const warmings of [1, 2, 3]) {
    assertEquals(world.warmings, warmings);
    await world.dies();
    await world.quiet();
  }
  assertEquals(world.news, [{ type: "unparked", why: "it ended with status 1" }]);
  assertEquals(world.start(), "cold");
  assertEquals(await world.ready(), { type: "cold", why: "it ended with status 1" });
  assertEquals([world.warmings, world.news.length], [3, 1]);
  world.imports = ["json"];
  world.start();
  await world.ready();
  assertEquals(world.warmings, 4);
});

Deno.test("each import has its time, however many there are", async () => {
  using world = new World();
  world.start();
  await world.ready();
  await world.parks(12_000, 4_000);
  assertEquals(world.last?.type, "parked");
  world.start();
  await world.ready();
  await world.parks(6_000, 6_000);
  assertEquals(world.signals.at(-1), "SIGKILL");
});

Deno.test("one that dies before it is up is followed by a cold start, and after three in a row none is parked", async () => {
  using world = new World();
  world.start();
  await world.ready();
  for (const death of [1, 2, 3]) {
    await world.parks();
    assertEquals(world.start(), "standby");
    world.ends();
    await world.quiet();
    assertEquals(world.start(), "cold");
    const why = `generation ${2 * death} came from standby and did not come up`;
    assertEquals(await world.ready(), { type: "cold", why });
    assertEquals(world.warmings, Math.min(death + 1, 3));
  }
  assertEquals(world.news.filter(({ type }) => type === "unparked").length, 1);
  world.imports = ["json"];
  world.start();
  await world.ready();
  assertEquals(world.warmings, 4);
});

Deno.test("one that ends by itself after it was up is parked for again", async () => {
  using world = new World();
  world.start();
  await world.ready();
  await world.parks();
  world.start();
  await world.ready();
  world.ends();
  await world.parks();
  assertEquals(world.start(), "standby");
});

Deno.test("what is parked is not let go for a start of another kind, nor after an edit of what is read first", async () => {
  const edits = [
    [{ stdin: "inherit" }, "it is started in another way"],
    [{ changed: [".env"] }, '".env" is read before the program begins'],
  ] as const;
  for (const [change, why] of edits) {
    using world = new World();
    world.start();
    await world.ready();
    await world.parks();
    assertEquals(
      world.start({ ...change, changed: [...("changed" in change ? change.changed : [])] }),
      "cold",
    );
    assertEquals(await world.ready(), { type: "cold", why });
  }
});

Deno.test("one that dies while it is parked is followed by another", async () => {
  using world = new World();
  world.start();
  await world.ready();
  await world.parks();
  await world.dies();
  await world.quiet();
  assertEquals(world.warmings, 2);
  await world.parks();
  assertEquals(world.start(), "standby");
});
