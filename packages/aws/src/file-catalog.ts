import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type DeployedProvider, type Environment, providerIn } from "@sluice/core/deployment";
import { SluiceError } from "@sluice/core/errors";
import { type Provider, ProviderInvalid, parseProvider } from "@sluice/core/provider";
import { readJson } from "./read-json.ts";
import { CATALOG, repositoryFolder } from "./repository-folder.ts";

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

/**
 * Reads the data file of a provider of the catalog.
 * @param environment whose overrides apply; left out: none do
 * @throws ProviderUnknown, ProviderInvalid
 */
export async function readProvider(id: string, environment?: Environment): Promise<Provider> {
  const knownIds = await listProviderIds();
  if (!knownIds.includes(id)) throw new ProviderUnknown(id, knownIds);
  const file = join(catalogFolder(), `${id}.json`);
  const input = await readData(file);
  const provider = parseProvider(input, file);
  if (provider.id !== id) {
    throw new ProviderInvalid(file, [`id must be the file's name, received "${provider.id}"`]);
  }
  return environment === undefined ? provider : providerIn(environment, id, input, file);
}

/** Every provider of the catalog as every one of these environments has it. @throws ProviderInvalid */
export async function readDeployed(environments: readonly Environment[]): Promise<DeployedProvider[]> {
  const ids = await listProviderIds();
  const pairs = environments.flatMap((environment) =>
    ids.filter((id) => !environment.without.includes(id)).map((id) => ({ environment, id })),
  );
  return Promise.all(
    pairs.map(async ({ environment, id }) => ({
      environment,
      provider: await readProvider(id, environment),
    })),
  );
}

/** Reads a provider's data file, wherever it is. @throws ProviderInvalid, also if it can't be read */
export async function readProviderFile(file: string): Promise<Provider> {
  return parseProvider(await readData(file), file);
}

function catalogFolder(): string {
  return repositoryFolder(CATALOG);
}

function readData(file: string): Promise<unknown> {
  return readJson(file, (problem) => new ProviderInvalid(file, [problem]));
}
