import { userInfo } from "node:os";
import { listProviderIds, readProvider } from "@sluice/aws/file-catalog";
import { readEnvironments } from "@sluice/aws/file-environments";
import {
  accessProvider,
  createOperatorClients,
  nameCaller,
  type OperatorClients,
} from "@sluice/aws/operator-access";
import { asOperatorError } from "@sluice/aws/operator-errors";
import { SluiceError } from "@sluice/core/errors";
import type { Log } from "@sluice/core/ports";
import type { Provider } from "@sluice/core/provider";
import { findRunningClouds, type RunningCloud } from "@sluice/local/running-cloud";
import type { Connection, Place, ProviderChoice } from "./connection.ts";
import { findTarget } from "./find-target.ts";

/** Makes a way to reach providers, on this machine or on AWS; those of one place share its clients. */
export function createConnect(): (choice: ProviderChoice) => Promise<Connection> {
  const known = new Map<string, OperatorClients>();
  return (choice) =>
    connect(choice, (cloud) => {
      const place = cloud?.endpoints.dynamodb ?? "AWS";
      const clients = known.get(place) ?? createOperatorClients(cloud?.endpoints);
      known.set(place, clients);
      return clients;
    });
}

/**
 * Reaches the provider that is chosen.
 * @throws SluiceError if it can't be found or had
 */
async function connect(
  choice: ProviderChoice,
  clientsOf: (cloud: RunningCloud | undefined) => OperatorClients,
): Promise<Connection> {
  const { place, cloud } = findTarget(choice, await findRunningClouds());
  const providerId = choice.provider ?? cloud?.providerId;
  if (providerId === undefined) throw unnamed(await knownProviderIds());
  const inFiles = (id: string) => configuredProvider(id, place.environment);
  try {
    const operatorPlace = {
      environment: place.environment,
      clients: clientsOf(cloud),
      ...(cloud && { emulator: cloud.endpoints }),
    };
    const access = await accessProvider(providerId, operatorPlace, quietLog, inFiles);
    return { ...access, place, nameOperator: place.kind === "local" ? nameOfUser : nameCaller };
  } catch (thrown) {
    throw await maybeUnknown(providerId, place, asOperatorError(thrown));
  }
}

/** A provider that the catalog lacks may be deployed still; one that can't be had either is most likely a slip of the pen. */
async function maybeUnknown(id: string, { kind, environment }: Place, cause: unknown): Promise<unknown> {
  if (kind === "local" || !(cause instanceof SluiceError) || cause.code === "name-invalid") return cause;
  const known = await knownProviderIds();
  if (known.length === 0 || known.includes(id)) return cause;
  const hint = `The catalog has no provider ${id}: it has ${known.join(", ")}. Nor can one be had in ${environment}: ${cause.message}`;
  return new SluiceError("name-invalid", hint, { cause });
}

/** The providers that a choice may mean: the one that is named, or that runs on this machine, or the catalog's. */
export async function listProviders(choice: ProviderChoice): Promise<readonly string[]> {
  if (choice.provider !== undefined) return [choice.provider];
  const { cloud } = findTarget(choice, await findRunningClouds());
  if (cloud !== undefined) return [cloud.providerId];
  const known = await knownProviderIds();
  if (known.length === 0) throw unnamed(known);
  return known;
}

/** The catalog's ids; none where there is no repository around. */
async function knownProviderIds(): Promise<readonly string[]> {
  try {
    return await listProviderIds();
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return [];
    throw thrown;
  }
}

function unnamed(known: readonly string[]): SluiceError {
  const choice = known.length === 0 ? "" : `, one of ${known.join(", ")}`;
  return new SluiceError(
    "input-invalid",
    `Say which provider: --provider <id>${choice}. Nothing runs on this machine that could be meant`,
  );
}

/** The provider by its data file, with the overrides of its environment; undefined where there is none. @throws SluiceError */
async function configuredProvider(id: string, environment: string): Promise<Provider | undefined> {
  if (!(await knownProviderIds()).includes(id)) return undefined;
  const environments = await readEnvironments();
  return readProvider(
    id,
    environments.find(({ name }) => name === environment),
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
