import type { SQSClient } from "@aws-sdk/client-sqs";
import { createSqsQueue } from "@sluice/aws/sqs-queue";
import { createQueue, createSqsClientFor, startSqs } from "@sluice/local/cloud";
import { createVirtualClock, type VirtualClock } from "@sluice/sim/virtual-time";
import { createMemoryQueue } from "@sluice/testing/memory-queue";
import { openVirtualSqs, pass } from "../support/virtual-sqs.ts";
import { MEMORY_QUEUE, VIRTUAL_QUEUE } from "./emulator-differences.ts";
import { describeRecordedQueue, VISIBILITY_MS } from "./recorded-queue.conformance.ts";

let openedCount = 0;

/** An empty queue of an SQS in which time is virtual. */
async function openOn(client: SQSClient, clock: VirtualClock) {
  openedCount += 1;
  const name = `recorded-${openedCount}.fifo`;
  const { url } = await createQueue(client, {
    name,
    visibilityTimeoutMs: VISIBILITY_MS,
    retentionMs: 3_600_000,
  });
  return { queue: createSqsQueue(client, url), pass: (durationMs: number) => pass(clock, durationMs) };
}

describeRecordedQueue(
  "on the virtual SQS",
  async () => {
    const { clock, clientThrough } = openVirtualSqs();
    // A receive waits on the virtual clock, which stands still by itself.
    const client = clientThrough(async (_request, apply) => {
      const [answer] = await Promise.all([apply(), pass(clock, 1_000)]);
      return answer;
    });
    return { open: () => openOn(client, clock), stop: async () => {} };
  },
  VIRTUAL_QUEUE,
);

describeRecordedQueue(
  "on the embedded cloud's SQS",
  async () => {
    const clock = createVirtualClock(0);
    const server = await startSqs(clock);
    const client = createSqsClientFor(server.url, "us-east-1");
    const { request } = server.sqs;
    Object.assign(server.sqs, {
      async request(...call: Parameters<typeof request>) {
        const [answer] = await Promise.all([request(...call), pass(clock, 1_000)]);
        return answer;
      },
    });
    return {
      open: () => openOn(client, clock),
      async stop() {
        client.destroy();
        await server.stop();
      },
    };
  },
  VIRTUAL_QUEUE,
);

describeRecordedQueue(
  "in memory",
  async () => ({
    open: async () => ({ queue: createMemoryQueue(), pass: async () => {} }),
    stop: async () => {},
  }),
  MEMORY_QUEUE,
);
