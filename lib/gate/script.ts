import { RUNNER_VARIABLES } from "./cargo_runner.ts";
import { goFlag } from "./go_flags.ts";

/** Where it may say that it waits, and be told to go on. */
export const GATE_VARIABLE = "BATON_GATE";
/** What a gate is told by its pipe. */
export const GO = "go\n";

/** Where the gate at `pipe` says that it waits. */
export function builtPath(pipe: string): string {
  return `${pipe}.built`;
}

/**
 * What a build tool runs in place of what it has built: says so and waits, then executes that in its own place. It
 * is a shell's, which is there in a millisecond and leaves nothing behind, and calls no other program.
 *
 * At the end of baton, of which its pipe tells, it ends. Whatever is not to wait goes on at once: tests, what is
 * run by the program itself, all but the first of a generation.
 */
export function gateScript(path: string, fromFile: string): string {
  const flag = quoted(goFlag(path));
  const file = quoted(fromFile);
  const restore = RUNNER_VARIABLES.map((name) =>
    `[ "\${${name}-}" != ${quoted(path)} ] || unset ${name}`
  );
  return `#!/bin/sh
baton_gate=\${${GATE_VARIABLE}-}
unset ${GATE_VARIABLE}
baton_flag=${flag}
baton_file=${file}
case \${GOFLAGS-} in
"$baton_flag" | "$baton_flag $baton_file") unset GOFLAGS ;;
"$baton_flag "*) GOFLAGS=\${GOFLAGS#"$baton_flag "} ;;
*" $baton_flag"*) GOFLAGS=\${GOFLAGS%%" $baton_flag"*}\${GOFLAGS#*" $baton_flag"} ;;
esac
${restore.join("\n")}
case $1 in
*.test | */deps/*) exec "$@" ;;
esac
if [ -r "$baton_gate" ] && [ -w "$baton_gate" ] && [ -p "$baton_gate" ] &&
  ! [ -e /proc/self/fd/8 ] && ! [ -e /proc/self/fd/9 ]; then
  exec 9<>"$baton_gate" 8<"$baton_gate" 9>&-
  set -C
  if { echo $$ >"${builtPath("$baton_gate")}"; } 2>/dev/null; then
    read -r baton_answer <&8 || exit 1
  fi
  exec 8<&-
fi
exec "$@"
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
