import {
  LambdaClient,
  type LambdaClientConfig,
  ListEventSourceMappingsCommand,
  type ListEventSourceMappingsCommandOutput,
  ResourceInUseException,
  ResourceNotFoundException,
  TooManyRequestsException,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import type { Valve, ValveReading, ValveSettings, ValveState, ValveUpdate } from "@sluice/core/ports";
import { orUnreachable } from "@sluice/core/storage/unreachable";
import * as z from "zod";
import { createAnswerHandler } from "./answer-handler.ts";

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

/**
 * {@link Valve} on the event source mapping between a queue and a function. Each read looks for the mapping by its
 * ends, which takes one call like a read by UUID, needs no permission on a UUID that AWS makes up, and finds the
 * mapping by which a deploy has replaced the one before.
 */
export function createLambdaValve(client: LambdaClient, ends: MappingEnds): Valve {
  let knownUuid: string | undefined;

  async function read(): Promise<ValveReading | undefined> {
    const mapping = await find();
    return mapping && toReading(mapping);
  }

  /** The mapping between the ends; of several, the one that is not being deleted: AWS allows only one such. */
  async function find(): Promise<MappingConfiguration | undefined> {
    const mappings = await unlessGone(reach(list()));
    const found = mappings?.find(({ State }) => State !== "Deleting") ?? mappings?.[0];
    knownUuid = found?.UUID;
    return found;
  }

  async function list(): Promise<MappingConfiguration[]> {
    const filter = { FunctionName: ends.functionName, EventSourceArn: ends.queueArn };
    const mappings: MappingConfiguration[] = [];
    let next: { readonly Marker?: string } | undefined = {};
    while (next !== undefined) {
      const page: ListEventSourceMappingsCommandOutput = await client.send(
        new ListEventSourceMappingsCommand({ ...filter, ...next }),
      );
      mappings.push(...z.array(mappingSchema).parse(page.EventSourceMappings ?? []));
      next = page.NextMarker ? { Marker: page.NextMarker } : undefined;
    }
    return mappings;
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
      return reach(Promise.reject(thrown));
    }
  }

  return { read, update };
}

const mappingSchema = z.object({
  UUID: z.string(),
  State: z.enum(["Creating", "Enabling", "Enabled", "Disabling", "Disabled", "Updating", "Deleting"]),
  StateTransitionReason: z.string().default(""),
  BatchSize: z.int(),
  ScalingConfig: z.object({ MaximumConcurrency: z.int().optional() }).default({}),
});

type MappingConfiguration = z.infer<typeof mappingSchema>;

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

async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (thrown) {
    if (thrown instanceof ResourceNotFoundException) return undefined;
    throw thrown;
  }
}

function reach<T>(call: Promise<T>): Promise<T> {
  return orUnreachable("Lambda", call);
}
