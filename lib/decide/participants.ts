/** What a program says on the pipe while nobody waits for it. */
import { type Context, liveOf, roleOf, update } from "./context.ts";
import type { EventOf } from "./event.ts";
import { isFirst, parted } from "./generation.ts";
import type { State } from "./state.ts";
import { report, to, type Transition } from "./transition.ts";

/** A participant's connection ended. */
export function part(context: Context, state: State, event: EventOf<"disconnected">): Transition {
  return to(update(context, event.generation, (one) => parted(one, event.participant)), state);
}

/** What did not fit the protocol; the channel has dealt with it. */
export function tellError(
  context: Context,
  state: State,
  event: EventOf<"protocol error">,
): Transition {
  const { generation, what } = event;
  return to(context, state, report({ type: "protocol error", generation, what }));
}

/** Live saved a checkpoint, or its last state because someone else had it end. */
export function checkUnasked(context: Context, state: State, event: EventOf<"saved">): Transition {
  const counts = roleOf(context, event) === "live" && isFirst(liveOf(context), event.participant);
  return to(context, state, ...counts ? [{ type: "check", claim: event } as const] : []);
}

/** What was saved without being asked for was read back. */
export function keepUnasked(context: Context, state: State, event: EventOf<"checked">): Transition {
  const { generation, reading } = event;
  if (reading.found === "good") {
    const kept = { path: reading.path, envelope: reading.envelope };
    const fact = report({ type: "checkpoint", generation, state: kept });
    return to({ ...context, best: kept }, state, fact);
  }
  return to(context, state, report(rejected(context, event)));
}

/** What is told of a state that cannot be used. */
export function rejected({ best }: Context, { generation, reading }: EventOf<"checked">) {
  if (reading.found === "good") throw new Error("A good state is not rejected");
  const why = reading.found === "missing" ? "No file is there" : reading.why;
  const { found } = reading;
  return { type: "state rejected", generation, found, why, state: best } as const;
}
