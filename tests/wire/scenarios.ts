/** What is recorded of a real baton and real programs: a transcript each. */
import { Baton, Project } from "../e2e/baton.ts";
import { PYTHON } from "../support/running.ts";
import { waitUntil } from "../support/wait_until.ts";
import { type Entry, normalized, type Subject, type Transcript } from "./transcript.ts";

const root = new URL("../../", import.meta.url).pathname;

interface Scenario extends Subject {
  readonly args?: readonly string[];
  /** Brings about what it is about, once the first generation serves. Baton is stopped then. */
  readonly act: (stage: Stage) => Promise<void>;
}

interface Stage {
  readonly project: Project;
  readonly baton: Baton;
  entries(): readonly Entry[];
}

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  start: {
    about: "The first generation starts with nothing, and stops when baton does",
    program: "counts",
    act: () => Promise.resolve(),
  },
  overlapped: {
    about: "The next generation boots to its barrier, and takes over what the live one saves",
    program: "counts",
    act: handOver,
  },
  sequential: {
    about: "The live generation saves and is gone before the next is started",
    program: "counts",
    args: ["--handoff", "sequential"],
    act: handOver,
  },
  parts: {
    about: "Components that save make one state, with a key each",
    program: "parts",
    act: handOver,
  },
  joins: {
    about: "Who can be joined is told first, and what serves is stopped after all others",
    program: "joins",
    act: handOver,
  },
  exclusive: {
    about: "A program without a barrier, one at a time, that adds a component when it is ready",
    program: "late",
    act: handOver,
  },
  nothing: {
    about: "Nothing saves: there is no state to hand over, and no checkpoint to ask for",
    program: "nothing",
    act: handOver,
  },
  refused: {
    about:
      "A save function that raises refuses the checkpoint before a handoff: the program goes on",
    program: "raises",
    act: async ({ project, baton, entries }) => {
      project.write("touched.txt", "1");
      await baton.event("armed");
      await said("refused", entries);
    },
  },
  late: {
    about: "A component that raises and one that hangs have failed, the others still stop",
    program: "stuck",
    act: handOver,
  },
  checkpoint: {
    about: "A checkpoint of the program's own, and one that baton asks for before it hands over",
    program: "checkpoints",
    act: async (stage) => {
      await said("saved", stage.entries);
      await handOver(stage);
    },
  },
  participants: {
    about: "Every process takes part on its own; the state of the first counts",
    program: "workers",
    act: async (stage) => {
      await readyParticipants(stage, 1, 2);
      await handOver(stage);
      await readyParticipants(stage, 2, 2);
    },
  },
  lost: {
    about: "Baton is gone: the program stops by itself, and leaves its state",
    program: "counts",
    act: async ({ baton }) => {
      baton.kill("SIGKILL");
      await baton.status;
    },
  },
  notify: {
    about: "A changed data file is told of, and read anew; what it cannot take is declined",
    program: "notices",
    needs: "notify",
    args: ["--rule", "*.txt=notify"],
    act: async ({ project, baton, entries }) => {
      project.write("touched.txt", "1");
      await baton.event("updated");
      project.write("broken.txt", "");
      await said("declined", entries);
      await baton.event("ready", ({ generation, announced }) => generation === 2 && announced);
    },
  },
  recycle: {
    about: "All components are stopped, and started again in order with what they saved",
    program: "recycles",
    needs: "recycle",
    args: ["--rule", "*.txt=recycle"],
    act: async ({ project, baton }) => {
      project.write("touched.txt", "1");
      await baton.event("updated");
    },
  },
  unstartable: {
    about: "A component that cannot start again declines, and keeps what it saved for the state",
    program: "unstartable",
    needs: "recycle",
    args: ["--rule", "*.txt=recycle"],
    act: async ({ project, baton, entries }) => {
      project.write("touched.txt", "1");
      await said("declined", entries);
      await baton.event("ready", ({ generation, announced }) => generation === 2 && announced);
    },
  },
  junk: {
    about: "A line that is no message ends the connection, with an error that says where",
    program: "answers_with_junk.py",
    act: async ({ project, entries }) => {
      project.write("touched.txt", "1");
      await waitUntil("the end of it", () => entries().find((each) => "closed" in each));
    },
  },
};

