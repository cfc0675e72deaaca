/**
 * Waits in the place of a program, with what that imports of others linked, until it is to run.
 *
 * Theory of operation. An ES module is found, read, compiled and linked before any of what imports it runs, and
 * nothing of it runs by that. So all that a program imports is linked here, by a module whose first import throws:
 * what comes after that is there, and has not run. It runs where the program imports it, in the program's order,
 * and finds all that it would find in a cold start. What is not known to be still what that would find, on the
 * disk or in the imports of what has changed, is where the process ends, and baton starts the program cold.
 */
import { identity } from "./identity.mjs";
import { decoded, encoded, itemsOf } from "./lines.mjs";
import { Freshness } from "./freshness.mjs";
import { link } from "./link.mjs";
import { runAhead } from "./run_ahead.mjs";
import { Places } from "./places.mjs";

const FRESH_MS = 1_000;
/** Baton starts the program in the place of a process that ends with this and has said why. */
const START_COLD = 75;
const SCORE = "/proc/self/oom_score_adj";

class Line {
  #connection;
  #rest = "";
  #decoder = new TextDecoder();
  #exit;

  constructor(connection, exit) {
    this.#connection = connection;
    this.#exit = exit;
  }

  say(...fields) {
    return this.#connection.write(new TextEncoder().encode(encoded(...fields)));
  }

  /** The fields of the next message; baton is gone where there is none. */
  async read() {
    while (!this.#rest.includes("\n")) {
      const chunk = await this.#connection.read();
      if (chunk === null) this.#exit(0);
      this.#rest += this.#decoder.decode(chunk, { stream: true });
    }
    const at = this.#rest.indexOf("\n");
    const line = this.#rest.slice(0, at);
    this.#rest = this.#rest.slice(at + 1);
    return decoded(line);
  }

  close() {
    this.#connection.close();
  }
}

/** Resolves when the program is to run. */
export async function park(host, address, file) {
  const line = new Line(await host.connect(address), host.exit);
  const who = identity(host, file);
  await line.say("here", ...who);
  const [word, , , learn, roots, others, own] = await line.read();
  if (word !== "warm" || others === undefined || who.at(-1).length > 0) host.exit(97);
  const [beganAt, began] = [Date.now(), performance.now()];
  const score = host.read(SCORE);
  host.write(SCORE, `${Math.max(Number(score), 500)}`);
  const places = new Places(host, itemsOf(roots), itemsOf(others));
  let graph, fresh;
  try {
    const { graphOf } =
      await (globalThis.Bun ? import("./bun_graph.mjs") : import("./deno_graph.mjs"));
    graph = await graphOf(host, host.entry(), places, who[3]);
    if (graph.targets.size === 0) throw new Error("it imports nothing that can be linked ahead");
    await link(host, [...graph.targets], learn);
    if (own !== undefined) {
      const left = await runAhead(host, graph.ahead, itemsOf(own).slice(1));
      if (left !== null) return await leave(host, line, left);
    }
    fresh = new Freshness(host, graph, beganAt, own !== undefined);
    const why = fresh.fault();
    if (why !== null) throw new Error(why);
  } catch (error) {
    await line.say("cut", "0", error.message ?? String(error));
    host.exit(0);
  }
  const tookMs = (performance.now() - began).toFixed(1);
  await line.say("parked", "1", `${graph.targets.size}`, tookMs);
  let checkedAt = -Infinity;
  for (;;) {
    const [word, told, changed] = await line.read();
    if (word === "check") {
      const why = fresh.fault();
      checkedAt = why === null ? performance.now() : -Infinity;
      if (why === null) await line.say("fresh");
      else await line.say("stale", why);
    } else if (word === "go" && changed !== undefined) {
      const why = (performance.now() - checkedAt < FRESH_MS ? null : fresh.fault()) ??
        fresh.sourceFault(itemsOf(changed));
      if (why !== null) over(host, learn, why, who);
      host.write(SCORE, score);
      for (const pair of itemsOf(told)) {
        const at = pair.indexOf("=");
        host.setEnv(pair.slice(0, at), pair.slice(at + 1));
      }
      await line.say("runs");
      return line.close();
    } else host.exit(word === "die" ? 0 : 97);
  }
}

/** Has baton begin again, with that module left to the program, and those that come after it. */
async function leave(host, line, { target, why }) {
  await line.say("leave", target, why);
  host.exit(0);
}

/** Has baton start the program cold. */
function over(host, learn, why, who) {
  try {
    host.write(`${learn}/over`, encoded("over", "-1", why) + encoded("who", ...who));
  } finally {
    host.exit(START_COLD);
  }
}
