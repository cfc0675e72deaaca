import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Invocation, parseCommandLine } from "../../lib/configure/command_line.ts";
import { help } from "../../lib/configure/help.ts";
import { SUBCOMMANDS } from "../../lib/configure/subcommands.ts";
import { explainedLater } from "../support/explained.ts";

async function run(...args: string[]): Promise<Record<string, unknown>> {
  const invocation: Invocation = await parseCommandLine(args);
  if (invocation.kind !== "run") throw new Error(`expected a run, got ${invocation.kind}`);
  return {
    ...invocation.given,
    ...invocation.config === null ? {} : { config: invocation.config },
  };
}

const says = (...args: string[]) => explainedLater(() => parseCommandLine(args));

Deno.test("options end at the first word that is none", async () => {
  assertEquals(await run("-I", "python", "-m", "x", "-v", "--clear"), {
    interactive: true,
    command: ["python", "-m", "x", "-v", "--clear"],
  });
  assertEquals(await run("--", "-x", "--", "y"), { command: ["-x", "--", "y"] });
  assertEquals(await run("make", "--", "y"), { command: ["make", "--", "y"] });
  assertEquals(await run("-", "y"), { command: ["-", "y"] });
  assertEquals(await run(), {});
});

Deno.test("one word with blanks is one word", async () => {
  assertEquals((await run("./my server.sh")).command, ["./my server.sh"]);
});

Deno.test("a value is attached or follows, long or short", async () => {
  for (
    const args of [
      ["--settle", "30ms"],
      ["--settle=30ms"],
      ["-d", "30ms"],
      ["-d30ms"],
      ["-d=30ms"],
      ["-Id", "30ms"],
      ["-Id30ms"],
    ]
  ) assertEquals((await run(...args, "x")).settle, 30, args.join(" "));
});

Deno.test("lists grow, other options count once, the last of them", async () => {
  assertEquals((await run("-w", "a", "--watch=b", "-wc", "x")).watch, ["a", "b", "c"]);
  assertEquals((await run("-e", "py,.toml", "-e", "*.js", "x")).ext, ["py", "toml", "js"]);
  assertEquals((await run("--keep", "3", "--keep=5", "x")).keep, 5);
  assertEquals((await run("-q", "-v", "x")).verbosity, "verbose");
  assertEquals((await run("--quiet", "x")).verbosity, "quiet");
});

Deno.test("a switch has an opposite", async () => {
  assertEquals((await run("--clear", "x")).clear, true);
  assertEquals((await run("--no-clear", "x")).clear, false);
  assertEquals((await run("--no-gitignore", "x")).gitignore, false);
  assertEquals((await run("--gitignore", "x")).gitignore, true);
});

Deno.test("--poll takes an interval, attached or as the next word, where that reads as one", async () => {
  assertEquals(await run("--poll", "500ms", "x"), { poll: 500, command: ["x"] });
  assertEquals(await run("--poll", "x", "500ms"), { poll: 1_000, command: ["x", "500ms"] });
  assertEquals((await run("--poll=500ms", "x")).poll, 500);
  assertEquals((await run("--no-poll", "x")).poll, null);
});

Deno.test("values keep equals signs, blanks and line ends", async () => {
  assertEquals((await run("--ignore=a=b", "-i", "c d\ne", "x")).ignore, ["a=b", "c d\ne"]);
  assertEquals((await run("--restart-args=--restart", "x")).restartArgs, ["--restart"]);
});

Deno.test("baton's own questions come first, then subcommands, then the program", async () => {
  assertEquals(await parseCommandLine(["--help"]), { kind: "help", about: null });
  assertEquals(await parseCommandLine(["-vh", "python"]), { kind: "help", about: null });
  assertEquals(await parseCommandLine(["--version"]), { kind: "version" });
  assertEquals((await parseCommandLine(["--print-config"])).kind, "printConfig");
  assertEquals((await parseCommandLine(["init"])).kind, "init");
  assertEquals(await parseCommandLine(["completions", "--help"]), {
    kind: "help",
    about: "completions",
  });
  assertEquals((await parseCommandLine(["--", "init"])).kind, "run");
  assertEquals(await run("-c", "other.json"), { config: "other.json" });
});

Deno.test("options may stand before and after a subcommand", async () => {
  const given = { stateDir: "s", keep: 2 };
  assertEquals(await parseCommandLine(["--state-dir", "s", "timeline", "--keep=2", "t.json"]), {
    kind: "timeline",
    file: "t.json",
    config: null,
    given,
  });
  assertEquals(await parseCommandLine(["completions", "zsh"]), {
    kind: "completions",
    shell: "zsh",
    config: null,
    given: {},
  });
});

