import { join } from "@std/path";
import { platform as realPlatform } from "./platform.ts";
import type { Item, ItemOf } from "../../lib/report/item.ts";
import { type Run, run } from "../../lib/run.ts";
import { DEFAULTS, type Settings } from "../../lib/settings.ts";
import { FakePipes } from "./fake_pipes.ts";
import { FakePlatform } from "./fake_platform.ts";
import { type Behaviour, PlayedProgram } from "./played_program.ts";

const POLL_MS = 100;
const TURNS = 1_000;

/**
 * The whole of baton, without a process, a pipe or a wait: its time passes as a test asks for things, its
 * programs are played. The files are real, in a folder of their own, and looked at each 100 ms of its time.
 */
export class PlayedBaton implements AsyncDisposable {
  readonly folder: string = Deno.makeTempDirSync({ prefix: "baton-played-" });
  readonly platform: FakePlatform = Object.assign(
    new FakePlatform(this.folder, [], { HOME: join(this.folder, "home") }),
    // Files are this user's; who connects cannot be told.
    { user: realPlatform().user, pipes: Object.assign(new FakePipes(), { tellsPeers: false }) },
  );
  /** All that was reported. */
  readonly items: Item[] = [];
  /** Every program that was started, in order. */
  readonly programs: PlayedProgram[] = [];
  /** How the next program behaves. */
  behaviour: Behaviour;
  status: number | null = null;
  #run!: Run;

  constructor(behaviour: Behaviour) {
    this.behaviour = behaviour;
    Deno.mkdirSync(join(this.folder, "project"));
    this.write("one");
    this.platform.processes.onSpawn = (process) =>
      this.programs.push(new PlayedProgram(this.platform, process, this.behaviour));
  }

  /** Starts baton, and waits until it sees changes, or reports something else that a test waits for. */
  async start(settings: Partial<Settings> = {}, first: Item["type"] = "armed"): Promise<this> {
    const cwd = join(this.folder, "project");
    this.#run = await run(this.platform, {
      ...{ ...DEFAULTS, command: ["program"], cwd, pollMs: POLL_MS },
      stateDir: join(cwd, ".baton"),
      ...settings,
    }, (item) => this.items.push(item));
    this.#run.ended.then((status) => this.status = status);
    await this.item(first);
    return this;
  }

  get run(): Run {
    return this.#run;
  }

  get last(): PlayedProgram {
    return this.programs.at(-1)!;
  }

  /** Saves the source of the program, which is what its next run behaves like. */
  save(text: string, behaviour: Partial<Behaviour> = {}): void {
    this.behaviour = { ...this.behaviour, ...behaviour };
    this.write(text);
  }

  write(text: string): void {
    Deno.writeTextFileSync(join(this.folder, "project", "app.py"), text);
  }

  /** Lets time pass until it is so. */
  async until(what: string, isSo: () => boolean): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) {
      if (isSo()) return;
      await this.pass(Math.min(100, 1 + turn));
    }
    throw new Error(`Never: ${what}. Reported: ${JSON.stringify(this.items.slice(-5), null, 2)}`);
  }

  /** Lets so much time pass, and what is due happen. */
  async pass(ms: number): Promise<void> {
    await new Promise((done) => setTimeout(done, 0));
    this.platform.clock.advance(ms);
  }

  /** The first report of this kind that is as asked for, now or later. */
  async item<T extends Item["type"]>(
    type: T,
    isIt: (item: ItemOf<T>) => boolean = () => true,
  ): Promise<ItemOf<T>> {
    const find = () =>
      this.items.find((item): item is ItemOf<T> =>
        item.type === type && isIt(item as unknown as ItemOf<T>)
      );
    await this.until(`"${type}"`, () => find() !== undefined);
    return find()!;
  }

  /** Waits until a generation is ready. */
  ready(generation: number): Promise<ItemOf<"ready">> {
    return this.item("ready", (item) => item.generation === generation && item.announced);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (let calls = 0; calls < 2 && this.status === null; calls++) {
      this.#run.stop("the test");
      await this.pass(1);
    }
    await this.until("it ends", () => this.status !== null);
    Deno.removeSync(this.folder, { recursive: true });
  }
}
