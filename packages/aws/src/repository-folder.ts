import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of all providers' data files, from the repository's root: no other has one. */
export const CATALOG = "packages/core/src/provider/catalog";

/**
 * A folder of the repository, whether it exists or not. The root is looked for upwards, because SST bundles this file into
 * another folder of it; the folder itself is not, for one of that name may lie around the repository.
 */
export function repositoryFolder(path: string): string {
  let root = import.meta.dirname;
  while (!existsSync(join(root, CATALOG)) && root !== dirname(root)) root = dirname(root);
  return join(root, path);
}
