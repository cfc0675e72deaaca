import { assertEquals } from "@std/assert";
import { type Invocation, parseCommandLine } from "../../lib/configure/command_line.ts";
import { explained } from "../support/explained.ts";

function run(...args: string[]): Record<string, unknown> {
  const invocation: Invocation = parseCommandLine(args);
  if (invocation.kind !== "run") throw new Error(`expected a run, got ${invocation.kind}`);
  return {
    ...invocation.given,
    ...invocation.config === null ? {} : { config: invocation.config },
  };
}

const says = (...args: string[]) => explained(() => parseCommandLine(args));

Deno.test("options end at the first word that is none", () => {
  assertEquals(run("-I", "python", "-m", "x", "-v", "--clear"), {
    interactive: true,
    command: ["python", "-m", "x", "-v", "--clear"],
  });
  assertEquals(run("--", "-x", "--", "y"), { command: ["-x", "--", "y"] });
  assertEquals(run("make", "--", "y"), { command: ["make", "--", "y"] });
  assertEquals(run("-", "y"), { command: ["-", "y"] });
  assertEquals(run(), {});
});

Deno.test("one word with blanks is one word", () => {
  assertEquals(run("./my server.sh").command, ["./my server.sh"]);
});

Deno.test("a value is attached or follows, long or short", () => {
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
  ) assertEquals(run(...args, "x").settle, 30, args.join(" "));
});

Deno.test("lists grow, other options count once, the last of them", () => {
  assertEquals(run("-w", "a", "--watch=b", "-wc", "x").watch, ["a", "b", "c"]);
  assertEquals(run("-e", "py,.toml", "-e", "*.js", "x").ext, ["py", "toml", "js"]);
  assertEquals(run("--keep", "3", "--keep=5", "x").keep, 5);
  assertEquals(run("-q", "-v", "x").verbosity, "verbose");
  assertEquals(run("--quiet", "x").verbosity, "quiet");
});

Deno.test("a switch has an opposite", () => {
  assertEquals(run("--clear", "x").clear, true);
  assertEquals(run("--no-clear", "x").clear, false);
  assertEquals(run("--no-gitignore", "x").gitignore, false);
  assertEquals(run("--gitignore", "x").gitignore, true);
});

Deno.test("--poll takes an interval, attached or as the next word, where that reads as one", () => {
  assertEquals(run("--poll", "500ms", "x"), { poll: 500, command: ["x"] });
  assertEquals(run("--poll", "x", "500ms"), { poll: 1_000, command: ["x", "500ms"] });
  assertEquals(run("--poll=500ms", "x").poll, 500);
  assertEquals(run("--no-poll", "x").poll, null);
});

Deno.test("values keep equals signs, blanks and line ends", () => {
  assertEquals(run("--ignore=a=b", "-i", "c d\ne", "x").ignore, ["a=b", "c d\ne"]);
  assertEquals(run("--restart-args=--restart", "x").restartArgs, ["--restart"]);
});

Deno.test("baton's own questions come first, then subcommands, then the program", () => {
  assertEquals(parseCommandLine(["--help"]), { kind: "help" });
  assertEquals(parseCommandLine(["-vh", "python"]), { kind: "help" });
  assertEquals(parseCommandLine(["--version"]), { kind: "version" });
  assertEquals(parseCommandLine(["--print-config"]).kind, "printConfig");
  assertEquals(parseCommandLine(["init"]).kind, "init");
  assertEquals(parseCommandLine(["completions", "--help"]), { kind: "help" });
  assertEquals(parseCommandLine(["--", "init"]).kind, "run");
  assertEquals(run("-c", "other.json"), { config: "other.json" });
});

Deno.test("options may stand before and after a subcommand", () => {
  const given = { stateDir: "s", keep: 2 };
  assertEquals(parseCommandLine(["--state-dir", "s", "timeline", "--keep=2", "t.json"]), {
    kind: "timeline",
    file: "t.json",
    config: null,
    given,
  });
  assertEquals(parseCommandLine(["completions", "zsh"]), {
    kind: "completions",
    shell: "zsh",
    config: null,
    given: {},
  });
});

Deno.test("what cannot be read is explained", () => {
  assertEquals(says("--wacth", "src", "x"), {
    what: 'Unknown option "--wacth"',
    where: "command line",
    next: 'Did you mean "--watch"? "baton --help" lists the options',
  });
  assertEquals(says("-ws", "-z", "x").what, 'Unknown option "-z"');
  assertEquals(says("-Iz", "x").what, 'Unknown option "-Iz"');
  assertEquals(says("--unheardofthing").next, '"baton --help" lists the options');
  assertEquals(says("--no-watch").what, 'Unknown option "--no-watch"');
  assertEquals(says("--watch"), {
    what: 'Option "--watch" has no value',
    where: "command line",
    next: 'Write "--watch=PATH"',
  });
  assertEquals(says("-w", "-v", "x").next, 'Write "-w PATH"');
  assertEquals(says("--ext=", "x").what, 'Option "--ext" has no value');
  assertEquals(says("--clear=yes").what, 'Option "--clear" takes no value, but "yes" was given');
});

Deno.test("what is not allowed is explained", () => {
  assertEquals(says("--handoff", "overlaped", "x"), {
    what: 'Cannot use "overlaped" for --handoff: expected "auto", "sequential" or "overlapped"',
    where: "command line",
    next: 'Did you mean "overlapped"? "baton --help" tells what each option takes',
  });
  assertEquals(
    says("--max-wait=5", "x").what,
    'Cannot use "5" for --max-wait: expected a duration such as "30ms", "2s" or "1m"',
  );
  assertEquals(
    says("-s", "TERM", "x").next,
    'Did you mean "SIGTERM"? "baton --help" tells what each option takes',
  );
  assertEquals(
    says("--keep=many", "x").what,
    'Cannot use "many" for --keep: expected a whole number from 1',
  );
  assertEquals(
    says("--poll=1ms", "x").what,
    'Cannot use "1ms" for --poll: expected an interval from "10ms" to "60m"',
  );
  assertEquals(
    says("--", "").what,
    'Cannot use [""] for the command: expected a command such as "python app.py" or ["python", "app.py"]',
  );
});

Deno.test("a subcommand says what it does not take", () => {
  assertEquals(says("init", "now").what, '"init" does not take "now"');
  assertEquals(says("completions").next, 'Write "baton completions bash|zsh|fish"');
  assertEquals(says("completions", "fissh").next, 'Write "baton completions fish"');
  assertEquals(says("schema", "--wacth").what, 'Unknown option "--wacth"');
});
