import { messageOf } from "../errors.ts";
import { clientHost } from "./host.ts";
import type { Baton, JoinOptions } from "./baton.ts";
import { Participant } from "./participant.ts";
import { createStandIn } from "./stand_in.ts";

/**
 * Joins the baton that runs this program. Outside baton, and where its pipe is dead, it resolves to a
 * stand-in that does nothing, so that a program runs unchanged; a dead pipe is said on standard error.
 *
 * ```ts
 * const baton = await join();
 * const state = await baton.restore({ count: 0 });
 * const server = Deno.serve(() => new Response(`${state.count += 1}`));
 * baton.component("http", () => server.shutdown(), { serves: true });
 * baton.onSave(() => state);
 * baton.ready();
 * ```
 */
export async function join(options: JoinOptions = {}): Promise<Baton> {
  const host = clientHost();
  const pipe = host.env("BATON_PIPE");
  if (pipe === undefined || pipe === "") return createStandIn(host);
  try {
    return await Participant.connect(host, pipe, options);
  } catch (error) {
    console.error(`baton: Cannot reach "${pipe}", going on without: ${messageOf(error)}`);
    return createStandIn(host);
  }
}
