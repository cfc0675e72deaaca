import { platform } from "../../tests/support/platform.ts";
import { WatchmanConnection } from "../../lib/watch/watchman/connection.ts";
import { Listener } from "./listener.ts";
import type { Runner } from "./runner.ts";
import type { Tree } from "./tree.ts";

const LISTENING_MAY_TAKE_MS = 10_000;

/** A Watchman of its own, with one subscription to the tree. */
export function watchmanOn(path: string): (tree: Tree) => Promise<Runner> {
  return async ({ dir }) => {
    const place = Deno.makeTempDirSync({ prefix: "baton-bench-" });
    const files = ["sockname", "logfile", "pidfile", "statefile"];
    const daemon = new Listener([
      ...[path, "--foreground", "--no-save-state"] as const,
      ...files.map((key) => `--${key}=${place}/${key}`),
    ], { cwd: place, env: { WATCHMAN_SOCK: "" } });
    const heardAt: number[] = [];
    let wake = () => {};
    const connection = await connect(`${place}/sockname`, () => {
      heardAt.push(performance.now());
      wake();
    });
    const { watch } = await connection.ask("watch", dir);
    const armedAt = performance.now();
    const { clock } = await connection.ask("clock", watch);
    await connection.ask("subscribe", watch, "bench", { since: clock, fields: ["name"] });
    return {
      pid: daemon.pid,
      armedMs: armedAt - daemon.startedAt,
      async changed(since, withinMs) {
        const first = () => heardAt.find((at) => at >= since) ?? null;
        if (first() === null) {
          const timer = setTimeout(() => wake(), withinMs);
          await new Promise<void>((done) => wake = done);
          clearTimeout(timer);
        }
        return first();
      },
      async [Symbol.asyncDispose]() {
        connection.close();
        await daemon[Symbol.asyncDispose]();
        Deno.removeSync(place, { recursive: true });
      },
    };
  };
}

async function connect(socket: string, news: () => void): Promise<WatchmanConnection> {
  const until = performance.now() + LISTENING_MAY_TAKE_MS;
  for (;;) {
    try {
      return await WatchmanConnection.open(platform(), socket, { news, closed() {} });
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((done) => setTimeout(done, 2));
    }
  }
}
