import { SHELLS, SUBCOMMANDS } from "../subcommands.ts";
import { spellings, type Word, WORDS } from "./word.ts";

function action(values: Word["values"]): string {
  if (values === "paths") return "_files";
  if (values === "folders") return "_files -/";
  return values === "none" ? " " : `(${values.join(" ")})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Escapes what `_arguments` would read as its own syntax. */
function escaped(text: string): string {
  return text.replace(/[[\]:\\]/g, "\\$&");
}

function spec(word: Word): string {
  const names = spellings(word);
  const excluded = word.repeats ? "*" : `(${names.join(" ")})`;
  const value = word.takesNext ? `:${escaped(word.metavar)}:${action(word.values)}` : "";
  return names.map((name) => {
    const attach = !word.takesNext ? "" : name.startsWith("--") ? "=" : "+";
    return `    ${quoted(`${excluded}${name}${attach}[${escaped(word.description)}]${value}`)} \\`;
  }).join("\n");
}

/** Completions to be sourced by zsh, or put as `_baton` in a folder of `fpath`. */
export function zshCompletions(): string {
  const commands = Object.entries(SUBCOMMANDS)
    .map(([name, { description }]) => `    ${quoted(`${name}:${escaped(description)}`)}`);
  return `#compdef baton
# zsh completions for baton: source <(baton completions zsh)
_baton_first() {
  local -a subcommands=(
${commands.join("\n")}
  )
  _describe -t commands 'baton command' subcommands
  _command_names -e
}

_baton_rest() {
  case $words[1] in
    completions) _values shell ${SHELLS.join(" ")} ;;
    *) _normal ;;
  esac
}

_baton() {
  _arguments -s -S -A '-*' \\
${WORDS.map(spec).join("\n")}
    '(-)1:command:_baton_first' \\
    '*::argument:_baton_rest'
}

if [[ $funcstack[1] == _baton ]]; then _baton "$@"; else compdef _baton baton; fi
`;
}
