import { type ByLane, byLane, LANES, type Provider } from "@sluice/core/provider";
import { MESSAGE_VERSION, messageBody, parseMessage } from "@sluice/core/records";
import type { LawSetup } from "../laws/law-setup.ts";
import { fateOf, type RecordFate } from "../provider-simulator/record-fate.ts";
import { createFifoQueue, type FifoQueue } from "./fifo-queue.ts";
import { recordIdOf } from "./records.ts";
import type { WorldContext } from "./world-context.ts";

/** The queues of a provider, and the fates of the records that have ended in the last of them. */
export interface Queues {
  readonly lanes: ByLane<FifoQueue>;
  readonly deadLetters: FifoQueue;
  readonly deadLetterCounts: Readonly<Record<RecordFate, number>>;
  /** Healthy records among them. */
  readonly healthyDeadIds: readonly string[];
}

/** Makes empty queues. */
export function createQueues({ options, clock, provider, meter, onEvent }: WorldContext): Queues {
  const { scenario, setup, seed } = options;
  const deadLetterCounts = { healthy: 0, poison: 0, unknown: 0 };
  const healthyDeadIds: string[] = [];
  const deps = {
    clock,
    meter: meter.sqs,
    visibilityTimeoutMs: provider.queue.visibilityTimeoutMs,
    makeUp: (index: number) => recordMessage(index, provider, setup.groups),
  };
  const deadLetters = createFifoQueue({
    ...deps,
    onSent({ body }) {
      const recordId = recordIdIn(body, provider);
      if (recordId === undefined) throw new RangeError(`a dead letter is none of ours: ${body}`);
      const fate = fateOf(scenario.provider, seed, recordId);
      deadLetterCounts[fate] += 1;
      if (fate === "healthy") healthyDeadIds.push(recordId);
      onEvent(`dead letter ${recordId}`);
    },
  });
  return { lanes: byLane(() => createFifoQueue(deps)), deadLetters, deadLetterCounts, healthyDeadIds };
}

/** Messages of all lanes that are not deleted. */
export function queuedCountIn({ lanes }: Queues): number {
  return LANES.reduce((sum, lane) => sum + lanes[lane].size(), 0);
}

/** The message of the n-th record, as the scheduler would send it. */
function recordMessage(
  index: number,
  provider: Provider,
  groups: LawSetup["groups"],
): { readonly groupId: string; readonly body: string } {
  const recordId = recordIdOf(index);
  const body = messageBody({
    version: MESSAGE_VERSION,
    provider: provider.id,
    runId: "run",
    correlationId: `c${index}`,
    recordId,
  });
  return { groupId: groups === "single" ? provider.id : recordId, body };
}

/** The record that a message body is about; undefined for a body that is no message of the provider. */
function recordIdIn(body: string, provider: Provider): string | undefined {
  const parsed = parseMessage(body, provider.id);
  return parsed.kind === "message" ? parsed.message.recordId : undefined;
}
