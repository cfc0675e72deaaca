import { assertEquals } from "@std/assert";
import { chooseRegistry, type Surroundings } from "../../tools/registry_flags.ts";

/** Runs with a cache file of its own; `probes` counts how often JSR was asked. */
async function withCache(
  run: (
    choose: (over?: Partial<Surroundings>) => Promise<string>,
    probes: () => number,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  let probes = 0;
  try {
    await run((over) =>
      chooseRegistry({
        asked: undefined,
        cache: `${folder}/answer`,
        now: Date.now(),
        jsrAnswers: () => Promise.resolve(++probes > 1),
        ...over,
      }), () => probes);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the answer is asked for once an hour", async () => {
  await withCache(async (choose, probes) => {
    assertEquals([await choose(), await choose(), probes()], ["npm", "npm", 1]);
    assertEquals([await choose({ now: Date.now() + 3_700_000 }), probes()], ["jsr", 2]);
  });
});

Deno.test("BATON_REGISTRY needs no answer, any other word does", async () => {
  await withCache(async (choose, probes) => {
    assertEquals([await choose({ asked: "jsr" }), await choose({ asked: "npm" })], ["jsr", "npm"]);
    assertEquals(probes(), 0);
    assertEquals([await choose({ asked: "" }), probes()], ["npm", 1]);
  });
});

Deno.test("a cache that cannot be used is done without", async () => {
  await withCache(async (choose, probes) => {
    const cache = "/dev/null/answer";
    await choose({ cache });
    await choose({ cache });
    assertEquals(probes(), 2);
  });
});

Deno.test("what it prints is spliced into a task", async () => {
  for (
    const [registry, flags] of [["npm", "--import-map=tools/offline/import_map.json\n"], [
      "jsr",
      "\n",
    ]] as const
  ) {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "tools/registry_flags.ts"],
      env: { BATON_REGISTRY: registry },
    }).output();
    assertEquals(new TextDecoder().decode(stdout), flags);
  }
});
