import {
  LambdaClient,
  type LambdaClientConfig,
  ResourceInUseException,
  ResourceNotFoundException,
  TooManyRequestsException,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import type { Valve, ValveReading, ValveSettings, ValveState, ValveUpdate } from "@sluice/core/ports";
import { type ByLane, byLane } from "@sluice/core/provider";
import { orUnreachable } from "@sluice/core/storage/unreachable";
import { createAnswerHandler } from "./answer-handler.ts";
import { createMappingList, type MappingConfiguration, type MappingList } from "./mapping-list.ts";

/** The two ends of a mapping. They are known before the mapping exists, unlike its UUID, and outlast it. */
export interface MappingEnds {
  readonly functionName: string;
  readonly queueArn: string;
}

/** Two, because the account's calls are few: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ATTEMPTS_MAX = 2;

/**
 * A client for the control plane, with the environment's region, credentials and endpoint unless others are given. It repeats once what fails
 * or does not answer for now, so that a call ends within seven seconds or so.
 */
export function createValveClient(
  settings: Pick<LambdaClientConfig, "region" | "credentials" | "endpoint"> = {},
): LambdaClient {
  return new LambdaClient({ ...settings, maxAttempts: ATTEMPTS_MAX, requestHandler: createAnswerHandler() });
}

/** A valve for each lane's mapping of a function, all of which are read by one call when they are read together. */
export function createLambdaValves(
  client: LambdaClient,
  functionName: string,
  queueArns: ByLane<string>,
): ByLane<Valve> {
  const mappings = createMappingList(client, functionName);
  return byLane((lane) => createLambdaValve(client, { functionName, queueArn: queueArns[lane] }, mappings));
}

/**
 * {@link Valve} on the event source mapping between a queue and a function. Each read looks for the mapping by its ends; an
 * update goes by the UUID that was seen last, and looks again where there is no such mapping any more.
 */
export function createLambdaValve(
  client: LambdaClient,
  { functionName, queueArn }: MappingEnds,
  mappings: MappingList = createMappingList(client, functionName),
): Valve {
  let knownUuid: string | undefined;

  async function read(): Promise<ValveReading | undefined> {
    const mapping = await find();
    return mapping && toReading(mapping);
  }

  async function find(): Promise<MappingConfiguration | undefined> {
    const found = await mappings.find(queueArn);
    knownUuid = found?.UUID;
    return found;
  }

  async function update(settings: Partial<ValveSettings>): Promise<ValveUpdate> {
    const hasLooked = knownUuid === undefined;
    const uuid = knownUuid ?? (await find())?.UUID;
    if (uuid === undefined) return { kind: "missing" };
    const answer = await updateMapping(uuid, settings);
    if (answer.kind !== "missing") return answer;
    knownUuid = undefined;
    return hasLooked ? answer : update(settings);
  }

  async function updateMapping(uuid: string, settings: Partial<ValveSettings>): Promise<ValveUpdate> {
    try {
      await client.send(new UpdateEventSourceMappingCommand({ UUID: uuid, ...toChange(settings) }));
      return { kind: "accepted" };
    } catch (thrown) {
      if (thrown instanceof ResourceInUseException) return { kind: "busy" };
      if (thrown instanceof TooManyRequestsException) return { kind: "throttled" };
      if (thrown instanceof ResourceNotFoundException) return { kind: "missing" };
      return orUnreachable("Lambda", Promise.reject(thrown));
    } finally {
      mappings.forget();
    }
  }

  return { read, update };
}

function toReading(mapping: MappingConfiguration): ValveReading {
  const state = mapping.State.toLowerCase() as ValveState;
  return {
    settings: {
      isEnabled: isEnabledIn(state),
      batchSize: mapping.BatchSize,
      maximumConcurrency: mapping.ScalingConfig.MaximumConcurrency,
    },
    state,
    reason: mapping.StateTransitionReason,
  };
}

function isEnabledIn(state: ValveState): boolean | undefined {
  if (state === "enabled" || state === "enabling") return true;
  if (state === "disabled" || state === "disabling") return false;
  return undefined;
}

function toChange({ isEnabled, batchSize, maximumConcurrency }: Partial<ValveSettings>) {
  return {
    ...(isEnabled !== undefined && { Enabled: isEnabled }),
    ...(batchSize !== undefined && { BatchSize: batchSize }),
    ...(maximumConcurrency !== undefined && { ScalingConfig: { MaximumConcurrency: maximumConcurrency } }),
  };
}
