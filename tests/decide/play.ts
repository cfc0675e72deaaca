/** A world played by hand. */
import { type Content, World } from "./world.ts";

/** Answers of `World.progress`: a good state, a refusal, a death, a closed pipe, another hash. */
export const GOOD = 4;
export const REFUSES = 0;
export const DIES = 1;
export const HANGS_UP = 2;
export const LIES = 3;

/** A generation that is ready, with nothing else under way. */
export function running(content: Content = "overlapping", policy = {}): World {
  const world = new World(content, policy);
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
