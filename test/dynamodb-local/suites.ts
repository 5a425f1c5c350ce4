import { glob, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The files of tests that start a table, by their path from the repository's root. */
export async function suitesWithTable(): Promise<string[]> {
  const found: string[] = [];
  for await (const path of glob("{packages,test}/**/*.test.ts", {
    cwd: ROOT,
    exclude: ["**/node_modules/**"],
  })) {
    const source = await readFile(new URL(path, `file://${ROOT}/`), "utf8");
    if (source.includes('support/dynalite-table.ts"')) found.push(path);
  }
  return found.toSorted();
}