Deno.test("what cannot be read is explained", async () => {
  assertEquals(await says("--wacth", "src", "x"), {
    what: 'Unknown option "--wacth"',
    where: "command line",
    next: 'Did you mean "--watch"? "baton --help" lists the options',
  });
  assertEquals((await says("-ws", "-z", "x")).what, 'Unknown option "-z"');
  assertEquals((await says("-Iz", "x")).what, 'Unknown option "-Iz"');
  assertEquals(
    (await says("--hlep", "x")).next,
    'Did you mean "--help"? "baton --help" lists the options',
  );
  assertEquals((await says("--unheardofthing")).next, '"baton --help" lists the options');
  assertEquals((await says("--no-watch")).what, 'Unknown option "--no-watch"');
  assertEquals(await says("--watch"), {
    what: 'Option "--watch" has no value',
    where: "command line",
    next: 'Write "--watch=PATH"',
  });
  assertEquals((await says("-w", "-v", "x")).next, 'Write "-w PATH"');
  assertEquals((await says("--ext=", "x")).what, 'Option "--ext" has no value');
  assertEquals(
    (await says("--clear=yes")).what,
    'Option "--clear" takes no value, but "yes" was given',
  );
});

Deno.test("what is not allowed is explained", async () => {
  assertEquals(await says("--handoff", "overlaped", "x"), {
    what: 'Cannot use "overlaped" for --handoff: expected "auto", "sequential" or "overlapped"',
    where: "command line",
    next: 'Did you mean "overlapped"? "baton --help" tells what each option takes',
  });
  assertEquals(
    (await says("--max-wait=5", "x")).what,
    'Cannot use "5" for --max-wait: expected a duration such as "30ms", "2s" or "1m"',
  );
  assertEquals(
    (await says("-s", "TERM", "x")).next,
    'Did you mean "SIGTERM"? "baton --help" tells what each option takes',
  );
  assertEquals(
    (await says("--keep=many", "x")).what,
    'Cannot use "many" for --keep: expected a whole number from 1',
  );
  assertEquals(
    (await says("--poll=1ms", "x")).what,
    'Cannot use "1ms" for --poll: expected an interval from "10ms" to "60m"',
  );
  assertEquals(
    (await says("--", "")).what,
    'Cannot use [""] for the command: expected a command such as "python app.py" or ["python", "app.py"]',
  );
});

Deno.test("a subcommand says what it does not take", async () => {
  assertEquals((await says("init", "now")).what, '"init" does not take "now"');
  assertEquals((await says("completions")).next, 'Write "baton completions bash|zsh|fish"');
  assertEquals((await says("completions", "fissh")).next, 'Write "baton completions fish"');
  assertEquals((await says("schema", "--wacth")).what, 'Unknown option "--wacth"');
});

Deno.test("help is asked for by its word too, of all or of one command", async () => {
  const about = async (...args: string[]) => {
    const asked = await parseCommandLine(args);
    return asked.kind === "help" ? asked.about : asked.kind;
  };
  assertEquals(await about("help"), null);
  assertEquals(await about("help", "help"), null);
  assertEquals(await about("help", "state"), "state");
  assertEquals(await about("help", "wait"), "wait");
  assertEquals(await about("state", "--help"), "state");
  assertEquals(await about("-h", "init"), "init");
  assertEquals(await about("--", "help"), "run");
  const { what, next } = await says("help", "staet");
  assertEquals(what, 'Cannot help with "staet": baton has no such command or option');
  assertEquals(next, 'Did you mean "baton help state"? "baton help" lists them');
});

Deno.test("help tells of one option, as it is written anywhere", async () => {
  const shown = async (word: string) => {
    const asked = await parseCommandLine(["help", word]);
    return asked.kind === "help" ? help(asked.about) : asked.kind;
  };
  const proxy = "Port in front of the program: each start gets its own.\n\n" +
    'Usage:      baton --proxy [HOST:]PORT …\nIn a file:  "proxy"\n';
  for (const word of ["proxy", "--proxy"]) assertEquals(await shown(word), proxy);
  const same: readonly (readonly string[])[] = [
    ["-w", "--watch", "watch"],
    ["--stop-timeout", "stopTimeout"],
    ["-q", "--quiet", "verbosity"],
    ["no-inject", "--inject"],
    ["rule", "--rule"],
  ];
  for (const [first, ...others] of same) {
    for (const other of others) assertEquals(await shown(other), await shown(first!), other);
  }
  assertMatch(await shown("--hold"), /waits while nobody serves/);
  assertMatch(await shown("hold"), /start nothing/);
  assertMatch(await shown("version"), /^Show baton's version\.\n\nUsage: +baton --version …\n$/);
  const { next } = await says("help", "--lisen");
  assertEquals(next, 'Did you mean "baton help listen"? "baton help" lists them');
});

Deno.test("an option of another tool is answered with what it is here", async () => {
  assertMatch((await says("--debounce", "1s", "x")).next!, /^Did you mean "--settle"\?/);
  assertMatch((await says("--port", "1", "x")).next!, /^Did you mean "--listen" or "--proxy"\?/);
  assertMatch((await says("-V")).next!, /^Did you mean "--version"\?/);
});

Deno.test("help of one command says what it does and takes", () => {
  for (const name of Object.keys(SUBCOMMANDS) as (keyof typeof SUBCOMMANDS)[]) {
    const { description, operand } = SUBCOMMANDS[name];
    const [first, empty, usage] = help(name).split("\n");
    if (name === "help") continue;
    assertEquals([first, empty], [`${description}.`, ""]);
    assertStringIncludes(usage!, `Usage: baton ${`${name} ${operand}`.trim()} [`);
  }
});
