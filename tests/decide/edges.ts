/** Which states random runs go through: the edges of the diagram in `docs/states.md`. */
import { happen } from "./chance.ts";
import { CONTENTS, RULES, World } from "./world.ts";

const RUNS = 20_000;
const STEPS = 60;

/** Pseudo-random numbers, the same ones each time (mulberry32). */
function chances(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** By `from --> to`, where those differ: the events that lead there. */
export function findEdges(runs: number = RUNS): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (let run = 0; run < runs; run++) {
    const chance = chances(run);
    const onTransition = (from: string, event: string, to: string) => {
      if (from === to) return;
      const edge = `${from} --> ${to}`;
      edges.set(edge, (edges.get(edge) ?? new Set()).add(event));
    };
    const world = new World(CONTENTS[chance(CONTENTS.length)]!, {
      handoff: (["auto", "sequential", "overlapped"] as const)[chance(3)]!,
      onCrash: chance(2) === 0 ? "wait" : "restart",
      exit: chance(4) === 0,
      rules: RULES,
    }, { onTransition });
    for (let step = 0; step < STEPS; step++) {
      if (chance(80) === 0) world.post({ type: "stop", by: "SIGINT", at: world.now });
      else happen(world, [chance(13), chance(1_000)]);
    }
  }
  return edges;
}
