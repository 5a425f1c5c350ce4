import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { CATALOG, repositoryFolder } from "./repository-folder.ts";

test("a folder is the repository's own, and none of that name around it", async () => {
  const around = await mkdtemp(join(tmpdir(), "sluice-around-"));
  try {
    const root = join(around, "repository");
    const bundle = join(root, ".sst/platform/repository-folder.ts");
    await mkdir(join(root, CATALOG), { recursive: true });
    await mkdir(join(around, "environments"));
    await mkdir(join(root, ".sst/platform"), { recursive: true });
    await copyFile(new URL("repository-folder.ts", import.meta.url), bundle);
    const copied: { readonly repositoryFolder: typeof repositoryFolder } = await import(
      pathToFileURL(bundle).href
    );
    expect(copied.repositoryFolder("environments")).toBe(join(root, "environments"));
    expect(copied.repositoryFolder(CATALOG)).toBe(join(root, CATALOG));
  } finally {
    await rm(around, { recursive: true });
  }
});

test("the repository that this file is in is found from its source", () => {
  expect(join(repositoryFolder("packages/aws/src"))).toBe(import.meta.dirname);
});
