import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where Node keeps what it has compiled: https://nodejs.org/api/module.html#module-compile-cache */
const VARIABLE = "NODE_COMPILE_CACHE";

/**
 * Before any file of tests: all processes of this run of the suite, several hundred, share what they compile, a third of what a
 * start computes. The bundles that each of them makes are in it, so that it goes with the run.
 */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  // A suite that a test runs is part of that test's run.
  if (process.env[VARIABLE] !== undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "sluice-compiled-"));
  process.env[VARIABLE] = folder;
  // A process that has just been ended may still be writing.
  return () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
