import type { SQSClient } from "@aws-sdk/client-sqs";
import {
  type AroundSqs,
  createVirtualSqs,
  createVirtualSqsClient,
  type VirtualSqs,
} from "@sluice/sim/cloud/sqs";
import { createVirtualClock, type VirtualClock } from "@sluice/sim/virtual-time";

/** The virtual SQS on a virtual clock, behind a client that Sluice's adapters take for the SDK's. */
export interface VirtualSqsPlace {
  readonly clock: VirtualClock;
  readonly sqs: VirtualSqs;
  readonly client: SQSClient;
  /** Another client of the same queues. */
  clientThrough(around: AroundSqs): SQSClient;
}

const REGION = "us-east-1";

/** Starts without a queue, at the epoch. */
export function openVirtualSqs(): VirtualSqsPlace {
  const clock = createVirtualClock(0);
  const place = { region: REGION, accountId: "000000000000", endpoint: "http://sqs.invalid" };
  const sqs = createVirtualSqs({ clock, ...place });
  // The SDK's class has private parts, which no other can have.
  const clientThrough = (around: AroundSqs) =>
    createVirtualSqsClient({ sqs, region: REGION, around }) as unknown as SQSClient;
  return { clock, sqs, clientThrough, client: clientThrough((_request, apply) => apply()) };
}

/** Lets all that is due in so long a time happen. */
export async function pass(clock: VirtualClock, durationMs: number): Promise<void> {
  const untilMs = clock.nowMs() + durationMs;
  clock.at(untilMs, () => {});
  await clock.run(untilMs);
}
