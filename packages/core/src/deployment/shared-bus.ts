import type { Environment } from "./environment.ts";
import { DEFAULT_BUS } from "./event-bus.ts";

/** Environments that would make the same bus, one sentence for each pair: the second one's stage could not. */
export function sharedBuses(environments: readonly Environment[]): string[] {
  return environments.flatMap((one, index) =>
    environments
      .slice(index + 1)
      .filter((other) => one.bus !== DEFAULT_BUS && placeOf(one) === placeOf(other))
      .map(
        (other) =>
          `environments/${one.name}.json and ${other.name}.json both name the bus ${one.bus} in ${one.region}: give each its own`,
      ),
  );
}

function placeOf({ accountId, region, bus }: Environment): string {
  return `${accountId} ${region} ${bus}`;
}
