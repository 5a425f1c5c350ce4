import { createSqsQueue } from "@sluice/aws/sqs-queue";
import { createQueue } from "@sluice/local/cloud";
import { FAUXQS_CALLS, FAUXQS_QUEUE } from "../conformance/emulator-differences.ts";
import { describeRecordedQueue, VISIBILITY_MS } from "../conformance/recorded-queue.conformance.ts";
import { describeSqs } from "../conformance/sqs.conformance.ts";
import { startFauxqs } from "./server.ts";

let openedCount = 0;

describeRecordedQueue(
  "on fauxqs",
  async () => {
    const { client, pass, stop } = await startFauxqs();
    return {
      stop,
      async open() {
        openedCount += 1;
        const name = `recorded-${openedCount}.fifo`;
        const plan = { name, visibilityTimeoutMs: VISIBILITY_MS, retentionMs: 3_600_000 };
        const { url } = await createQueue(client, plan);
        return { queue: createSqsQueue(client, url), pass };
      },
    };
  },
  FAUXQS_QUEUE,
);

describeSqs("fauxqs", startFauxqs, Object.keys(FAUXQS_CALLS));
