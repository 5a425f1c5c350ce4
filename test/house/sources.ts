import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";

/** Texts of files, by their path from the root of the repository. */
export type Sources = ReadonlyMap<string, string>;

/** The root of the repository. */
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

/** Reads the files below a folder of the repository that a name belongs to. */
export async function readSources(folder: string, isWanted: (path: string) => boolean): Promise<Sources> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .map((entry) => posix.join(posix.relative(ROOT, entry.parentPath), entry.name))
    .filter(isWanted)
    .toSorted();
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(ROOT, path), "utf8")] as const)),
  );
}

/** True for a file that runs in production, in the lab or on a developer's machine, and not just in tests. */
export function isProduction(path: string): boolean {
  return /\.ts$/.test(path) && !/\.test\.ts$|\/fakes\/|^packages\/testing\//.test(path);
}

/** An import or re-export, types included. */
export interface Import {
  readonly from: string;
  /** As it is written, such as `../errors.ts` or `zod`. */
  readonly specifier: string;
  /** The imported file's path, where the specifier is relative. */
  readonly path?: string;
}

/** All imports of files. */
export function importsOf(sources: Sources): Import[] {
  return [...sources].flatMap(([from, text]) =>
    [...text.matchAll(/^(?:import|export)\b[^;"]*?\bfrom "([^"]+)"|\bimport\("([^"]+)"\)/gm)].map(
      (found): Import => {
        const specifier = found[1] ?? found[2] ?? "";
        if (!specifier.startsWith(".")) return { from, specifier };
        return { from, specifier, path: posix.join(posix.dirname(from), specifier) };
      },
    ),
  );
}
