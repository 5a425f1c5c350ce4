import { RECOVERY_MAX_DAYS } from "../aws-bounds.ts";
import type { Environment } from "./environment.ts";
import { LOG_DAYS_USUAL } from "./environment-schema.ts";
import { DEFAULT_BUS } from "./event-bus.ts";
import { PRODUCTION } from "./stage.ts";

/** An environment as a deployment sees it, whether it has a file or not. */
export type EnvironmentSettings = Omit<Environment, "accountId" | "region">;

/** Safe settings of an environment without a file: nothing is shared, and no concurrency is reserved. */
export function unpinnedSettings(name: string): EnvironmentSettings {
  return {
    name,
    alarms: {},
    bus: DEFAULT_BUS,
    dashboards: "fleet",
    tags: {},
    retention: { logDays: LOG_DAYS_USUAL, recoveryDays: RECOVERY_MAX_DAYS, isKept: name === PRODUCTION },
    without: [],
    providers: {},
  };
}

/** One line for whoever deploys: what an environment leaves to the credentials in use. */
export function describePins(name: string, pinned: Environment | undefined): string {
  const file = `environments/${name}.json`;
  if (pinned === undefined) {
    return `${name} has no ${file}: account, region, concurrency, and the provider's X over all environments are not pinned`;
  }
  const place = `${file} pins account ${pinned.accountId} and ${pinned.region}`;
  if (pinned.lambda === undefined) return `${place}; the account's Lambda concurrency is not pinned`;
  return pinned.lambda.isReserved ? place : `${place}; Lambda concurrency is neither reserved nor checked`;
}
