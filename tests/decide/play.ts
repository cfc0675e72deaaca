/** A world played by hand. */
import type { EventOf } from "../../lib/decide/event.ts";
import { type Content, NOTIFY, RULES, RUN, World } from "./world.ts";

/** Answers of `World.progress`: a good state, a refusal, a death, a closed pipe, another hash. */
export const GOOD = 4;
export const REFUSES = 0;
export const DIES = 1;
export const HANGS_UP = 2;
export const LIES = 3;

/** A generation that is ready, with nothing else under way. */
export function running(content: Content = "overlapping", policy = {}): World {
  const world = new World(content, policy);
  world.endCommands();
  progress(world, 1, 2);
  return world;
}

/** Lets one generation do what comes next for it, so many times. */
export function progress(world: World, generation: number, times = 1, chance = GOOD): void {
  for (let i = 0; i < times; i++) {
    const process = world.living.find(({ number }) => number === generation);
    if (process) world.progress(process, chance);
  }
}

export function save(world: World, content: Content = "overlapping"): void {
  world.save(content);
  world.settle();
}

export const living = (world: World) => world.living.map(({ number }) => number);
export const facts = (world: World) => world.facts.map(({ type }) => type);
export const lastReady = (world: World) => world.facts.findLast((fact) => fact.type === "ready");

/** A save that a rule names, of a program that can be told of it. */
export function updating(rule: number, content: Content = "updating"): World {
  const world = running("updating", { rules: RULES });
  world.rule = rule;
  save(world, content);
  return world;
}

/** The states that have a live generation which speaks. */
export type Begun =
  | "settling"
  | "running"
  | "stepping"
  | "preparing"
  | "booting"
  | "aborting"
  | "saving"
  | "stopping"
  | "leaving";

/** How one begins in each of them. */
export const BEGIN: Readonly<Record<Begun, () => World>> = {
  settling: () => {
    const world = running("exclusive");
    world.save("exclusive");
    world.look();
    return world;
  },
  running: () => running(),
  stepping: () => updating(NOTIFY),
  preparing: () => updating(RUN),
  booting: () => {
    const world = running();
    save(world);
    return world;
  },
  aborting: () => {
    const world = running();
    save(world, "broken");
    progress(world, 2); // exits
    return world;
  },
  saving: () => {
    const world = running("saving in turn");
    save(world, "saving in turn");
    return world;
  },
  stopping: () => {
    const world = BEGIN.booting();
    progress(world, 2); // hello
    return world;
  },
  leaving: () => {
    const world = BEGIN.stopping();
    progress(world, 1); // saved
    return world;
  },
};

/** A world in this state. */
export function begin(state: Begun): World {
  const world = BEGIN[state]();
  if (world.state() !== state) throw new Error(`It is ${world.state()}, not ${state}`);
  return world;
}

/** A participant, which is process 100 and its number, says hello. */
export function hello(
  world: World,
  generation: number,
  participant: number,
  said: Partial<EventOf<"hello">> = {},
): void {
  const about = { generation, participant, pid: 100 + participant, at: world.now };
  const offers = { capabilities: ["handoff"], components: [], listens: [] };
  world.post({ type: "hello", ...offers, ...about, ...said });
}

/** The leader of a generation ends, and leaves so many of its tree behind. */
export function exit(world: World, generation: number, code: number, survivors = 0): void {
  const status = { kind: "exited", code } as const;
  world.post({ type: "exited", generation, status, survivors, lines: [], at: world.now });
}

/** A checkpoint of this generation is said to be there, or the last state. */
export function says(
  world: World,
  generation: number,
  kind: EventOf<"saved">["kind"] = "checkpoint",
): void {
  const about = { generation, participant: 0, kind, at: world.now };
  world.post({ type: "saved", bytes: 1, sha256: "a".repeat(64), ...about });
}

/** What was asked to be done since, by kind. */
export function doneSince(world: World, count: number): string[] {
  return world.effects.slice(count).map(({ type }) => type);
}
