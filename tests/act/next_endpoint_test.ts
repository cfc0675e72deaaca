import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { NextEndpoint } from "../../lib/act/next_endpoint.ts";
import { PlatformError } from "../../lib/platform/platform.ts";
import { FakePlatform } from "../support/fake_platform.ts";

/** A platform on which there is room for a pipe only from the `fails`th try on. */
function crowded(fails: number) {
  const fake = new FakePlatform();
  let tries = 0;
  const listen: typeof fake.pipes.listen = (path, accept) => {
    tries += 1;
    if (tries > fails) return fake.pipes.listen(path, accept);
    return Promise.reject(new PlatformError("ENOSPC", `Cannot listen on "${path}": no room`, path));
  };
  const platform = Object.assign(Object.create(fake), { pipes: { ...fake.pipes, listen } });
  return { platform, clock: fake.clock, tries: () => tries };
}

const turn = () => new Promise((done) => setTimeout(done, 0));

Deno.test("the next pipe is tried for until there is room, and what is missing is said once", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const { platform, clock, tries } = crowded(3);
    const said: string[] = [];
    const next = new NextEndpoint(platform, { keep: () => folder }, ({ what }) => said.push(what));
    next.openSoon(2);
    for (let second = 0; second < 5; second++) {
      await turn();
      clock.advance(500);
    }
    assertEquals([tries(), said.length, clock.pending], [4, 1, 0]);
    assertEquals(next.take(2).address, `${folder}/2.4`);
    assertThrows(() => next.take(3), Error, "No pipe was prepared for generation 3");
    next.close();
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("nothing is tried for once it is closed", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const { platform, clock, tries } = crowded(Infinity);
    const next = new NextEndpoint(platform, { keep: () => folder }, () => {});
    await assertRejects(() => next.open(1), PlatformError, "no room");
    next.openSoon(2);
    await turn();
    next.close();
    clock.advance(5_000);
    await turn();
    assertEquals([tries(), clock.pending], [2, 0]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
