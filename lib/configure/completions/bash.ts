import { SHELLS, SUBCOMMANDS } from "../subcommands.ts";
import { spellings, type Word, WORDS } from "./word.ts";

function reply(values: Word["values"]): string {
  if (values === "paths") return 'compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur"))';
  if (values === "folders") return 'compopt -o filenames; COMPREPLY=($(compgen -d -- "$cur"))';
  return values === "none" ? ":" : `COMPREPLY=($(compgen -W '${values.join(" ")}' -- "$cur"))`;
}

/** Completions to be sourced by bash 4 or later. */
export function bashCompletions(): string {
  const valued = WORDS.filter(({ takesNext }) => takesNext);
  const cases = valued.map((word) => `    ${spellings(word).join("|")}) ${reply(word.values)} ;;`);
  return `# bash completions for baton: source <(baton completions bash)
_baton_program() {
  if declare -F _command_offset >/dev/null; then
    _command_offset "$1"
  elif ((COMP_CWORD == $1)); then
    COMPREPLY=($(compgen -c -- "$cur"))
  else
    compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur"))
  fi
}

_baton_value() {
  case $1 in
${cases.join("\n")}
    *) return 1 ;;
  esac
}

_baton() {
  local cur=\${COMP_WORDS[COMP_CWORD]} at=1 option
  COMPREPLY=()
  while ((at < COMP_CWORD)); do
    option=\${COMP_WORDS[at]}
    ((at += 1))
    case $option in
      --) _baton_program $at; return ;;
      ${valued.flatMap(spellings).join("|")})
        [[ \${COMP_WORDS[at]} == = ]] && ((at += 1))
        if ((at >= COMP_CWORD)); then
          [[ $cur == = ]] && cur=
          _baton_value "$option"; return
        fi
        ((at += 1)) ;;
      -*|=) ;;
      completions) COMPREPLY=($(compgen -W '${SHELLS.join(" ")}' -- "$cur")); return ;;
      *) _baton_program $((at - 1)); return ;;
    esac
  done
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '${WORDS.flatMap(spellings).join(" ")}' -- "$cur"))
  else
    COMPREPLY=($(compgen -c -W '${Object.keys(SUBCOMMANDS).join(" ")}' -- "$cur"))
  fi
}
complete -F _baton baton
`;
}
