/** States that are damaged while no baton runs: set aside, loudly, and the newest good one is resumed. */
import { assert, assertEquals } from "@std/assert";
import { fixture, Stage, together } from "./fixtures.ts";

const COMMAND = fixture("leaves_a_state.sh");
const GOOD = ".baton/good";

/** The newest of two kept states: its bytes, and its envelope. */
const NEWEST = `${GOOD}/000002.state`;
const ENVELOPE = `${GOOD}/000002.json`;

interface Damage {
  readonly does: (stage: Stage) => void;
  readonly found: "torn" | "corrupt";
  readonly says: RegExp;
}

const DAMAGES: Readonly<Record<string, Damage>> = {
  "is cut short": {
    does: ({ project }) => Deno.truncateSync(project.path(NEWEST), 4),
    found: "torn",
    says: /Does not resume a torn state: it is 4 bytes, 11 were saved/,
  },
  "has a flipped bit": {
    does: ({ project }) => project.write(NEWEST, "state og 2\n"),
    found: "corrupt",
    says: /Does not resume a corrupt state: it has SHA-256 /,
  },
  "is empty": {
    does: ({ project }) => project.write(NEWEST, ""),
    found: "torn",
    says: /Does not resume a torn state: it is empty/,
  },
  "has lost its envelope": {
    does: ({ project }) => Deno.removeSync(project.path(ENVELOPE)),
    found: "torn",
    says: /Does not resume a torn state: it has no envelope/,
  },
  "was written by a newer baton": {
    does: ({ project }) => project.replace(ENVELOPE, '"format":1', '"format":99'),
    found: "corrupt",
    says:
      /corrupt state: it was written by a newer baton \(format 99, this one reads 1\): to resume /,
  },
};

/** Two generations under a baton that has ended since; each left a state. */
async function twoStates(stage: Stage): Promise<void> {
  const { baton } = stage;
  await baton.up();
  await baton.prints("generation 1 resumes nothing");
  stage.touch();
  await baton.prints("generation 2 resumes state of 1");
  assertEquals(await baton.stop(), 0);
}

async function read({ does, says }: Damage): Promise<void> {
  await using stage = new Stage(COMMAND);
  await twoStates(stage);
  does(stage);
  await using baton = stage.again(COMMAND, { log: "text" });
  await baton.prints("generation 1 resumes state of 1");
  await baton.text(says);
  await baton.text(
    /\n +Where: .baton\/bad\/000002.state\n +Next: It was set aside, not deleted; the newest good state is used\nbaton: Resumes from the state file of generation 1 \(11 B\), saved \d+ \w+ ago\n/,
  );
  assert(Deno.statSync(stage.project.path(".baton/bad/000002.state")).isFile);
}

async function hear({ does, found }: Damage): Promise<void> {
  await using stage = new Stage(COMMAND);
  await twoStates(stage);
  does(stage);
  await using baton = stage.again(COMMAND);
  const { newest } = await baton.event("resuming");
  assertEquals([newest.reading.found, newest.reading.envelope.generation], ["good", 1]);
  assertEquals(newest.rejected.map((one: { found: string }) => one.found), [found]);
}

for (const [name, damage] of Object.entries(DAMAGES)) {
  Deno.test(`a state that ${name} is set aside, and the one before is resumed`, async () => {
    await together(read(damage), hear(damage));
  });
}
