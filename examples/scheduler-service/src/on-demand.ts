import * as z from "zod";
import { scheduler } from "./scheduler.ts";

const eventSchema = z.object({ recordIds: z.array(z.string()).min(1) });

/** What has become of the records that were asked for. */
export interface Enqueued {
  readonly accepted: number;
  readonly rejected: readonly { readonly id: unknown; readonly reason: string }[];
}

/**
 * Enqueues a few records ahead of the bulk. Lambda repeats a failed call under the same id: no record goes in twice.
 */
export async function handler(event: unknown, context: { awsRequestId: string }): Promise<Enqueued> {
  const { recordIds } = eventSchema.parse(event);
  const run = { lane: "express", runId: context.awsRequestId } as const;
  const { accepted, rejected } = await scheduler.enqueue(recordIds, run);
  return { accepted, rejected: rejected.map(({ id, reason }) => ({ id, reason })) };
}
