/** What no transcript can hold: baton is not there, a signal comes, nobody reads what is printed. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { FakeBaton, type Participant } from "../support/fake_baton.ts";
import type { Running } from "../support/running.ts";
import type { Suite } from "./player.ts";

export interface Fault {
  readonly name: string;
  readonly about: string;
  /** Rejects with what differs. */
  readonly play: (suite: Suite) => Promise<void>;
}

/** What `slow` saves, as JSON. */
const LARGE_BYTES = 16_777_218;

export const FAULTS: readonly Fault[] = [
  {
    name: "alone",
    about: "Without baton a program runs as it is",
    async play(suite) {
      await using running = suite.run("finishes", { BATON_PIPE: "" });
      const { code, lines } = await running.end();
      assertEquals({ code, lines }, { code: 0, lines: [`restored {"count":0}`, "ended"] });
    },
  },
  {
    name: "unreadable",
    about: "A state that cannot be read is an error that names its file",
    async play(suite) {
      await using baton = new FakeBaton();
      await using running = suite.run("counts", baton.env);
      const participant = await baton.accept();
      await participant.expect("hello");
      const path = baton.leave('"of another version');
      await participant.open(path);
      const { code, stderr } = await running.end();
      assertEquals(code, 1);
      assertStringIncludes(stderr, path);
    },
  },
  {
    name: "signal",
    about: "A stop signal while a large state is being saved takes nothing from it",
    async play(suite) {
      await whileSaving(suite, async (running, participant) => {
        running.kill("SIGTERM");
        assertEquals((await participant.expect("saved")).bytes, LARGE_BYTES);
        participant.hangUp();
      });
    },
  },
  {
    name: "lost_while_saving",
    about: "Baton goes while a large state is being saved: it is there in the end",
    play: (suite) => whileSaving(suite, (_, participant) => Promise.resolve(participant.hangUp())),
  },
  {
    name: "unread",
    about: "Baton goes, and whoever reads what the program prints: the state is saved",
    async play(suite) {
      await using baton = new FakeBaton();
      await using running = suite.run("counts", baton.env);
      const participant = await baton.accept();
      await participant.start();
      await running.closeOutput();
      participant.hangUp();
      await running.status;
      assertEquals(baton.state(), { count: 1 });
    },
  },
  {
    name: "unread_while_saving",
    about: "Baton goes, and whoever reads what the save function prints: the state is saved",
    async play(suite) {
      await using baton = new FakeBaton();
      await using running = suite.run("slow", baton.env);
      const participant = await baton.accept();
      await participant.start();
      await running.closeOutput();
      participant.hangUp();
      await running.status;
      assertEquals(Deno.statSync(baton.out).size, LARGE_BYTES);
    },
  },
];

/** Has `slow` asked for its state, and does something before it has it. */
async function whileSaving(
  suite: Suite,
  act: (running: Running, participant: Participant) => Promise<void>,
): Promise<void> {
  await using baton = new FakeBaton();
  await using running = suite.run("slow", baton.env);
  const participant = await baton.accept();
  await participant.start();
  await participant.shutDown(baton.out);
  assertEquals(await running.line(), "saving");
  await act(running, participant);
  const { code, lines, stderr } = await running.end();
  assertEquals({ code, lines }, { code: 0, lines: ["ended"] }, stderr);
  assertEquals(Deno.statSync(baton.out).size, LARGE_BYTES);
}
