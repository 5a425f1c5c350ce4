import { userInfo } from "node:os";
import { listProviderIds, readProvider } from "@sluice/aws/file-catalog";
import { accessProvider, nameCaller } from "@sluice/aws/operator-access";
import { SluiceError } from "@sluice/core/errors";
import type { Log } from "@sluice/core/ports";
import { findRunningClouds } from "@sluice/local/running-cloud";
import type { Connection, ProviderChoice } from "./connection.ts";
import { findTarget } from "./find-target.ts";

/**
 * Reaches the provider that is chosen, on this machine or on AWS.
 * @throws SluiceError if it can't be found or had
 */
export async function connect(choice: ProviderChoice): Promise<Connection> {
  const { place, cloud } = findTarget(choice, await findRunningClouds());
  const providerId = choice.provider ?? cloud?.providerId ?? (await onlyProvider());
  const operatorPlace = { environment: place.environment, ...(cloud && { emulator: cloud.endpoints }) };
  const access = await accessProvider(providerId, operatorPlace, quietLog, readProvider);
  return { ...access, place, nameOperator: place.kind === "local" ? nameOfUser : nameCaller };
}

/** The providers that a choice may mean: the one that is named, or that runs on this machine, or the catalog's. */
export async function listProviders(choice: ProviderChoice): Promise<readonly string[]> {
  if (choice.provider !== undefined) return [choice.provider];
  const { cloud } = findTarget(choice, await findRunningClouds());
  return cloud === undefined ? listProviderIds() : [cloud.providerId];
}

async function onlyProvider(): Promise<string> {
  const known = await listProviderIds();
  throw new SluiceError(
    "input-invalid",
    `Say which provider: --provider, one of ${known.join(", ")}. Nothing runs on this machine that could be meant`,
  );
}

/** The name of the person at this machine; a container's user may have none. */
async function nameOfUser(): Promise<string> {
  try {
    return userInfo().username;
  } catch {
    return "a user of this machine";
  }
}

/** A log that keeps nothing: it is for functions, and people read answers. */
const quietLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => quietLog,
};
