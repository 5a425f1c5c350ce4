import { SluiceError } from "../errors.ts";
import { type ByLane, byLane } from "./lane.ts";

/** The application: the first part of every name, and the name under which it is deployed. */
export const APP_NAME = "sluice";

/** The id that no provider may have: a stage of this name is what all providers of an environment share. */
export const FLEET = "fleet";

/** The names of all that a provider owns in one environment; enough for a scheduler to find the queues. */
export interface ProviderNames {
  readonly queues: ByLane<string>;
  readonly deadLetterQueue: string;
  readonly table: string;
  readonly ventilator: string;
  readonly worker: string;
  readonly waker: string;
  /** The function between queues and ventilator while a developer debugs; not deployed otherwise. */
  readonly relay: string;
  /** The policy for a service that enqueues records. */
  readonly schedulerPolicy: string;
}

/**
 * Environments that can be part of a name. With the longest provider id, function names then stay within
 * Lambda's 64 characters, and queues' within SQS's 80. A dash would make names ambiguous: provider `b` in
 * environment `x-a` would own what provider `a-b` owns in `x`.
 */
const ENVIRONMENT = /^[a-z0-9]{1,21}$/;

/** True if an environment can be part of a name. */
export function isEnvironment(environment: string): boolean {
  return ENVIRONMENT.test(environment);
}

/** Refuses an environment that can't be part of a name. @throws SluiceError `name-invalid` */
export function checkEnvironment(environment: string): void {
  if (isEnvironment(environment)) return;
  const range = "1 to 21 lower-case letters and digits";
  throw new SluiceError(
    "name-invalid",
    `The environment must be ${range}, received ${JSON.stringify(environment)}`,
  );
}

/**
 * Derives the names from app, environment and provider.
 * @throws SluiceError `name-invalid` for an environment that can't be part of a name
 */
export function namesOf(environment: string, providerId: string): ProviderNames {
  checkEnvironment(environment);
  const stem = `${APP_NAME}-${environment}-${providerId}`;
  return {
    queues: byLane((lane) => `${stem}-${lane}.fifo`),
    deadLetterQueue: `${stem}-dead-letter.fifo`,
    table: stem,
    ventilator: `${stem}-ventilator`,
    worker: `${stem}-worker`,
    waker: `${stem}-waker`,
    relay: `${stem}-relay`,
    schedulerPolicy: `${stem}-scheduler`,
  };
}

/** The names of what all providers of an environment share. */
export interface FleetNames {
  /** The policy for people who only look. */
  readonly viewerPolicy: string;
  /** The policy for people who steer, too. */
  readonly operatorPolicy: string;
  readonly dashboard: string;
}

/** Derives the names of what an environment's providers share. @throws SluiceError as {@link namesOf} */
export function fleetNamesOf(environment: string): FleetNames {
  const { table: stem } = namesOf(environment, FLEET);
  return { viewerPolicy: `${stem}-viewer`, operatorPolicy: `${stem}-operator`, dashboard: stem };
}
