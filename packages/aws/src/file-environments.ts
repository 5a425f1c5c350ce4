import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Environment, EnvironmentFileInvalid, parseEnvironment } from "@sluice/core/deployment";
import { fileProblem } from "./file-problem.ts";
import { readJson } from "./read-json.ts";
import { repositoryFolder } from "./repository-folder.ts";

const FOLDER = "environments";
const ENDING = ".json";
/** Files that may lie beside: pages, and what tools hide. */
const BESIDE = /^\.|\.md$/;
/** An example, for a file of which nothing can be read. */
const LEAST = JSON.stringify({ accountId: "123456789012", region: "eu-central-1" });

/** All environments that have a file, sorted by name. @throws EnvironmentFileInvalid */
export async function readEnvironments(): Promise<Environment[]> {
  return Promise.all((await environmentFiles()).map(readEnvironmentFile));
}

/** The files of environments, such as `production.json`, sorted. @throws EnvironmentFileInvalid where there can be none */
export async function environmentFiles(): Promise<string[]> {
  return (await namesInFolder()).filter((file) => !BESIDE.test(file)).sort();
}

async function namesInFolder(): Promise<string[]> {
  try {
    return await readdir(repositoryFolder(FOLDER));
  } catch (thrown) {
    if (isMissing(thrown)) return [];
    throw new EnvironmentFileInvalid(FOLDER, [
      `it must be a folder of environments' files, and ${fileProblem(thrown)}`,
    ]);
  }
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
}

/**
 * Reads one of {@link environmentFiles}.
 * @throws EnvironmentFileInvalid also for one that is called otherwise: its environment would be taken for one without a file
 */
export async function readEnvironmentFile(file: string): Promise<Environment> {
  const named = `${FOLDER}/${file}`;
  const refused = (problem: string) => new EnvironmentFileInvalid(named, [problem]);
  if (!file.endsWith(ENDING)) {
    throw refused(
      `the file's name must be that of an environment and end with ${ENDING}, such as production${ENDING}: rename it, or take it away`,
    );
  }
  const value = await readJson(join(repositoryFolder(FOLDER), file), (problem) =>
    refused(`${problem}. The least that it needs is ${LEAST}`),
  );
  return parseEnvironment(value, file.slice(0, -ENDING.length), named);
}
