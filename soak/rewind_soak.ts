/**
 * Walks at random over versions of a program with `--rewind auto`, and counts the generations that were served another
 * state than the last that was saved under their files; and measures how long that takes from the save:
 *
 *     deno task soak:rewind [--walks 1000] [--versions 20] [--seed NUMBER]
 *
 * A walk is one save, or several in quick succession of which those between may or may not come to serve.
 */
import { parseArgs } from "@std/cli/parse-args";
import type { Item } from "../mod.ts";
import { quantile } from "../bench/handoff/quantiles.ts";
import { Random } from "./random.ts";
import { pause, Scene } from "./scene.ts";

/**
 * Its state is a list of the versions that it has been through, which each generation adds its own to. It reads its
 * version before anything else: what is saved after that and before the barrier outdates it. Its file counts as a source:
 * other files wait where they are saved again and again.
 */
const program = (said: string) =>
  `version = open("version.json").read()
import json, os, baton
app = baton.join()
state = app.restore([])
state.append([version, int(os.environ["BATON_GENERATION"])])
with open(${JSON.stringify(said)} + os.environ["BATON_GENERATION"], "w") as said:
    json.dump(state, said)
app.on_save(lambda: state)
app.ready()
app.wait()
`;

type State = readonly (readonly [version: string, generation: number])[];

export interface SoakedRewinds {
  /** Generations that served a version which had been served before. */
  readonly returns: number;
  /** What was served with another state than its own. */
  readonly wrong: readonly string[];
  /** From the save of such a version to its state served. */
  readonly tookMs: readonly number[];
}

/** Makes so many walks. */
export async function soakRewinds(
  walks: number,
  versions: number,
  random: Random,
): Promise<SoakedRewinds> {
  await using scene = new Scene(program, { "version.json": "0" });
  const served: { readonly generation: number; readonly at: number }[] = [];
  const firstUp = Promise.withResolvers<void>();
  const options = { ext: ["json"], keep: 10 * walks, rewind: "auto" } as const;
  const run = await scene.start(options, (event: Item) => {
    if (event.type !== "ready" || !event.announced) return;
    served.push({ generation: event.generation, at: performance.now() });
    firstUp.resolve();
  });
  await firstUp.promise;
  while (run.status().tree === null) await pause(10);

  /** By version: what the last generation of it has saved. */
  const saved = new Map<string, State>();
  const wrong: string[] = [];
  const tookMs: number[] = [];
  let [live, returns]: [State, number] = [[], 0];
  /** Looks at who has come to serve since. */
  const look = (walk: number, writtenAt: number | null) => {
    for (const { generation, at } of served.splice(0)) {
      const state: State = JSON.parse(scene.said(generation));
      const [version] = state.at(-1)!;
      if (saved.has(version)) {
        returns++;
        if (writtenAt !== null) tookMs.push(at - writtenAt);
      }
      const wanted = JSON.stringify([...saved.get(version) ?? live, [version, generation]]);
      const got = JSON.stringify(state);
      if (got !== wanted) {
        wrong.push(`walk ${walk}, to ${version}: ${got.slice(-60)} for ${wanted.slice(-60)}`);
      }
      saved.set(version, live = state);
    }
  };
  look(0, null);
  for (let walk = 1; walk <= walks; walk++) {
    let target = live.at(-1)![0];
    const saves = random.happens(0.75) ? 1 : 2 + random.below(3);
    let writtenAt = 0;
    for (let left = saves; left > 0; left--) {
      const others = Array.from({ length: versions }, (_, each) => `${each}`)
        .filter((each) => each !== target);
      target = random.pick(others);
      writtenAt = performance.now();
      // In one step: whoever reads half of a save is at no version.
      scene.swap("version.json", target);
      if (left > 1) await pause(random.below(120));
    }
    const verdict = await run.wait(30_000);
    look(walk, saves === 1 ? writtenAt : null);
    const at = live.at(-1)![0];
    if (verdict.outcome !== "ready" || at !== target) {
      wrong.push(`walk ${walk}: ${JSON.stringify(verdict)} at ${at}, and not ${target}`);
    }
  }
  return { returns, wrong, tookMs };
}

if (import.meta.main) {
  const { walks, versions, seed } = parseArgs(Deno.args, {
    string: ["walks", "versions", "seed"],
    default: { walks: "1000", versions: "20", seed: String(Date.now() % 1_000_000) },
  });
  const random = new Random(Number(seed));
  const { returns, wrong, tookMs } = await soakRewinds(Number(walks), Number(versions), random);
  for (const one of wrong) console.log(one);
  const at = (share: number) => quantile(tookMs, share).toFixed(0);
  console.log(
    `${walks} walks over ${versions} versions (seed ${seed}): ` +
      `${returns} times back, ${wrong.length} wrong states`,
  );
  console.log(`Back from a save to its state served: ${at(0.5)} ms (99 %: ${at(0.99)} ms)`);
  Deno.exit(wrong.length === 0 ? 0 : 1);
}
