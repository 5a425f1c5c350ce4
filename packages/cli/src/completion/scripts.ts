import type { VerbNode } from "./verb-tree.ts";

/** The shells that a completion can be had for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** One of {@link SHELLS}. */
export type Shell = (typeof SHELLS)[number];

/** The completion of a shell, as a script to be sourced. */
export function completionScript(shell: Shell, nodes: readonly VerbNode[]): string {
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](nodes);
}

/** Words of the line that lead to a verb, as a pattern of `case`. */
function casesOf(nodes: readonly VerbNode[]): string {
  const paths = nodes.filter(({ path }) => path !== "").map(({ path }) => path);
  return paths.map((path) => `"${parentOf(path)} ${lastOf(path)}") verb="${path}" ;;`).join("\n      ");
}

function parentOf(path: string): string {
  return path.split(" ").slice(0, -1).join(" ");
}

function lastOf(path: string): string {
  return path.split(" ").at(-1) ?? "";
}

function bashScript(nodes: readonly VerbNode[]): string {
  const candidates = nodes.map(
    ({ path, words, options }) =>
      `"${path}") candidates="${[...words, ...options].map(({ word }) => word).join(" ")}" ;;`,
  );
  const choices = choicesOf(nodes).map(
    ({ option, values }) => `${option}) candidates="${values.join(" ")}" ;;`,
  );
  return `_sluice() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" verb="" word candidates=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$verb $word" in
      ${casesOf(nodes)}
    esac
  done
  case "$verb" in
    ${candidates.join("\n    ")}
  esac
  case "$before" in
    ${choices.join("\n    ")}
  esac
  COMPREPLY=($(compgen -W "$candidates" -- "$current"))
}
complete -o default -F _sluice sluice
`;
}

function zshScript(nodes: readonly VerbNode[]): string {
  const entry = ({ word, description }: { word: string; description: string }) =>
    `'${`${word}:${description}`.replaceAll("'", "'\\''")}'`;
  const candidates = nodes.map(
    ({ path, words, options, takesArgument }) =>
      `"${path}") candidates=(${[...words, ...options].map(entry).join(" ")})${takesArgument ? " files=1" : ""} ;;`,
  );
  const choices = choicesOf(nodes).map(
    ({ option, values }) => `${option}) candidates=(${values.join(" ")}) ;;`,
  );
  return `#compdef sluice
_sluice() {
  local verb="" word files=""
  local -a candidates
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$verb $word" in
      ${casesOf(nodes)}
    esac
  done
  case "$verb" in
    ${candidates.join("\n    ")}
  esac
  case "\${words[CURRENT-1]}" in
    ${choices.join("\n    ")}
  esac
  _describe 'sluice' candidates
  [[ -n "$files" ]] && _files
}
compdef _sluice sluice
`;
}

function fishScript(nodes: readonly VerbNode[]): string {
  const quoted = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = nodes.flatMap(({ path, words, options }) => {
    const isHere =
      path === ""
        ? ""
        : path
            .split(" ")
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join("; and ");
    const others = words.map(({ word }) => word).join(" ");
    const isNext = [...(isHere === "" ? [] : [isHere]), `not __fish_seen_subcommand_from ${others}`].join(
      "; and ",
    );
    const condition = isHere === "" ? "" : ` -n ${quoted(isHere)}`;
    return [
      ...words.map(
        ({ word, description }) =>
          `complete -c sluice -f -n ${quoted(isNext)} -a ${word} -d ${quoted(description)}`,
      ),
      ...options.map(({ word, description, choices }) => {
        const values = choices.length === 0 ? "" : ` -x -a ${quoted(choices.join(" "))}`;
        return `complete -c sluice${condition} -l ${word.replace(/^--/, "")} -d ${quoted(description)}${values}`;
      }),
    ];
  });
  return `${lines.join("\n")}\n`;
}

/** The values of options that have known ones. */
function choicesOf(nodes: readonly VerbNode[]): readonly { option: string; values: readonly string[] }[] {
  const byOption = new Map(
    nodes.flatMap(({ options }) =>
      options
        .filter(({ choices }) => choices.length > 0)
        .map(({ word, choices }) => [word, choices] as const),
    ),
  );
  return [...byOption].map(([option, values]) => ({ option, values }));
}
