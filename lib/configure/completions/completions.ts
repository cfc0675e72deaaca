/**
 * # Theory of operation
 *
 * `word.ts` says what there is to complete, made from the flag table; each shell's file writes it in that
 * shell's language. Options end where the program's words begin: from there on the shell completes the
 * program as if baton were not there.
 */
import type { Shell } from "../subcommands.ts";
import { bashCompletions } from "./bash.ts";
import { fishCompletions } from "./fish.ts";
import { zshCompletions } from "./zsh.ts";

const WRITERS: Readonly<Record<Shell, () => string>> = {
  bash: bashCompletions,
  zsh: zshCompletions,
  fish: fishCompletions,
};

/** The completions for a shell, as a script that it can source. */
export function completions(shell: Shell): string {
  return WRITERS[shell]();
}
