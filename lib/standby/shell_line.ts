const WORD = String.raw`[\w@%+:,./-]+`;
const ARGUMENT = String.raw`[\w@%+=:,./-]+`;
const ASSIGNMENT = String.raw`[A-Za-z_]\w*=[\w@%+:,./-]*`;
/** These words of a shell may do anything. */
const OWN = String.raw`(?!(?:\.|source|eval|trap|command|builtin)(?: |$))`;
const PLAIN = new RegExp(
  `^ *(cd ${WORD} *&& *)*(${ASSIGNMENT} +)*(exec +)?${OWN}${WORD}( +${ARGUMENT})* *$`,
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
