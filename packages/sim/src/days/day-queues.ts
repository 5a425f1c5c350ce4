import { planOf, type QueuePlan } from "@sluice/core/deployment";
import { type ByLane, byLane, LANES, type Lane, parseProvider } from "@sluice/core/provider";
import { DEAD_LETTER_ATTRIBUTE } from "@sluice/core/records";
import { parseQueueAttributes } from "../cloud/sqs/queue-settings.ts";
import type { VirtualQueue } from "../cloud/sqs/virtual-queue.ts";
import { createVirtualSqs, type VirtualSqs } from "../cloud/sqs/virtual-sqs.ts";
import {
  type AroundSqs,
  createVirtualSqsClient,
  type VirtualSqsClient,
} from "../cloud/sqs/virtual-sqs-client.ts";
import type { MappingQueue } from "../event-source-mapping/mapping-queue.ts";
import type { FifoContents } from "../fifo-queue/fifo-contents.ts";
import type { FifoEntry } from "../fifo-queue/fifo-message.ts";
import type { VirtualClock } from "../virtual-time/virtual-clock.ts";
import { streamOf } from "../world/streams.ts";
import type { DayEvent } from "./day-event.ts";
import { failingEntries } from "./failing-entries.ts";
import type { FaultsInForce } from "./faults-in-force.ts";
import type { Story } from "./story.ts";
import { type WatchedMessage, watchQueue } from "./watch-queue.ts";

/** The queues of a day. */
export interface DayQueues {
  readonly urls: ByLane<string>;
  readonly arns: ByLane<string>;
  readonly deadLetterUrl: string;
  /** A client of SQS in the SDK's shape, whose requests go through `around`. */
  clientFor(around: AroundSqs): VirtualSqsClient;
  readonly mappingQueues: ByLane<MappingQueue>;
  /** Records with a message in a lane. */
  queued(): readonly string[];
  /** Records with a dead letter. */
  lettered(): readonly string[];
  /** Moves all dead letters that can be received back to the bulk lane. */
  redrive(): void;
}

/** The parts that the queues of a day work with. */
export interface DayQueuesDeps {
  readonly story: Story;
  readonly clock: VirtualClock;
  readonly faults: FaultsInForce;
  emit(event: DayEvent): void;
}

const REGION = "eu-central-1";
/** Messages that are moved back in one step. */
const REDRIVE_BATCH = 10;

/** Makes the queues of a day as they are deployed, empty. */
export function createDayQueues(deps: DayQueuesDeps): DayQueues {
  const { story, clock, faults } = deps;
  const plan = planOf(longestLived(story), "day");
  const queued = createTally();
  const lettered = createTally();
  const random = streamOf(story.seed, "queues");
  const watches = watchesOn(deps, plan.names, queued, lettered);
  const sqs = createVirtualSqs({
    clock,
    region: REGION,
    accountId: "000000000000",
    endpoint: "https://sqs.local",
    contentsOf: () => ({ countedAtMs: countedAtMsUnder(faults) }),
    watch: (name, contents) => watchQueue(contents, story.contract.id, watches(name)),
  });
  const deadLetters = create(sqs, plan.deadLetterQueue);
  const lanes = byLane((lane) => create(sqs, plan.queues[lane], deadLetters.arn));

  return {
    urls: byLane((lane) => lanes[lane].url),
    arns: byLane((lane) => lanes[lane].arn),
    deadLetterUrl: deadLetters.url,
    clientFor: (around) =>
      createVirtualSqsClient({ sqs, region: REGION, around: failingEntries(around, faults, random) }),
    mappingQueues: byLane((lane) => lateDeletes(lanes[lane].mappingQueue, deps, random)),
    queued: queued.all,
    lettered: lettered.all,
    redrive: () => redrive(deadLetters, lanes.records, deps),
  };
}

function create({ queues }: VirtualSqs, plan: QueuePlan, deadLetterTargetArn?: string): VirtualQueue {
  const { name, visibilityTimeoutMs, retentionMs, maxReceiveCount } = plan;
  const attributes = parseQueueAttributes({
    FifoQueue: "true",
    DeduplicationScope: "messageGroup",
    FifoThroughputLimit: "perMessageGroupId",
    VisibilityTimeout: String(visibilityTimeoutMs / 1_000),
    MessageRetentionPeriod: String(retentionMs / 1_000),
    ...(deadLetterTargetArn !== undefined && {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }),
    }),
  });
  return queues.create(name, attributes);
}

