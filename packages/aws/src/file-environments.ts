import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Environment, EnvironmentFileInvalid, parseEnvironment } from "@sluice/core/deployment";
import { messageOf } from "@sluice/core/errors";
import { findFolder } from "./find-folder.ts";

const FOLDER = "environments";

/** All environments that have a file, sorted by name. @throws EnvironmentFileInvalid */
export async function readEnvironments(): Promise<Environment[]> {
  return Promise.all((await environmentFiles()).map(readEnvironmentFile));
}

/** The files of environments, such as `production.json`, sorted. */
export async function environmentFiles(): Promise<string[]> {
  const folder = findFolder(FOLDER);
  if (!existsSync(folder)) return [];
  return (await readdir(folder)).filter((file) => file.endsWith(".json")).sort();
}

/** Reads one of {@link environmentFiles}. @throws EnvironmentFileInvalid */
export async function readEnvironmentFile(file: string): Promise<Environment> {
  const named = `${FOLDER}/${file}`;
  return parseEnvironment(
    await readJson(join(findFolder(FOLDER), file), named),
    file.slice(0, -".json".length),
    named,
  );
}

async function readJson(path: string, named: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (thrown) {
    throw new EnvironmentFileInvalid(named, [messageOf(thrown)]);
  }
}
