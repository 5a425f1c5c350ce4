import type { Provider } from "../provider/provider.ts";
import { overbooked } from "./concurrency-budget.ts";
import type { DeployedProvider } from "./deployed-provider.ts";
import type { Environment } from "./environment.ts";
import { oversubscribed } from "./shared-limit.ts";
import { unknownIds } from "./unknown-ids.ts";
import { missingAddress } from "./worker-address.ts";

/** A provider to deploy, and all that it has to fit beside. */
export interface Deploy {
  /** As the environment has it. */
  readonly provider: Provider;
  /** By its data file alone. */
  readonly contract: Provider;
  /** Absent where the environment has no file. */
  readonly pinned: Environment | undefined;
  /** Ids of the whole catalog. */
  readonly ids: readonly string[];
  /** Every provider in every environment with a file. */
  readonly deployed: readonly DeployedProvider[];
}

/** Says why a provider can't be deployed to an environment, one sentence each; empty if it can. */
export function checkDeploy({ provider, contract, pinned, ids, deployed }: Deploy): string[] {
  if (pinned === undefined) return missingAddress(provider);
  if (pinned.without.includes(provider.id)) {
    return [`environments/${pinned.name}.json names ${provider.id} under without: it is not deployed there`];
  }
  return [
    ...unknownIds(pinned, ids),
    ...missingAddress(provider),
    ...oversubscribed(contract, deployed),
    ...overbooked(pinned, deployed),
  ];
}
