import {
  type LambdaClient,
  ListEventSourceMappingsCommand,
  type ListEventSourceMappingsCommandOutput,
  ResourceNotFoundException,
} from "@aws-sdk/client-lambda";
import { orUnreachable } from "@sluice/core/storage/unreachable";
import * as z from "zod";

/** The mappings of a function, as the control plane lists them. */
export interface MappingList {
  /**
   * The mapping of a queue; of several the one that is not being deleted: AWS allows only one such. Undefined if there is
   * none. Whoever asks while a list is under way gets its answer.
   * @throws Unreachable
   */
  find(queueArn: string): Promise<MappingConfiguration | undefined>;
  /** Has the next find ask anew: what is under way may have been asked before an update. */
  forget(): void;
}

/** A mapping as AWS describes it. */
export interface MappingConfiguration {
  readonly UUID: string;
  readonly EventSourceArn: string;
  readonly State: "Creating" | "Enabling" | "Enabled" | "Disabling" | "Disabled" | "Updating" | "Deleting";
  readonly StateTransitionReason: string;
  readonly BatchSize: number;
  readonly ScalingConfig: { readonly MaximumConcurrency?: number | undefined };
}

const mappingSchema: z.ZodType<MappingConfiguration> = z.object({
  UUID: z.string(),
  // Sources of other kinds, which a function may be mapped to by hand, have none.
  EventSourceArn: z.string().default(""),
  State: z.enum(["Creating", "Enabling", "Enabled", "Disabling", "Disabled", "Updating", "Deleting"]),
  StateTransitionReason: z.string().default(""),
  BatchSize: z.int(),
  ScalingConfig: z.object({ MaximumConcurrency: z.int().optional() }).default({}),
});

/**
 * The list of a function's mappings. A list takes one of the account's few calls a second, as a read of one mapping by its
 * UUID does, but brings all lanes'; it needs no permission on a UUID that AWS makes up, and finds the mapping by which a deploy
 * has replaced the one before.
 */
export function createMappingList(client: LambdaClient, functionName: string): MappingList {
  let underWay: Promise<readonly MappingConfiguration[]> | undefined;

  async function shared(): Promise<readonly MappingConfiguration[]> {
    const listing = underWay ?? list();
    underWay = listing;
    try {
      return await listing;
    } finally {
      if (underWay === listing) underWay = undefined;
    }
  }

  async function list(): Promise<readonly MappingConfiguration[]> {
    const mappings: MappingConfiguration[] = [];
    let next: { readonly Marker?: string } | undefined = {};
    while (next !== undefined) {
      const page: ListEventSourceMappingsCommandOutput = await client.send(
        new ListEventSourceMappingsCommand({ FunctionName: functionName, ...next }),
      );
      mappings.push(...z.array(mappingSchema).parse(page.EventSourceMappings ?? []));
      next = page.NextMarker ? { Marker: page.NextMarker } : undefined;
    }
    return mappings;
  }

  return {
    async find(queueArn) {
      const mappings = (await unlessGone(orUnreachable("Lambda", shared()))) ?? [];
      const own = mappings.filter(({ EventSourceArn }) => EventSourceArn === queueArn);
      return own.find(({ State }) => State !== "Deleting") ?? own[0];
    },
    forget() {
      underWay = undefined;
    },
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
