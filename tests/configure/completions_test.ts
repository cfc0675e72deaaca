import { assert, assertEquals } from "@std/assert";
import { completions } from "../../lib/configure/completions/completions.ts";
import type { Shell } from "../../lib/configure/subcommands.ts";

async function output(command: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args,
    env: { TERM: "dumb", HOME: "/nonexistent" },
    signal: AbortSignal.timeout(20_000),
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert(success, `${command} failed: ${text(stderr)}`);
  return text(stdout);
}

function installed(shell: Shell): boolean {
  try {
    return new Deno.Command(shell, { args: ["-c", "true"] }).outputSync().success;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.warn(`${shell} is not installed: its completions are not tested`);
    return false;
  }
}

/** Runs a script in that shell with the completions at `$1`. */
async function withCompletions(shell: Shell, script: string, ...args: string[]): Promise<string> {
  const path = await Deno.makeTempFile({ suffix: `.${shell}` });
  try {
    await Deno.writeTextFile(path, completions(shell));
    const options = shell === "fish" ? ["--no-config"] : shell === "zsh" ? ["-f"] : ["--norc"];
    const name = shell === "fish" ? [] : [shell];
    return await output(shell, ...options, "-c", script, ...name, path, ...args);
  } finally {
    await Deno.remove(path);
  }
}

/** What follows the line on each of the left, among other things or alone. */
const CASES: readonly (readonly [line: string[], among: string[]])[] = [
  [["--han"], ["--handoff"]],
  [["--no-g"], ["--no-gitignore"]],
  [["--handoff", "o"], ["overlapped"]],
  [["-I", "-d", "1s", "--handoff", "s"], ["sequential"]],
  [["completions", ""], ["bash", "zsh", "fish"]],
  [["sche"], ["schema"]],
];

Deno.test({
  name: "bash completes options, values and subcommands",
  ignore: !installed("bash"),
  async fn() {
    const script = `compopt() { :; }; source "$1"; shift
      COMP_WORDS=(baton "$@"); COMP_CWORD=$#; _baton; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const complete = async (...line: string[]) =>
      (await withCompletions("bash", script, ...line)).trim().split("\n");
    for (const [line, replies] of CASES) assertEquals(await complete(...line), replies);
    assertEquals(await complete("--handoff", "=", "o"), ["overlapped"]);
    assertEquals(await complete("--handoff", "="), ["auto", "sequential", "overlapped"]);
    assertEquals(await complete("ls", "/et"), ["/etc"]);
    assert(!(await complete("--", "sche")).includes("schema"));
  },
});

Deno.test({
  name: "fish completes options, values and subcommands",
  ignore: !installed("fish"),
  async fn() {
    const script = 'source $argv[1]; complete -C "baton $argv[2]"';
    const complete = async (...line: string[]) =>
      (await withCompletions("fish", script, line.join(" "))).trim().split("\n")
        .map((reply) => reply.split("\t")[0]);
    for (const [line, replies] of CASES) {
      assertEquals((await complete(...line)).sort(), replies.toSorted());
    }
    assertEquals(await complete("--handoff=o"), ["--handoff=overlapped"]);
    assertEquals(await complete("ls", "--han"), [""]);
    assert(!(await complete("--", "sche")).includes("schema"));
  },
});

Deno.test({
  name: "zsh completes options, values and subcommands",
  ignore: !installed("zsh"),
  async fn() {
    const script = `zmodload zsh/zpty; zpty shell zsh -f -i
      zpty -w shell "autoload -U compinit; compinit -D -u; source $1; PS1='REA''DY> '"
      zpty -r -m shell seen '*READY> *'
      zpty -w -n shell "$2"$'\\t'
      zpty -r -m shell seen "*$3*"; print -r -- "$seen"; zpty -d shell`;
    for (const [line, replies] of CASES) {
      const typed = ["baton", ...line].join(" ");
      for (const reply of replies) {
        const seen = await withCompletions("zsh", script, typed, reply);
        assert(seen.includes(reply), `"${typed}" gave ${JSON.stringify(seen)}`);
      }
    }
  },
});
