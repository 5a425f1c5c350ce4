import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { RunStore } from "@sluice/core/ports";
import { PART_SIZE } from "@sluice/core/runs";
import type { Scheduler } from "@sluice/core/scheduler";

/** The price of reading how far a run has come. */
export interface ProgressMeasure {
  readonly open: number;
  readonly seconds: number;
  readonly readUnits: number;
}

/** Parts of the ledger that are written at once. */
const AT_ONCE = 16;

/** Notes the end of each record of a run but the last one, as ventilators do in the course of a day. */
export async function endAllBut(
  openCount: number,
  runId: string,
  total: number,
  runs: RunStore,
): Promise<void> {
  const endedCount = total - openCount;
  let next = 0;
  async function mark(): Promise<void> {
    while (next * PART_SIZE < endedCount) {
      const index = next;
      next += 1;
      const count = Math.min(PART_SIZE, endedCount - index * PART_SIZE);
      const places = Array.from({ length: count }, (_, place) => place);
      await runs.mark(runId, { level: 0, index }, { fetched: places }, Date.now());
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, mark));
}

/** Reads a run's progress once, and says what it took. */
export async function measureProgress(
  scheduler: Scheduler,
  runId: string,
  client: DynamoDBClient,
): Promise<ProgressMeasure> {
  const units = countReadUnits(client);
  const startedAtMs = performance.now();
  const { open = -1 } = (await scheduler.run(runId)) ?? {};
  const seconds = (performance.now() - startedAtMs) / 1_000;
  return { open, seconds, readUnits: units() };
}

/** Has DynamoDB say what each request takes; answers with the sum of those since. */
function countReadUnits(client: DynamoDBClient): () => number {
  let sum = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: "TOTAL" } });
      const { ConsumedCapacity: consumed } = answer.output as {
        readonly ConsumedCapacity?: { readonly CapacityUnits?: number };
      };
      sum += consumed?.CapacityUnits ?? 0;
      return answer;
    },
    { step: "initialize" },
  );
  return () => sum;
}
