import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The variable with the folder that all processes of one run of the suite share. */
const FOLDER = "SLUICE_SUITE_FOLDER";
/** Where Node keeps what it has compiled: https://nodejs.org/api/module.html#module-compile-cache */
const COMPILED = "NODE_COMPILE_CACHE";

/**
 * Before any file of tests: makes the folder. What Node compiles is kept there, so that several hundred processes are spared a
 * third of their start; the bundles that each of them makes are in it, so that it goes with the run.
 */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  // A suite that a test runs is part of that test's run.
  if (process.env[FOLDER] !== undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "sluice-suite-"));
  process.env[FOLDER] = folder;
  process.env[COMPILED] = join(folder, "compiled");
  return async () => {
    delete process.env[FOLDER];
    // A process that has just been ended may still be writing.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}

/**
 * Makes a text, or reads it where another process of this run of the suite has made it. Two that begin at the same time both make
 * it; outside of a suite it is made each time.
 */
export async function madeOnce(name: string, make: () => Promise<string>): Promise<string> {
  const folder = process.env[FOLDER];
  if (folder === undefined) return make();
  const path = join(folder, "made", name);
  const made = await readFile(path, "utf8").catch(() => undefined);
  if (made !== undefined) return made;
  const text = await make();
  await mkdir(dirname(path), { recursive: true });
  // Whoever reads it finds a whole one.
  const draft = `${path}-${randomUUID()}`;
  await writeFile(draft, text);
  await rename(draft, path);
  return text;
}
