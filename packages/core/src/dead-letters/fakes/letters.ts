import { demoProvider } from "@sluice/testing/demo-provider";
import { createFakeClock, type FakeClock } from "@sluice/testing/fake-clock";
import { createMemoryQueue, type MemoryQueue } from "@sluice/testing/memory-queue";
import { silentLog } from "@sluice/testing/silent-log";
import type { EventStore } from "../../ports/event-store.ts";
import type { QueueEntry } from "../../ports/queue.ts";
import type { RunStore } from "../../ports/run-store.ts";
import { type ByLane, byLane } from "../../provider/lane.ts";
import { DEAD_LETTER_ATTRIBUTE, MESSAGE_VERSION, messageBody } from "../../records/message.ts";
import { createMemoryEventStore } from "../../storage/memory-event-store.ts";
import { createMemoryRunStore } from "../../storage/memory-run-store.ts";
import type { DeadLettersDeps } from "../dead-letters-deps.ts";

/** A provider with dead letters in memory. */
export interface LettersHarness {
  readonly clock: FakeClock;
  readonly deadLetters: MemoryQueue;
  readonly lanes: ByLane<MemoryQueue>;
  readonly runs: RunStore;
  readonly events: EventStore;
  readonly deps: DeadLettersDeps;
}

/** Makes a harness without letters. */
export function createLettersHarness(): LettersHarness {
  const clock = createFakeClock();
  const deadLetters = createMemoryQueue(clock.nowMs);
  const lanes = byLane(() => createMemoryQueue(clock.nowMs));
  const runs = createMemoryRunStore();
  const events = createMemoryEventStore();
  let ids = 0;
  const deps = {
    provider: demoProvider(),
    deadLetters,
    lanes,
    runs,
    events,
    clock,
    ids: { next: () => `id-${ids++}` },
    random: { next: () => 0.5 },
    log: silentLog,
  };
  return { clock, deadLetters, lanes, runs, events, deps };
}

/** The entry of a dead letter, as a ventilator sends it; `null` as cause: SQS has moved it. */
export function letterEntry(
  recordId: string,
  { cause = "HTTP 404", runId = "tonight", number = 0, key = recordId }: Partial<LetterFacts> = {},
): QueueEntry {
  const body = messageBody({
    version: MESSAGE_VERSION,
    provider: "demo",
    runId,
    correlationId: runId,
    recordId,
    number,
  });
  const attributes = {
    [DEAD_LETTER_ATTRIBUTE]: JSON.stringify({ cause, attempts: 3, deadLetteredAtMs: 1_795_003_260_000 }),
  };
  return { groupId: key, deduplicationId: key, body, ...(cause !== null && { attributes }) };
}

/** Facts of a letter that a test chooses. */
interface LetterFacts {
  readonly cause: string | null;
  readonly runId: string;
  readonly number: number;
  /** Tells letters of one record apart. */
  readonly key: string;
}

/** The ids of the records in a queue, in order. */
export function recordIdsIn(queue: MemoryQueue): string[] {
  return queue.entries.map(({ body }) => (body.startsWith("{") ? JSON.parse(body).recordId : body));
}
