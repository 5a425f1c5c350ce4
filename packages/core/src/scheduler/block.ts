import type { BatchSender } from "./batch-sender.ts";
import type { Enrolment } from "./enrolment.ts";
import type { BatchEntry } from "./send-batch.ts";

/** The entries that were read and are not in the run yet: they are taken in together, and sent then. */
export interface Block {
  add(entry: BatchEntry): void;
  /** The entries so far, the same array until they are sent. */
  entries(): readonly BatchEntry[];
  isFull(): boolean;
  /** Takes all in that was read, and sends it. @throws RunRefused, Unreachable */
  send(isLast: boolean): Promise<void>;
}

/** Most text of a block, in UTF-16 code units: payloads may be large. */
const TEXT_MAX_LENGTH = 4_000_000;

/** Makes the block of a run. */
export function createBlock(enrolment: Enrolment, sender: BatchSender): Block {
  let entries: BatchEntry[] = [];
  let textLength = 0;

  async function send(isLast: boolean): Promise<void> {
    const block = entries;
    entries = [];
    textLength = 0;
    await enrolment.enrol(sender.firstUnsent(), isLast);
    for (const entry of block) {
      sender.add(entry);
      if (sender.isFull()) await sender.flush();
    }
    await sender.flush();
  }

  return {
    add(entry) {
      entries.push(entry);
      textLength += entry.entry.body.length;
    },
    entries: () => entries,
    isFull: () => textLength >= TEXT_MAX_LENGTH || enrolment.isBlockFull(entries.length),
    send,
  };
}
