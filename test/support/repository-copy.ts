import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A copy of the repository's sources, for what a test writes into it; packages from elsewhere are shared. */
export interface RepositoryCopy {
  readonly root: string;
  /** Writes a file, by its path from the root; an object as JSON. */
  write(path: string, content: string | object): Promise<void>;
  remove(): Promise<void>;
}

/** Copies the repository's packages to a temporary folder. */
export async function copyRepository(): Promise<RepositoryCopy> {
  const root = await mkdtemp(join(tmpdir(), "sluice-copy-"));
  const copied = ["packages", "examples", "package.json", "node-version.mjs", "tsconfig.json"];
  await Promise.all(copied.map((name) => cp(join(ROOT, name), join(root, name), { recursive: true })));
  await shareModules(root);
  return {
    root,
    async write(path, content) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
    },
    remove: () => rm(root, { recursive: true }),
  };
}

/** Links every installed package, but for the repository's own, which are the copy's. */
async function shareModules(root: string): Promise<void> {
  const modules = join(root, "node_modules");
  await mkdir(join(modules, "@sluice"), { recursive: true });
  const others = (await readdir(join(ROOT, "node_modules"))).filter((name) => name !== "@sluice");
  await Promise.all(others.map((name) => symlink(join(ROOT, "node_modules", name), join(modules, name))));
  const own = await readdir(join(root, "packages"));
  await Promise.all(own.map((name) => symlink(join(root, "packages", name), join(modules, "@sluice", name))));
}