/** Tells what happens to the messages of each queue. */
function watchesOn(
  { emit }: DayQueuesDeps,
  names: { readonly queues: ByLane<string>; readonly deadLetterQueue: string },
  queued: Tally,
  lettered: Tally,
) {
  return (queueName: string) => {
    const lane = LANES.find((one) => names.queues[one] === queueName);
    return lane === undefined ? deadLetterWatch() : laneWatch(lane);
  };

  function laneWatch(lane: Lane) {
    return {
      onSent: queued.add,
      onReceived: (recordId: string) => emit({ kind: "received", lane, recordId }),
      onDeleted({ recordId, runId: run, number }: WatchedMessage, hasCopy: boolean) {
        queued.remove(recordId);
        const names = { recordId, run, ...(number !== undefined && { number }) };
        emit({ kind: "deleted", lane, ...names, by: "request", ...(hasCopy && { hasCopy }) });
      },
    };
  }

  function deadLetterWatch() {
    return {
      onSent(recordId: string, entry: FifoEntry) {
        lettered.add(recordId);
        emit({ kind: "letter", recordId, ...causeIn(entry) });
      },
      onAdopted(recordId: string) {
        lettered.add(recordId);
        queued.remove(recordId);
        emit({ kind: "letter", recordId });
      },
      onReceived: () => {},
      onDeleted: ({ recordId }: WatchedMessage) => lettered.remove(recordId),
    };
  }
}

function redrive({ contents: from }: VirtualQueue, to: VirtualQueue, { clock, emit }: DayQueuesDeps): void {
  const take = () => from.take(REDRIVE_BATCH);
  for (let letters = take(); letters.length > 0; letters = take()) {
    for (const letter of letters) {
      emit({ kind: "redriven", recordId: JSON.parse(letter.body).recordId });
      moveTo(to.contents, letter, clock.nowMs());
      from.remove(letter.receiptHandle);
    }
  }
  to.serve();
}

function moveTo(
  contents: FifoContents,
  { body, groupId, attributes, messageId }: ReturnType<FifoContents["take"]>[number],
  nowMs: number,
): void {
  const deduplicationId = `${messageId}-${nowMs}`;
  contents.send({ groupId, deduplicationId, body, ...(attributes && { attributes }) });
}

/** The queue as the mapping sees it: some of its deletes arrive late. */
function lateDeletes(
  queue: MappingQueue,
  { clock, faults }: DayQueuesDeps,
  random: { next(): number },
): MappingQueue {
  return {
    ...queue,
    async deleteMessages(receiptHandles) {
      const late = faults.of("late-deletes").find(({ ratio }) => random.next() < ratio);
      if (late !== undefined) {
        faults.struck("late-deletes");
        await clock.sleep(late.delayMs);
      }
      return queue.deleteMessages(receiptHandles);
    },
  };
}

/** The instant as of which a queue's counts are told, which never falls. */
function countedAtMsUnder(faults: FaultsInForce): (nowMs: number) => number {
  let countedAtMs = Number.NEGATIVE_INFINITY;
  return (nowMs) => {
    const [stale] = faults.of("stale-counts");
    if (stale !== undefined) faults.struck("stale-counts");
    countedAtMs = Math.max(countedAtMs, nowMs - (stale?.lagMs ?? 0));
    return countedAtMs;
  };
}

type Tally = ReturnType<typeof createTally>;

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
    all: (): readonly string[] =>
      [...counts].flatMap(([recordId, count]) => Array<string>(count).fill(recordId)),
  };
}

function causeIn({ attributes }: FifoEntry): { readonly cause?: string; readonly attempts?: number } {
  const text = attributes?.[DEAD_LETTER_ATTRIBUTE]?.stringValue;
  if (text === undefined) return {};
  const { cause, attempts } = JSON.parse(text) as { cause: string; attempts: number };
  return { cause, attempts };
}

/** The provider with the longest time-out of all versions: AWS refuses a queue whose messages reappear before it. */
function longestLived({ contract, faults }: Story) {
  const changes = faults.flatMap((fault) => (fault.kind === "deploy" ? [fault.contract] : []));
  const timeoutMs = Math.max(contract.timeoutMs, ...changes.map((change) => change.timeoutMs ?? 0));
  return parseProvider({ ...contract, timeoutMs }, "of the story");
}
