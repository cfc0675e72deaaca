import { SHELLS, SUBCOMMANDS } from "../subcommands.ts";
import { spellings, type Word, WORDS } from "./word.ts";

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

function values(word: Word): string {
  if (!word.takesNext) return "";
  if (word.values === "paths") return " -r -F";
  if (word.values === "folders") return " -x -a '(__fish_complete_directories)'";
  return word.values === "none" ? " -x" : ` -x -a ${quoted(word.values.join(" "))}`;
}

function line(word: Word): string {
  const letter = word.letter ? ` -s ${word.letter}` : "";
  const description = ` -d ${quoted(word.description)}`;
  return `complete -c baton -n __baton_first${letter} -l ${word.name}${values(word)}${description}`;
}

/** Completions to be sourced by fish. */
export function fishCompletions(): string {
  const valued = WORDS.filter(({ takesNext }) => takesNext).flatMap(spellings);
  const commands = Object.entries(SUBCOMMANDS).map(([name, { description }]) =>
    `complete -c baton -n __baton_first -f -a ${name} -d ${quoted(description)}`
  );
  return `# fish completions for baton: baton completions fish | source
function __baton_program --description 'The words of the program, where they have begun'
    set -l words (commandline -opc)[2..-1]
    while set -q words[1]
        switch $words[1]
            case --
                string join \\n -- $words[2..-1]
                return 0
            case ${valued.join(" ")}
                set -e words[1]
            case '-*'
            case '*'
                string join \\n -- $words
                return 0
        end
        set -e words[1]
    end
    return 1
end

function __baton_first --description 'Whether the program has not begun'
    not __baton_program >/dev/null
end

complete -c baton -f
${WORDS.map(line).join("\n")}
${commands.join("\n")}
complete -c baton -n '__fish_seen_subcommand_from completions' -f -a ${quoted(SHELLS.join(" "))}
complete -c baton -n 'not __fish_seen_subcommand_from completions' -f \\
    -a '(complete --do-complete=(string join " " -- (__baton_program) (commandline -ct)))'
`;
}
