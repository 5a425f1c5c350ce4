import type { Waiting } from "../ports/fetch-store.ts";
import type { Task } from "./batch.ts";
import type { BatchTimes } from "./batch-times.ts";
import type { VentilatorDeps } from "./deps.ts";
import type { Disposition } from "./disposition.ts";

/** The ends of records that were fetched for other runs, too: those that had joined a batch's attempts. */
export interface JointNotes {
  /** Takes the end of a task; runs that wait for it are told at once. */
  add(task: Task, disposition: Disposition): void;
  /** Resolves once no write is under way; never rejects. */
  end(): Promise<void>;
}

/** A write is tried again for so long: what it can't note is noted when the message of its own comes again. */
const TRY_FOR_MS = 5_000;

/** Makes the joint notes of a batch. */
export function createJointNotes(
  { writeUntilMs }: Pick<BatchTimes, "writeUntilMs">,
  { ledger, clock, log }: Pick<VentilatorDeps, "ledger" | "clock" | "log">,
): JointNotes {
  const noting: Promise<void>[] = [];

  async function note({ message: { recordId } }: Task, waiting: readonly Waiting[]): Promise<void> {
    const ended = waiting.map((each) => ({ ...each, recordId, end: "fetchedBefore" as const }));
    const untilMs = Math.min(writeUntilMs, clock.nowMs() + TRY_FOR_MS);
    const left = await ledger.note(ended, untilMs).catch(() => ended);
    if (left.length > 0)
      log.warn("runs that wait for a record learn of it later", { recordId, runs: left.length });
  }

  return {
    add(task, disposition) {
      if (disposition.kind !== "acknowledge" || disposition.waiting === undefined) return;
      noting.push(note(task, disposition.waiting));
    },
    end: async () => void (await Promise.all(noting)),
  };
}
