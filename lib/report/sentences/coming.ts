/** Sentences about a generation that comes: started, ready, or not. */
import { nearest } from "../../configure/nearest.ts";
import { SUBCOMMANDS } from "../../configure/subcommands.ts";
import type { ItemOf } from "../item.ts";
import type { Message, Sentences } from "../message.ts";
import { duration, size } from "../quantity.ts";
import { changedFiles, quoted, refusedRung, stateOf } from "../words.ts";

type Ready = ItemOf<"ready">;

const CAUSES: Readonly<Record<Ready["reason"], string>> = {
  first: "",
  change: "files changed",
  restart: "restart asked for",
  crash: "started again",
};

const NEXT_BY_CODE: Readonly<Record<string, string>> = {
  ENOENT:
    'Check the name, and the first line of a script; what is not on PATH needs its path, as in "./server"',
  EISDIR: "Name a program, say one in that folder",
  EACCES: 'Make it executable ("chmod +x"), or name its interpreter before it',
  ENOEXEC: 'Give it a first line such as "#!/bin/sh", or name its interpreter before it',
};

/** Words that other tools have for what baton does without one. */
const INSTEAD: Readonly<Record<string, string>> = {
  run: 'Leave "run" out: baton runs what stands there, as in "baton -- python app.py". ',
  start: 'Leave "start" out: "baton" alone starts what baton.jsonc names. ',
  version: 'Did you mean "baton --version"? ',
};

/** A mistyped command of baton's own is looked for as a program. */
function meant(why: string): string {
  const [, name] = /^Cannot run "([^"/]+)": no such command$/.exec(why) ?? [];
  if (name === undefined) return "";
  if (Object.hasOwn(INSTEAD, name)) return INSTEAD[name]!;
  const command = nearest(name, Object.keys(SUBCOMMANDS));
  return command === null ? "" : `Did you mean "baton ${command}"? `;
}

/** By the name of the client: what makes a component of a server. */
const COVERS: Readonly<Record<string, string>> = {
  "baton-python":
    'Wrap the application by "baton.asgi" or "baton.wsgi", or name what stops the server: "app.component(…, serves=True)"',
  "baton-ts":
    'Give the server to "baton.serve", or name what stops it: "baton.component(…, { serves: true })"',
};

/** Shutdown sent until the state was saved, or the last component stopped. */
function hookMs({ marks: { asked, stopped, saved } }: Ready): number | undefined {
  const end = saved ?? stopped;
  return asked === undefined || end === undefined ? undefined : Math.max(0, end - asked);
}

function step(name: string, ms: number | undefined): string {
  return ms === undefined ? "" : `${name} ${duration(ms)}`;
}

function listed(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(", ");
}

/** Where nothing announced it, only the stop of the one before can be timed. */
function steps(ready: Ready): string[] {
  const { mode, timings, state, announced } = ready;
  return [
    mode === "built" && !announced ? step("build", timings.bootMs) : "",
    step("hook", hookMs(ready)),
    state === null ? "" : `state ${size(state.envelope.sizeBytes)}`,
    announced ? step("boot", timings.bootMs) : step("stop", timings.goneMs),
    announced ? step("dark", timings.darkMs) || step("stopping", timings.stoppingMs) : "",
    ready.standby?.type === "standby" ? "from standby" : "",
  ];
}

/** The steps that the sentence itself does not name, where baton was told of them: `(settle 7 ms, …)`. */
function breakdown({ timings, announced }: Ready): string {
  if (!announced) return "";
  const { bootMs: _boot, darkMs: _dark, stoppingMs: _stopping, totalMs: _total, ...rest } = timings;
  const named = Object.entries(rest).map(([name, ms]) => step(name.slice(0, -"Ms".length), ms));
  return named.length === 0 ? "" : ` (${listed(named)})`;
}

function details({ from, mode, hook, standby }: Ready): Message[] {
  const cold = standby?.type === "cold" && from !== null && mode !== "built"
    ? [{ weight: "detail", what: `Started cold: ${standby.why}` } as const]
    : [];
  return [...cold, ...stopped({ from, hook })];
}

function stopped({ from, hook }: Pick<Ready, "from" | "hook">): Message[] {
  return hook.stopped.map(({ component, elapsedMs }) => ({
    weight: "detail",
    what: `Component ${quoted(component)} of generation ${from} stopped in ${duration(elapsedMs)}`,
  }));
}

export const coming: Sentences<
  "started" | "ready" | "late" | "participants" | "no component" | "timeout cut" | "spawn failed"
> = {
  started: ({ generation, mode, state }) => {
    if (mode === "first") return [];
    const resumed = state === null ? "without state" : `with the ${stateOf(state)}`;
    const what = mode === "built"
      ? "is built beside the live one"
      : ["overlapped", "swapped"].includes(mode)
      ? "boots beside the live one"
      : `starts ${resumed}`;
    return [{ weight: "detail", what: `Generation ${generation} ${what}` }];
  },
  ready: (ready) => {
    const { generation, from, reason, changed, refusals, announced } = ready;
    if (from === null && !announced) return [];
    const parts = steps(ready);
    const news = from === null
      ? `Generation ${generation} is ready: ${listed(parts)}`
      : `Generation ${generation} runs: ${
        listed([changedFiles(changed) || CAUSES[reason], ...refusals.map(refusedRung), ...parts])
      }${breakdown(ready)}`;
    return [{ weight: "news", what: news }, ...details(ready)];
  },
  late: ({ generation }) => [{
    weight: "warning",
    what: `Generation ${generation} has not become ready in time; it counts as live`,
    next: 'Say "ready" once it serves, or give it longer with "--boot-timeout"',
  }],
  participants: ({ generation, first, other }) => [{
    weight: "news",
    what:
      `Processes ${first} and ${other} of generation ${generation} both take part: the state of ${first} is handed over, which said hello first`,
  }],
  "no component": ({ generation, client, listens }) => [{
    weight: "news",
    what: `Generation ${generation} listens on ${
      listens.join(", ")
    } and has no component: what it answers once its state is saved is not in it`,
    next: COVERS[client.split("/")[0]!] ??
      "Declare a component that serves, whose stop function takes no more requests",
  }],
  "timeout cut": ({ component, timeoutMs, hookTimeoutMs }) => [{
    weight: "warning",
    what: `Component ${quoted(component)} may take ${
      duration(timeoutMs)
    } to stop, and the whole hook ${duration(hookTimeoutMs)}: it is cut short`,
    next: `Give the hook longer, say "--hook-timeout ${Math.ceil(timeoutMs * 1.25 / 1_000)}s"`,
  }],
  "spawn failed": ({ generation, code, why }) => [{
    weight: "error",
    what: why,
    where: `start of generation ${generation}`,
    next: meant(why) +
      (NEXT_BY_CODE[code] ?? "Run the command by hand to see what keeps it from starting"),
  }],
};
