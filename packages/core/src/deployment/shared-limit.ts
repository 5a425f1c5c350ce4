import type { Provider } from "../provider/provider.ts";
import type { DeployedProvider } from "./deployed-provider.ts";
import { isDryRun } from "./stage.ts";
import { apiAddressOf } from "./worker-address.ts";

/**
 * Says where environments that call the same API together allow themselves more than its X. Each declares its part, as
 * `maxConcurrency` in its file.
 * @param contract the provider by its data file alone: its X is what the API allows
 * @param deployed every provider in every environment with a file
 */
export function oversubscribed(contract: Provider, deployed: readonly DeployedProvider[]): string[] {
  const own = deployed.filter(
    ({ provider, environment }) => provider.id === contract.id && !isDryRun(environment.name),
  );
  const byAddress = Map.groupBy(own, ({ provider }) => apiAddressOf(provider));
  return [...byAddress].flatMap(([address, sharing]) => {
    if (address === undefined || (sharing.length === 1 && address !== apiAddressOf(contract))) return [];
    const sum = sharing.reduce((total, { provider }) => total + provider.maxConcurrency, 0);
    if (sum <= contract.maxConcurrency) return [];
    const parts = sharing.map(
      ({ environment, provider }) => `${environment.name} ${provider.maxConcurrency}`,
    );
    return [
      [
        `${contract.id} allows ${contract.maxConcurrency} requests at once, and its environments at ${address} take ${sum}: ${parts.join(", ")}`,
        `Give each its part, as providers.${contract.id}.maxConcurrency in its file, or another PROVIDER_BASE_URL, or name ${contract.id} under without`,
      ].join(". "),
    ];
  });
}
