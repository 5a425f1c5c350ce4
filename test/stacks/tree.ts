import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./platform.ts";

/** The folder of the providers' data files, from a tree's root. */
export const CATALOG = "packages/core/src/provider/catalog";

const trees: string[] = [];

/** A folder with the repository's catalog, more providers and these environments, each by its name. */
export async function treeWith(
  environments: Readonly<Record<string, unknown>>,
  providers: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const tree = await mkdtemp(join(tmpdir(), "sluice-environments-"));
  trees.push(tree);
  await cp(join(ROOT, CATALOG), join(tree, CATALOG), { recursive: true });
  await writeAll(join(tree, CATALOG), providers);
  await mkdir(join(tree, "environments"));
  await writeAll(join(tree, "environments"), environments);
  return tree;
}

/** Removes every tree of {@link treeWith}. */
export async function removeTrees(): Promise<void> {
  await Promise.all(trees.splice(0).map((tree) => rm(tree, { recursive: true })));
}

async function writeAll(folder: string, files: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, `${name}.json`), JSON.stringify(content));
  }
}
