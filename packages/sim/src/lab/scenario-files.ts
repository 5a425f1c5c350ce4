import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fileProblem } from "@sluice/aws/file-problem";
import { SluiceError } from "@sluice/core/errors";
import { readScenario } from "../provider-simulator/read-scenario.ts";
import type { Scenario } from "../provider-simulator/scenario.ts";

/** The scenarios that come with the lab. */
const SHIPPED = fileURLToPath(new URL("../../scenarios", import.meta.url));

/** One of most kinds of weather, small enough that all laws run through them in about a minute. */
const QUICK = [
  "tuning/calm-x1.json",
  "tuning/blackout-fast-3min-x16.json",
  "tuning/step-stretch15-20-6.json",
  "tuning/tiny-x2-outage.json",
];

/** Reads the scenarios of a quick look. */
export function readQuickScenarios(): Promise<readonly Scenario[]> {
  return readAll(QUICK.map((file) => join(SHIPPED, file)));
}

/**
 * Reads scenario files, and those in folders and their folders; without a path those that come with the lab.
 * @throws SluiceError `input-invalid` for what can't be read, and for two scenarios of one name
 */
export async function readScenarios(paths: readonly string[]): Promise<readonly Scenario[]> {
  const files = await Promise.all((paths.length === 0 ? [SHIPPED] : paths).map(filesAt));
  const scenarios = await readAll(files.flat());
  const names = scenarios.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) {
    throw new SluiceError("input-invalid", `Two scenarios are named ${twice}: give each a name of its own.`);
  }
  return scenarios;
}

function readAll(files: readonly string[]): Promise<readonly Scenario[]> {
  return Promise.all(files.map((file) => readScenario(file)));
}

async function filesAt(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const entries = await readdir(path, { recursive: true });
    const files = entries.filter((entry) => entry.endsWith(".json")).sort();
    if (files.length === 0) throw new SluiceError("input-invalid", `The folder ${path} holds no .json file.`);
    return files.map((file) => join(path, file));
  } catch (thrown) {
    if (thrown instanceof SluiceError) throw thrown;
    throw new SluiceError("input-invalid", `The scenario ${path} ${fileProblem(thrown)}.`, { cause: thrown });
  }
}
