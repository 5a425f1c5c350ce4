/** Billable requests to SQS so far; those of more than 64 KB count several times. */
export interface SqsMeter {
  sends: number;
  /** Empty ones included. */
  receives: number;
  deletes: number;
  visibilityChanges: number;
  attributeReads: number;
}

/** Every started 64 KB of a request's messages are billed as one. https://aws.amazon.com/sqs/pricing/ */
const CHUNK_BYTES = 65_536;

/** Starts at nothing. */
export function createSqsMeter(): SqsMeter {
  return { sends: 0, receives: 0, deletes: 0, visibilityChanges: 0, attributeReads: 0 };
}

/** Counts a request that carries these messages; their bodies are taken for ASCII. */
export function countSqsRequests(
  meter: SqsMeter,
  kind: "sends" | "receives",
  messages: readonly { readonly body: string }[],
): void {
  const bytes = messages.reduce((sum, { body }) => sum + body.length, 0);
  meter[kind] += Math.max(1, Math.ceil(bytes / CHUNK_BYTES));
}
