import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf, SluiceError } from "@sluice/core/errors";
import { type Provider, ProviderInvalid, parseProvider } from "@sluice/core/provider";

const CATALOG = "packages/core/src/provider/catalog";

/** A provider without a data file; the message lists the ids that have one. */
export class ProviderUnknown extends SluiceError {
  constructor(id: string, knownIds: readonly string[]) {
    super("provider-unknown", `There is no provider ${id}; the catalog has ${knownIds.join(", ")}`);
  }
}

/** The ids of all providers, sorted: the names of the catalog's files. */
export async function listProviderIds(): Promise<string[]> {
  const files = await readdir(catalogFolder());
  return files
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .sort();
}

/** Reads the data file of a provider of the catalog. @throws ProviderUnknown, ProviderInvalid */
export async function readProvider(id: string): Promise<Provider> {
  const knownIds = await listProviderIds();
  if (!knownIds.includes(id)) throw new ProviderUnknown(id, knownIds);
  const file = join(catalogFolder(), `${id}.json`);
  const provider = await readProviderFile(file);
  if (provider.id === id) return provider;
  throw new ProviderInvalid(file, [`id must be the file's name, received "${provider.id}"`]);
}

/** Reads a provider's data file, wherever it is. @throws ProviderInvalid, also if it can't be read */
export async function readProviderFile(file: string): Promise<Provider> {
  return parseProvider(await readJson(file), file);
}

/** The catalog's folder, looked for upwards: SST bundles this file into another folder of the repository. */
function catalogFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, CATALOG)) && folder !== dirname(folder)) folder = dirname(folder);
  return join(folder, CATALOG);
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (thrown) {
    throw new ProviderInvalid(file, [messageOf(thrown)]);
  }
}
