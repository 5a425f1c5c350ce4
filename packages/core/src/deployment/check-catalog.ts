import { FLEET } from "../provider/names.ts";
import type { Provider } from "../provider/provider.ts";
import { overbooked } from "./concurrency-budget.ts";
import type { DeployedProvider } from "./deployed-provider.ts";
import type { Environment } from "./environment.ts";
import { planOf } from "./plan.ts";
import { sharedBuses } from "./shared-bus.ts";
import { oversubscribed } from "./shared-limit.ts";
import { PRODUCTION, parseStage, stageOf } from "./stage.ts";
import { unknownIds } from "./unknown-ids.ts";
import { oversizedVariables } from "./variables-size.ts";
import { missingAddress } from "./worker-address.ts";

/** Everything that is to be deployed together. */
export interface Catalog {
  /** Every provider by its data file alone. */
  readonly contracts: readonly Provider[];
  readonly environments: readonly Environment[];
  /** Every provider in every environment with a file. */
  readonly deployed: readonly DeployedProvider[];
}

/** Says what would be refused at a deploy, or go wrong after it, over the whole catalog; one sentence each. */
export function checkCatalog({ contracts, environments, deployed }: Catalog): string[] {
  const ids = contracts.map(({ id }) => id);
  return [
    ...new Set([
      ...contracts.flatMap(missingAddress),
      ...contracts.flatMap((provider) => oversizedVariables(planOf(provider, PRODUCTION), provider.id)),
      ...environments.flatMap((environment) => unknownIds(environment, ids)),
      ...deployed.flatMap((one) => problemsOf(one, ids)),
      ...contracts.flatMap((contract) => oversubscribed(contract, deployed)),
      ...environments.flatMap((environment) => overbooked(environment, deployed)),
      ...sharedBuses(environments),
      ...environments.flatMap(({ name }) => ambiguity(stageOf(FLEET, name), FLEET, ids)),
    ]),
  ];
}

function problemsOf({ environment, provider }: DeployedProvider, ids: readonly string[]): string[] {
  const { name, accountId, region } = environment;
  const stage = stageOf(provider.id, name);
  const plan = planOf(provider, name);
  return [
    ...missingAddress(provider),
    ...oversizedVariables(plan, stage, { accountId, region }),
    ...ambiguity(stage, provider.id, ids),
  ];
}

/** A stage that means another provider, of which the id goes on with the environment's name. */
function ambiguity(stage: string, id: string, ids: readonly string[]): string[] {
  const read = parseStage(stage, ids);
  const meant = read.kind === "fleet" ? FLEET : read.providerId;
  if (meant === id) return [];
  return [`The stage ${stage} is provider ${meant} in production, and never ${id}: rename one of them`];
}
