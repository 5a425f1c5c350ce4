import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** A folder of the repository, looked for upwards: SST bundles this file into another folder of it. */
export function findFolder(path: string): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, path)) && folder !== dirname(folder)) folder = dirname(folder);
  return join(folder, path);
}
