import { SluiceError } from "@sluice/core/errors";
import type { RunningCloud } from "@sluice/local/running-cloud";
import type { Place, ProviderChoice } from "./connection.ts";

/** The place that a command line means, and the cloud that it is if it is on this machine. */
export interface Target {
  readonly place: Place;
  readonly cloud?: RunningCloud;
}

/** The environment that stands for the cloud on this machine, whatever its own name is. */
const LOCAL = "local";
const PRODUCTION = "production";

/**
 * Finds the place that is meant: the environment that is named; else the cloud that runs on this machine; else production.
 * @throws SluiceError `cloud-ambiguous` if several run here and none is named; `deployment-missing` if one that runs here
 * is asked for and there is none
 */
export function findTarget(
  { provider, environment }: ProviderChoice,
  clouds: readonly RunningCloud[],
): Target {
  const isNamed = environment !== undefined;
  const named = clouds.find((cloud) => cloud.environment === environment);
  if (named !== undefined) return targetOf(named, isNamed);
  if (isNamed && environment !== LOCAL) return { place: { kind: "aws", environment, isNamed } };
  const fitting = clouds.filter(({ providerId }) => provider === undefined || providerId === provider);
  const [cloud, ...others] = fitting;
  if (others.length > 0) throw ambiguous(fitting);
  if (cloud !== undefined) return targetOf(cloud, isNamed);
  if (isNamed) throw noneHere(provider);
  return { place: { kind: "aws", environment: PRODUCTION, isNamed } };
}

function targetOf(cloud: RunningCloud, isNamed: boolean): Target {
  return { place: { kind: "local", environment: cloud.environment, isNamed }, cloud };
}

function ambiguous(clouds: readonly RunningCloud[]): SluiceError {
  const names = clouds.map(({ environment, providerId }) => `${environment} (${providerId})`).join(", ");
  return new SluiceError(
    "cloud-ambiguous",
    `Several clouds run on this machine: ${names}. Name one with --environment`,
  );
}

function noneHere(provider: string | undefined): SluiceError {
  const what = provider === undefined ? "No cloud" : `No cloud with provider ${provider}`;
  return new SluiceError(
    "deployment-missing",
    `${what} runs on this machine: npm start -- --keep starts one`,
  );
}
