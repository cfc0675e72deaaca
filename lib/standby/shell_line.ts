const WORD = String.raw`[\w@%+:,./-]+`;
const ARGUMENT = String.raw`(?:[\w@%+=:,./-]+|"[^"$\x60\\\n]*"|'[^'\n]*')`;
const ASSIGNMENT = String.raw`[A-Za-z_]\w*=[\w@%+:,./-]*`;
/** These words of a shell may do anything. */
const OWN = String.raw`(?!(?:\.|source|eval|trap|command|builtin)["']?(?: |$))`;
/** With a quote around it, as npx does it. */
const PROGRAM = `(?<quote>["']?)(?<program>${OWN}${WORD})\\k<quote>`;
const PLAIN = new RegExp(
  `^ *(cd ${WORD} *&& *)*(${ASSIGNMENT} +)*(exec +)?${PROGRAM}( +${ARGUMENT})* *$`,
);
const SHELL = /(^|\/)(sh|dash|bash|ash|ksh|zsh)$/;

export function isShell(executable: string): boolean {
  return SHELL.test(executable);
}

/** Whether a command has a shell run one program and do nothing else: go to a folder first, or set its variables. */
export function runsOneProgram(
  [shell = "", flag, line = "", ...others]: readonly string[],
): boolean {
  return isShell(shell) && flag === "-c" && others.length === 0 && PLAIN.test(line);
}

/** The program that a command runs, and its arguments: the one that a shell is told to run, without them. */
export function programIn(command: readonly string[]): readonly string[] {
  if (!runsOneProgram(command)) return command;
  return [PLAIN.exec(command[2]!)!.groups!.program!];
}
