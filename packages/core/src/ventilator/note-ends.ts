import { messageOf } from "../errors.ts";
import type { ReceivedMessage } from "../ports/queue.ts";
import type { EndedRecord } from "../runs/ended-record.ts";
import { backOffMs } from "../timing/back-off.ts";
import type { Task } from "./batch.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { VentilatorDeps } from "./deps.ts";
import { type Disposition, handBack, UNSTARTED_BACK_OFF } from "./disposition.ts";
import type { Dispositions } from "./hand-back-messages.ts";

/**
 * Notes in the ledger what has become of the records that had their end. The messages of those for which that fails are
 * handed back: acknowledged, they would leave their run open for ever. Never throws.
 * @returns the dispositions of those messages
 */
export async function noteEnds(
  tasks: readonly Task[],
  dispositions: Dispositions,
  { writeUntilMs }: Pick<BatchTimes, "writeUntilMs">,
  { ledger, log, random }: Pick<VentilatorDeps, "ledger" | "log" | "random">,
): Promise<Dispositions> {
  const messages = new Map<EndedRecord, ReceivedMessage>();
  for (const task of tasks) {
    const ended = endedRecordOf(task, dispositions.get(task.received));
    if (ended !== undefined) messages.set(ended, task.received);
  }
  if (messages.size === 0) return new Map();
  const ended = [...messages.keys()];
  const left = await ledger.note(ended, writeUntilMs).catch((thrown: unknown) => {
    log.error("ends of records could not be noted in time", { cause: messageOf(thrown) });
    return ended;
  });
  return new Map(
    left.flatMap((each) => {
      const received = messages.get(each);
      if (received === undefined) return [];
      return [[received, handBack(backOffMs(UNSTARTED_BACK_OFF, received.receiveCount, random))] as const];
    }),
  );
}

function endedRecordOf({ message }: Task, disposition: Disposition | undefined): EndedRecord | undefined {
  const { runId, number, recordId } = message;
  if (disposition?.kind !== "acknowledge" || disposition.end === undefined || number === undefined) {
    return undefined;
  }
  const { end, cause } = disposition;
  return { runId, number, recordId, end, ...(cause !== undefined && { cause }) };
}