async function handOver({ project, baton }: Stage): Promise<void> {
  project.write("touched.txt", "1");
  await baton.event("ready", ({ generation, announced }) => generation === 2 && announced);
}

function isReady(entry: Entry): boolean {
  return "program" in entry && entry.program.type === "ready";
}

async function said(type: string, entries: () => readonly Entry[]): Promise<void> {
  await waitUntil(
    `the program says ${type}`,
    () => entries().find((each) => "program" in each && each.program.type === type),
  );
}

async function readyParticipants({ entries }: Stage, of: number, count: number): Promise<void> {
  await waitUntil(`${count} participants of generation ${of} are ready`, () => {
    const ready = entries().filter((each) => isReady(each) && each.generation === of);
    return ready.length === count;
  });
}

/** Runs a scenario with the Python client, and gives what was said. */
export async function record(name: string): Promise<Transcript> {
  const { act, args = [], ...subject } = SCENARIOS[name]!;
  const { program } = subject;
  using project = new Project({ "touched.txt": "0" });
  using records = new Project();
  const file = records.path("said.jsonl");
  const script = program.endsWith(".py")
    ? [`${root}tests/fixtures/${program}`]
    : [`${root}clients/python/conformance.py`, program];
  const relay = [
    Deno.execPath(),
    "run",
    "-A",
    "--quiet",
    "--no-config",
    `${root}tests/wire/relay.ts`,
  ];
  await using baton = new Baton(project, [...relay, file, PYTHON, ...script], { args });
  const entries = () => read(file);
  await baton.event("armed");
  await baton.event("ready", ({ announced }) => announced);
  await act({ project, baton, entries });
  if (name !== "lost") await baton.stop();
  await waitUntil("every generation that served has ended", () => {
    const of = (fits: (entry: Entry) => boolean) =>
      new Set(entries().filter(fits).map(({ generation }) => generation));
    return of(isReady).isSubsetOf(of((entry) => "ended" in entry));
  });
  const ended = entries().filter((each) => "ended" in each).map(({ generation }) => generation);
  const whole = entries().filter(({ generation }) => ended.includes(generation));
  return { name, ...subject, entries: normalized(inOrder(whole), project.dir) };
}

function read(file: string): Entry[] {
  try {
    const text = Deno.readTextFileSync(file);
    return text.slice(0, text.lastIndexOf("\n") + 1).trimEnd().split("\n").filter(Boolean)
      .map((line) => JSON.parse(line));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** By generation and participant: what each of these does at once has no order. */
function inOrder(entries: readonly Entry[]): Entry[] {
  const participant = (entry: Entry) => "participant" in entry ? entry.participant : Infinity;
  const step = (entry: Entry) => startsEarly(entry, entries) ? 0 : 1;
  return entries.toSorted((a, b) => {
    if (a.generation !== b.generation) return a.generation - b.generation;
    if (participant(a) !== participant(b)) return participant(a) - participant(b);
    return step(a) - step(b);
  });
}

/** Whoever has no barrier does not wait for `start`: it is put right behind the first hello. */
function startsEarly(entry: Entry, entries: readonly Entry[]): boolean {
  if (!("participant" in entry)) return false;
  const hello = entries.find((each) =>
    "program" in each && each.generation === entry.generation &&
    each.participant === entry.participant
  );
  if (hello === undefined || !("program" in hello) || hello.program.type !== "hello") return false;
  if (hello.program.capabilities.includes("handoff")) return false;
  return entry === hello || ("baton" in entry && entry.baton.type === "start");
}
