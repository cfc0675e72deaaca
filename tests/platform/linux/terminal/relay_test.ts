import process from "node:process";
import { assert, assertEquals } from "@std/assert";
import { TerminalRelay } from "../../../../lib/platform/linux/terminal/relay.ts";
import type { Reading } from "../../../../lib/platform/linux/terminal/who_reads.ts";
import { type FakeProgram, FakeTerminals } from "./fake_terminals.ts";

/** A relay with these programs, until the last of them has left. */
class Relaying implements AsyncDisposable {
  readonly terminals = new FakeTerminals();
  readonly programs: FakeProgram[] = [];
  readonly #ended: Promise<void>;
  shown = "";
  reading: Reading = "no";

  constructor(programs = 1, onShow: (terminals: FakeTerminals) => void = () => {}) {
    const relay = TerminalRelay.open(this.terminals, {
      show: (bytes) => {
        this.shown += new TextDecoder().decode(bytes);
        onShow(this.terminals);
      },
      whoReads: () => this.reading,
      now: () => this.terminals.now,
    })!;
    for (let number = 0; number < programs; number++) this.programs.push(this.terminals.program());
    for (const { ends } of this.programs) relay.add(ends);
    this.#ended = relay.relay(() => {});
  }

  /** Opens its terminal, asks there, and reads. */
  async asks(program = this.programs[0]!, question = "Password: "): Promise<void> {
    this.terminals.opens(program);
    this.reading = "yes";
    program.write(question);
    await this.later();
  }

  /** A while after what was done before. */
  async types(text: string): Promise<void> {
    await this.later();
    this.terminals.type(text);
    await this.terminals.rests();
  }

  /** After the longest time between two looks. */
  later(): Promise<void> {
    return this.terminals.elapses(1_500);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.programs) program.leave();
    await this.#ended;
  }
}

/** What nobody has read. */
function left({ terminals }: Relaying): string {
  return new TextDecoder().decode(Uint8Array.from(terminals.typed));
}

Deno.test("what is typed is for standard input as long as nobody asks", async () => {
  await using relaying = new Relaying();
  const { terminals, programs: [program] } = relaying;
  await relaying.types("one\n");
  terminals.opens(program!);
  program!.write("I am here, and read nothing\n");
  await relaying.types("two\n");
  program!.write("50 %");
  await relaying.types("three\n");
  assertEquals(relaying.shown, "I am here, and read nothing\n50 %");
  assertEquals([left(relaying), program!.given], ["one\ntwo\nthree\n", ""]);
  assert(terminals.isGivenBack);
});

Deno.test("a question is shown once what is typed is taken, also where it comes just after a look", async () => {
  const taken: boolean[] = [];
  await using relaying = new Relaying(2, ({ isGivenBack }) => taken.push(!isGivenBack));
  const { terminals, programs: [program, other] } = relaying;
  await terminals.rests();
  terminals.beforeRead = () => {
    terminals.opens(program!);
    program!.setModes(true, false);
    program!.write("Password: ");
  };
  terminals.opens(other!);
  await terminals.rests();
  assertEquals([relaying.shown, taken], ["Password: ", [true]]);
});

Deno.test("who asks gets a line, and what is typed after that is for standard input again", async () => {
  await using relaying = new Relaying();
  const { terminals, programs: [program] } = relaying;
  await relaying.asks();
  assert(!terminals.isGivenBack);
  await relaying.types("secret\rrest\n");
  assertEquals([program!.given, left(relaying)], ["secret\r", "rest\n"]);
  relaying.reading = "no";
  program!.write("\n");
  terminals.closes(program!);
  await relaying.later();
  assertEquals([program!.given, left(relaying)], ["secret\r", "rest\n"]);
  assert(terminals.isGivenBack);
});

Deno.test("who is busy with a hidden line that it was given asks no more", async () => {
  await using relaying = new Relaying();
  const { terminals, programs: [program] } = relaying;
  program!.setModes(true, false);
  await relaying.asks();
  await relaying.types("secret\n");
  relaying.reading = "no";
  await relaying.types("rest\n");
  assertEquals([program!.given, left(relaying)], ["secret\n", "rest\n"]);
  assert(terminals.isGivenBack);
});

Deno.test("who asks on gets what is typed on", async () => {
  await using relaying = new Relaying();
  const { programs: [program] } = relaying;
  await relaying.asks();
  await relaying.types("wrong\nright\n");
  await relaying.later();
  assertEquals([program!.given, left(relaying)], ["wrong\nright\n", ""]);
});

Deno.test("who may not be looked at asks where it leaves a line open, or hides what is typed", async () => {
  await using relaying = new Relaying();
  const { terminals, programs: [program] } = relaying;
  terminals.opens(program!);
  relaying.reading = "maybe";
  await relaying.types("1");
  assertEquals(program!.given, "");
  program!.write("Continue? ");
  await relaying.types("2");
  assertEquals(program!.given, "12");
  program!.write("\n");
  await relaying.types("3");
  assertEquals(program!.given, "12");
  program!.setModes(true, false);
  await relaying.later();
  assertEquals(program!.given, "123");
});

