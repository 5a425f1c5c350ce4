import { type ByLane, byLane, LANES, type Lane, parseProvider } from "@sluice/core/provider";
import { DEAD_LETTER_ATTRIBUTE } from "@sluice/core/records";
import type { MappingQueue } from "../event-source-mapping/mapping-queue.ts";
import { createFifoContents, type FifoContents } from "../fifo-queue/fifo-contents.ts";
import type { FifoEntry } from "../fifo-queue/fifo-message.ts";
import { createLongPoll, type LongPoll } from "../fifo-queue/long-poll.ts";
import { toQueuedMessage } from "../fifo-queue/queued-message.ts";
import type { VirtualClock } from "../virtual-time/virtual-clock.ts";
import { streamOf } from "../world/streams.ts";
import type { DayEvent } from "./day-event.ts";
import type { FaultsInForce } from "./faults-in-force.ts";
import type { Role, Story } from "./story.ts";
import { tmpSqsClient } from "./tmp-sqs.ts";
import { watchQueue } from "./watch-queue.ts";

/** The queues of a day. */
export interface DayQueues {
  readonly urls: ByLane<string>;
  readonly deadLetterUrl: string;
  /** A client of SQS in the SDK's shape, whose requests go through `around`. */
  clientFor(around: AroundSqs, role: Role | "scheduler"): object;
  readonly mappingQueues: ByLane<MappingQueue>;
  /** Records with a message in a lane. */
  queued(): readonly string[];
  /** Records with a dead letter. */
  lettered(): readonly string[];
  /** Moves all dead letters that can be received back to the bulk lane. */
  redrive(): void;
}

/** A party between a client and SQS. */
export type AroundSqs = <T>(
  request: { readonly operation: string },
  apply: () => T | Promise<T>,
) => Promise<T>;

/** The parts that the queues of a day work with. */
export interface DayQueuesDeps {
  readonly story: Story;
  readonly clock: VirtualClock;
  readonly faults: FaultsInForce;
  emit(event: DayEvent): void;
}

/** The production queues' backstop. */
const MAX_RECEIVE_COUNT = 1_000;
const DEAD_LETTER_URL = "https://sqs/dead-letter.fifo";

/** Makes the queues of a day, empty. */
export function createDayQueues(deps: DayQueuesDeps): DayQueues {
  const { story, clock, faults, emit } = deps;
  const queued = createTally();
  const lettered = createTally();
  const visibilityTimeoutMs = longestVisibilityMs(story);
  const common = { clock, visibilityTimeoutMs, makeUp: noMakeUp };
  const random = streamOf(story.seed, "queues");

  const deadLetters = watchQueue(createFifoContents({ ...common, name: "dead-letter" }), story.contract.id, {
    onSent(recordId, entry) {
      lettered.add(recordId);
      emit({ kind: "letter", recordId, ...causeIn(entry) });
    },
    onAdopted(recordId) {
      lettered.add(recordId);
      queued.remove(recordId);
      emit({ kind: "letter", recordId });
    },
    onReceived: () => {},
    onDeleted: lettered.remove,
  });

  function laneContents(lane: Lane): FifoContents {
    const redrive = { maxReceiveCount: MAX_RECEIVE_COUNT, adopt: deadLetters.adopt };
    return watchQueue(createFifoContents({ ...common, name: lane, redrive }), story.contract.id, {
      onSent: queued.add,
      onReceived: (recordId) => emit({ kind: "received", lane, recordId }),
      onDeleted(recordId) {
        queued.remove(recordId);
        emit({ kind: "deleted", lane, recordId, by: "request" });
      },
    });
  }

  const lanes = byLane((lane) => {
    const contents = laneContents(lane);
    return { contents, longPoll: createLongPoll(clock, contents) };
  });
  const urls = byLane((lane) => `https://sqs/${lane}.fifo`);
  const byUrl = new Map([
    ...LANES.map((lane) => [urls[lane], lanes[lane]] as const),
    [DEAD_LETTER_URL, { contents: deadLetters, longPoll: createLongPoll(clock, deadLetters) }] as const,
  ]);

  function redrive(): void {
    for (let letters = deadLetters.take(10); letters.length > 0; letters = deadLetters.take(10)) {
      for (const { body, groupId, attributes, receiptHandle, messageId } of letters) {
        const entry = {
          groupId,
          deduplicationId: `${messageId}-${clock.nowMs()}`,
          body,
          ...(attributes && { attributes }),
        };
        emit({ kind: "redriven", recordId: JSON.parse(body).recordId });
        lanes.records.contents.send(entry);
        deadLetters.remove(receiptHandle);
      }
    }
    lanes.records.longPoll.serve();
  }

  return {
    urls,
    deadLetterUrl: DEAD_LETTER_URL,
    clientFor: (around) => tmpSqsClient(byUrl, around),
    mappingQueues: byLane((lane) => mappingQueueOf(lanes[lane], visibilityTimeoutMs, deleteDelayMs, clock)),
    queued: queued.all,
    lettered: lettered.all,
    redrive,
  };

  function deleteDelayMs(): number {
    const late = faults.of("late-deletes").find(({ ratio }) => random.next() < ratio);
    if (late === undefined) return 0;
    faults.struck("late-deletes");
    return late.delayMs;
  }
}

function mappingQueueOf(
  { contents, longPoll }: { readonly contents: FifoContents; readonly longPoll: LongPoll },
  visibilityTimeoutMs: number,
  deleteDelayMs: () => number,
  clock: VirtualClock,
): MappingQueue {
  return {
    visibilityTimeoutMs,
    receive: async (maxMessages) => (await longPoll.receive(maxMessages)).map(toQueuedMessage),
    async deleteMessages(receiptHandles) {
      const delayMs = deleteDelayMs();
      if (delayMs > 0) await clock.sleep(delayMs);
      const refused = receiptHandles.filter((handle) => contents.remove(handle) === "expired");
      longPoll.serve();
      return refused;
    },
  };
}

/** Counts messages by their record. */
function createTally() {
  const counts = new Map<string, number>();
  return {
    add(recordId: string): void {
      counts.set(recordId, (counts.get(recordId) ?? 0) + 1);
    },
    remove(recordId: string): void {
      const count = (counts.get(recordId) ?? 0) - 1;
      if (count > 0) counts.set(recordId, count);
      else counts.delete(recordId);
    },
    all: (): readonly string[] => [...counts.keys()],
  };
}

function causeIn({ attributes }: FifoEntry): { readonly cause?: string; readonly attempts?: number } {
  const text = attributes?.[DEAD_LETTER_ATTRIBUTE]?.stringValue;
  if (text === undefined) return {};
  const { cause, attempts } = JSON.parse(text) as { cause: string; attempts: number };
  return { cause, attempts };
}

/** Queues keep the longest visibility timeout of all versions that are deployed: AWS refuses a shorter one beside a slower function. */
function longestVisibilityMs({ contract, faults }: Story): number {
  const changes = faults.flatMap((fault) => (fault.kind === "deploy" ? [fault.contract] : [{}]));
  const timeoutMs = Math.max(contract.timeoutMs, ...changes.map((change) => change.timeoutMs ?? 0));
  return parseProvider({ ...contract, timeoutMs }, "of the story").queue.visibilityTimeoutMs;
}

function noMakeUp(): never {
  throw new RangeError("no message of a day is made up");
}
