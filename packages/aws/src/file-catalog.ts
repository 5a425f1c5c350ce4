import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { messageOf, SluiceError } from "@sluice/core/errors";
import { ProviderInvalid, parseProvider } from "@sluice/core/provider/parse-provider";
import type { Provider } from "@sluice/core/provider/provider";

const CATALOG = new URL("../../core/src/provider/catalog/", import.meta.url);

/** A provider that is asked for but has no data file; the message lists those that have one. */
export class ProviderUnknown extends SluiceError {
  constructor(id: string, knownIds: readonly string[]) {
    super("provider-unknown", `There is no provider ${id}; the catalog has ${knownIds.join(", ")}`);
  }
}

/** The ids of all providers: the names of the catalog's files. */
export async function listProviderIds(): Promise<string[]> {
  const files = await readdir(CATALOG);
  return files
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .sort();
}

/** Reads a provider's data file. @throws ProviderUnknown, ProviderInvalid */
export async function readProvider(id: string): Promise<Provider> {
  const knownIds = await listProviderIds();
  if (!knownIds.includes(id)) throw new ProviderUnknown(id, knownIds);
  const file = fileURLToPath(new URL(`${id}.json`, CATALOG));
  const provider = parseProvider(parseJson(await readFile(file, "utf8"), file), file);
  if (provider.id !== id)
    throw new ProviderInvalid(file, [`id must be the file's name, received "${provider.id}"`]);
  return provider;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new ProviderInvalid(file, [messageOf(thrown)]);
  }
}