Deno.test("who wants keys gets them as they are, also before it reads", async () => {
  await using relaying = new Relaying();
  const { terminals, programs: [program] } = relaying;
  program!.setModes(false, false);
  terminals.opens(program!);
  await relaying.types("q\r\x1b[A\n");
  assertEquals([program!.given, left(relaying)], ["q\r\x1b[A\n", ""]);
  terminals.closes(program!);
  await relaying.types("line\n");
  assertEquals(left(relaying), "line\n");
  assert(terminals.isGivenBack);
});

Deno.test("who draws finds the terminal as its own before anything is shown", async () => {
  let isDrawnOn = false;
  await using relaying = new Relaying(1, (terminals) => isDrawnOn = terminals.isDrawnOn);
  const { terminals, programs: [program] } = relaying;
  await relaying.later();
  program!.draws();
  terminals.opens(program!);
  program!.write("\x1b[2J\n");
  await terminals.rests();
  assert(isDrawnOn);
  terminals.closes(program!);
  await terminals.rests();
  assert(terminals.isGivenBack);
});

Deno.test("what was written by who has closed its terminal by then is shown", async () => {
  await using relaying = new Relaying();
  const { terminals, programs: [program] } = relaying;
  await terminals.rests();
  terminals.opens(program!);
  terminals.closes(program!);
  const said = "said\n".repeat(50_000);
  for (const byte of new TextEncoder().encode(said)) program!.written.push(byte);
  await relaying.later();
  assert(relaying.shown === said);
});

Deno.test("a hidden line is one at once, until it is closed", async () => {
  await using relaying = new Relaying();
  const { terminals, programs: [program] } = relaying;
  await relaying.later();
  program!.setModes(true, false);
  terminals.opens(program!);
  program!.write("Password: ");
  await terminals.rests();
  assert(!terminals.isGivenBack);
  terminals.closes(program!);
  await terminals.rests();
  assert(terminals.isGivenBack);
});

Deno.test("a look that takes long is not taken again at once, however much is written", async () => {
  let looks = 0;
  const terminals = new FakeTerminals();
  const program = terminals.program();
  const relay = TerminalRelay.open(terminals, {
    show() {},
    whoReads() {
      looks += 1;
      terminals.now += 5;
      return "no";
    },
    now: () => terminals.now,
  })!;
  relay.add(program.ends);
  const ended = relay.relay(() => {});
  terminals.opens(program);
  for (let line = 0; line < 1_000; line++) {
    await terminals.elapses(1);
    program.write("more\n");
  }
  assert(looks > 5 && looks < 20, String(looks));
  program.leave();
  await ended;
});

Deno.test("of two who ask, the first gets its answer before the second", async () => {
  await using relaying = new Relaying(2);
  const { terminals, programs: [first, second] } = relaying;
  await relaying.asks(second!);
  await relaying.asks(first!);
  await relaying.types("to the second");
  assertEquals([first!.given, second!.given], ["", "to the second"]);
  terminals.closes(second!);
  await relaying.types("to the first");
  assertEquals([first!.given, second!.given], ["to the first", "to the second"]);
});

Deno.test("a suspended baton, and one in the background, leaves the terminal as it was", async () => {
  await using relaying = new Relaying();
  const { terminals, programs: [program] } = relaying;
  await relaying.asks();
  process.emit("SIGTSTP", "SIGTSTP");
  assert(terminals.isGivenBack);
  terminals.isForeground = false;
  process.emit("SIGCONT", "SIGCONT");
  await relaying.types("to the shell\n");
  assertEquals([program!.given, terminals.isGivenBack], ["", true]);
  terminals.typed = [];
  terminals.isForeground = true;
  process.emit("SIGCONT", "SIGCONT");
  await relaying.types("secret\n");
  assertEquals([program!.given, terminals.isGivenBack], ["secret\n", false]);
});

Deno.test("the leader of a session is told that its program has ended, while there is one", async () => {
  const terminals = new FakeTerminals();
  const relay = TerminalRelay.open(terminals, {
    show() {},
    whoReads: () => "no",
    now: () => terminals.now,
  })!;
  const program = terminals.program();
  const terminal = relay.add(program.ends);
  const ended = relay.relay(() => {});
  terminal.programEnded();
  assert(program.wasTold);
  program.wasTold = false;
  program.leave();
  await ended;
  terminal.programEnded();
  assertEquals(program.wasTold, false);
  assertEquals(terminals.closed.length, 5);
});

Deno.test("in the background there is no relay", () => {
  const terminals = new FakeTerminals();
  terminals.isForeground = false;
  const options = { show() {}, whoReads: () => "no" as const, now: () => terminals.now };
  assertEquals(TerminalRelay.open(terminals, options), null);
});
