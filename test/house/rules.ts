import { posix } from "node:path";
import { type Import, importsOf, type Sources } from "./sources.ts";

/** Longest function in lines, its signature, its doc comment not, and the functions in it included, by folder. */
const FUNCTION_LINES_MAX: readonly (readonly [folder: string, lines: number])[] = [
  ["packages/core/", 60],
  ["packages/aws/", 60],
  ["packages/functions/", 60],
  ["stacks/", 60],
  ["packages/sim/", 80],
  ["packages/local/", 80],
  ["packages/cli/", 60],
  ["packages/verify/", 60],
];

/** Packages that a package may import. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  aws: ["core"],
  sim: ["aws", "core"],
  functions: ["aws", "core"],
  scheduler: ["aws", "core"],
  console: ["aws", "core"],
  local: ["console", "functions", "sim", "aws", "core"],
  cli: ["console", "local", "sim", "aws", "core"],
  verify: ["sim", "aws", "core"],
};

/** Chains of core's folders that import one another in a circle. */
export function folderCycles(sources: Sources): string[] {
  const edges = new Map<string, Set<string>>();
  for (const { from, path } of importsOf(sources)) {
    const [here, there] = [coreFolder(from), path && coreFolder(path)];
    if (here === undefined || there === undefined || here === there) continue;
    edges.set(here, (edges.get(here) ?? new Set()).add(there));
  }
  return [...edges.keys()].flatMap((folder) => {
    const back = pathBack(folder, folder, edges, new Set());
    return back === undefined ? [] : [back.join(" → ")];
  });
}

function coreFolder(path: string): string | undefined {
  return /^packages\/core\/src\/([^/]+)\//.exec(path)?.[1];
}

function pathBack(
  at: string,
  home: string,
  edges: ReadonlyMap<string, ReadonlySet<string>>,
  seen: Set<string>,
): string[] | undefined {
  for (const next of edges.get(at) ?? []) {
    if (next === home) return [at, home];
    if (seen.has(next)) continue;
    seen.add(next);
    const rest = pathBack(next, home, edges, seen);
    if (rest !== undefined) return [at, ...rest];
  }
  return undefined;
}

/** Lines in the folder of ports that are more than an interface, a type or the import of one. */
export function valuesInPorts(sources: Sources): string[] {
  return linesOf(sources)
    .filter(({ path }) => path.startsWith("packages/core/src/ports/"))
    .filter(({ line }) =>
      /^(export )?(const|let|class|function|async function|enum)\b|^import (?!type )/.test(line),
    )
    .map(({ path, line }) => `${path}: ${line}`);
}

/** Imports of a library by a file that is to reach it through an adapter. */
export function strayLibraries(sources: Sources): string[] {
  const rules = [
    {
      library: /^@(aws-sdk|smithy|aws-lambda-powertools)\//,
      home: /^packages\/(aws|local|verify\/src\/aws)\//,
    },
    { library: /^electrodb$/, home: /^packages\/core\/src\/storage\// },
  ];
  return importsOf(sources)
    .filter(({ from, specifier }) =>
      rules.some(({ library, home }) => library.test(specifier) && !home.test(from)),
    )
    .map(described);
}

/** Imports of another package's inside, of an own index, or of a package that the importing one may not see. */
export function trespasses(sources: Sources, exportsOf: ReadonlyMap<string, readonly string[]>): string[] {
  return importsOf(sources)
    .filter((one) => isTrespass(one, exportsOf))
    .map(described);
}

function isTrespass({ from, specifier, path }: Import, exportsOf: ReadonlyMap<string, readonly string[]>) {
  const home = /^packages\/([^/]+)\//.exec(from)?.[1];
  if (path !== undefined) {
    const other = /^packages\/([^/]+)\//.exec(path)?.[1];
    return other !== home || (home !== undefined && posix.basename(path) === "index.ts");
  }
  const [, name = "", entry = ""] = /^@sluice\/([^/]+)\/?(.*)$/.exec(specifier) ?? [];
  if (name === "") return false;
  if (home !== undefined && MAY_IMPORT[home]?.includes(name) !== true) return true;
  const entries = exportsOf.get(name) ?? [];
  return !entries.some((known) =>
    new RegExp(`^\\./${known.slice(2).replace("*", ".+")}$`).test(`./${entry}`),
  );
}

/**
 * Functions that are longer than their folder allows. The code is formatted: a function ends where its indentation
 * returns.
 */
export function longFunctions(sources: Sources): string[] {
  return [...sources].flatMap(([path, text]) => {
    const max = FUNCTION_LINES_MAX.find(([folder]) => path.startsWith(folder))?.[1];
    if (max === undefined) return [];
    const lines = text.split("\n");
    return lines.flatMap((line, at) => {
      if (!opensFunction(line)) return [];
      const [indentation = ""] = /^\s*/.exec(line) ?? [];
      const length = lines.slice(at + 1).findIndex((later) => closesAt(later, indentation)) + 2;
      return length > max ? [`${path}:${at + 1} has ${length} lines, at most ${max} are allowed`] : [];
    });
  });
}

function opensFunction(line: string): boolean {
  const isDeclared = /^\s*(export )?(default )?(async )?function\b/.test(line);
  const isMethod =
    /^\s+(async )?\*?\w+\(.*\{$/.test(line) && !/^\s+(if|for|while|switch|catch|return)\b/.test(line);
  return isDeclared || isMethod || /=> \{$|=>\s*\(\{$/.test(line);
}

/** The closing line, and not the end of a signature over several lines. */
function closesAt(line: string, indentation: string): boolean {
  return line.startsWith(`${indentation}}`) && !/\{$/.test(line);
}

/** Doc comments that open with a question instead of naming the thing. */
export function questionComments(sources: Sources): string[] {
  return linesOf(sources)
    .filter(({ line, previous }) => {
      const isFirst = /^\s*\/\*\*/.test(line) || previous.trim() === "/**";
      return isFirst && /^\s*\/?\*+ (What|Which|Who|How|Whether|Where|When|Why)\b/.test(line);
    })
    .map(({ path, line }) => `${path}: ${line.trim()}`);
}

/** Exported things without a doc comment. */
export function undocumented(sources: Sources): string[] {
  return linesOf(sources)
    .filter(({ path }) => !/(^|\/)(index|memory)\.ts$/.test(path))
    .filter(({ line }) =>
      /^export (default )?(async )?(interface|type|const|function|class) [\w*]/.test(line),
    )
    .filter(({ previous }) => !/\*\/$|^\s*\/\//.test(previous))
    .map(({ path, line }) => `${path}: ${line}`);
}

interface Line {
  readonly path: string;
  readonly line: string;
  readonly previous: string;
}

function linesOf(sources: Sources): Line[] {
  return [...sources].flatMap(([path, text]) => {
    const lines = text.split("\n");
    return lines.map((line, at) => ({ path, line, previous: lines[at - 1] ?? "" }));
  });
}

function described({ from, specifier }: Import): string {
  return `${from} imports ${specifier}`;
}
