import type { Catalog } from "@sluice/core/deployment";
import { SluiceError } from "@sluice/core/errors";
import { listProviderIds, readProvider } from "./file-catalog.ts";
import { environmentFiles, readEnvironmentFile } from "./file-environments.ts";

/** A catalog as far as it can be read, and why the rest can't be. */
export interface CatalogRead {
  readonly catalog: Catalog;
  readonly unreadable: readonly string[];
}

/** Reads all data files and environments; what is wrong in one keeps none of the others from being read. */
export async function readCatalog(): Promise<CatalogRead> {
  const files = await settled([environmentFiles], (list) => list());
  const environments = await settled(files.values.flat(), readEnvironmentFile);
  const contracts = await settled(await listProviderIds(), (id) => readProvider(id));
  const readableIds = contracts.values.map(({ id }) => id);
  const pairs = environments.values.flatMap((environment) =>
    readableIds.filter((id) => !environment.without.includes(id)).map((id) => ({ environment, id })),
  );
  const deployed = await settled(pairs, async ({ environment, id }) => ({
    environment,
    provider: await readProvider(id, environment),
  }));
  return {
    catalog: { contracts: contracts.values, environments: environments.values, deployed: deployed.values },
    unreadable: [...files.problems, ...environments.problems, ...contracts.problems, ...deployed.problems],
  };
}

/** The values that could be read, and the messages of the errors that are Sluice's own. */
async function settled<Of, Value>(
  all: readonly Of[],
  read: (one: Of) => Promise<Value>,
): Promise<{ readonly values: readonly Value[]; readonly problems: readonly string[] }> {
  const values: Value[] = [];
  const problems: string[] = [];
  for (const one of all) {
    try {
      values.push(await read(one));
    } catch (thrown) {
      if (!(thrown instanceof SluiceError)) throw thrown;
      problems.push(thrown.message);
    }
  }
  return { values, problems };
}
