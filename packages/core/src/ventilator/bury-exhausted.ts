import type { FetchKey } from "../ports/fetch-store.ts";
import { persist } from "../timing/persist.ts";
import type { BatchTimes } from "./batch-times.ts";
import { sendDeadLetter } from "./dead-letters.ts";
import type { VentilatorDeps } from "./deps.ts";
import { ACKNOWLEDGE, type Disposition } from "./disposition.ts";
import type { Task } from "./task.ts";

/** What the row of a record says whose attempts are used up without a dead letter. */
export interface Exhausted {
  readonly attempts: number;
  readonly cause: string;
}

/**
 * Sends the dead letter that could not be sent when the last attempt failed, then marks the record dead.
 * @throws Unreachable if either could not be done; the message must come again then
 */
export async function buryExhausted(
  task: Task,
  key: FetchKey,
  { attempts, cause }: Exhausted,
  { writeUntilMs }: BatchTimes,
  { deadLetters, fetches, clock, log }: VentilatorDeps,
): Promise<Disposition> {
  const nowMs = clock.nowMs();
  const letter = { cause, attempts, deadLetteredAtMs: nowMs };
  await persist(clock, writeUntilMs, () => sendDeadLetter(deadLetters, task.received, letter));
  await persist(clock, writeUntilMs, () => fetches.bury(key, nowMs));
  log.warn("record is dead", { recordId: key.recordId, attempts, cause });
  return ACKNOWLEDGE;
}
