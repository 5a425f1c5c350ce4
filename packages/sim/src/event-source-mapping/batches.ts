import type { Clock, Random } from "@sluice/core/ports";
import type { MappingCounters } from "./counters.ts";
import type { InvokeFunction, MappingInvocation } from "./invocation.ts";
import type { MappingQueue, QueuedMessage } from "./mapping-queue.ts";
import { type BatchVerdict, readPartialResponse } from "./partial-response.ts";
import { pauseAfterFailuresMs } from "./pause-after-failures.ts";
import { toSqsEvent } from "./sqs-event.ts";

const DELETION_ATTEMPTS = 4;

/** Dependencies of {@link workOn}. */
export interface BatchDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly queue: MappingQueue;
  readonly queueArn: string;
  readonly invoke: InvokeFunction;
  readonly counters: MappingCounters;
  /** Share of batches that are handed over twice. */
  readonly redeliveryRatio: number;
  /** Aborts when the mapping stops: a throttled batch then waits no longer. */
  readonly stopping: AbortSignal;
  /** As in force when the function answers. */
  reportsBatchItemFailures(): boolean;
}

/**
 * Hands a batch to the function and deletes what is done; the rest comes back when its visibility ends.
 * A redelivery comes before the deletion and its answer is ignored, as when SQS hands out a copy of its own.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export async function workOn(deps: BatchDeps, messages: readonly QueuedMessage[]): Promise<void> {
  const { counters } = deps;
  const invocation = await invokeUnlessThrottled(deps, messages);
  if (invocation.kind === "throttled") {
    counters.droppedBatches += 1;
    return;
  }
  if (deps.random.next() < deps.redeliveryRatio) {
    counters.redeliveries += 1;
    await invokeOnce(deps, messages);
  }
  const done = messagesDone(deps, messages, invocation);
  if (done.length > 0) await deleteAll(deps, done);
}

/** Tries until the function runs, or until another receive may hand out the same messages. */
async function invokeUnlessThrottled(
  deps: BatchDeps,
  messages: readonly QueuedMessage[],
): Promise<MappingInvocation> {
  const { clock, stopping } = deps;
  const visibleAtMs = clock.nowMs() + deps.queue.visibilityTimeoutMs;
  for (let throttles = 1; ; throttles += 1) {
    const invocation = await invokeOnce(deps, messages);
    if (invocation.kind !== "throttled") return invocation;
    await clock.sleep(Math.min(pauseAfterFailuresMs(throttles), visibleAtMs - clock.nowMs()), stopping);
    if (stopping.aborted || clock.nowMs() >= visibleAtMs) return invocation;
  }
}

async function invokeOnce(deps: BatchDeps, messages: readonly QueuedMessage[]): Promise<MappingInvocation> {
  const invocation = await deps.invoke(toSqsEvent(messages, deps.queueArn));
  if (invocation.kind === "throttled") deps.counters.throttles += 1;
  else deps.counters.invocations += 1;
  return invocation;
}

function messagesDone(
  deps: BatchDeps,
  messages: readonly QueuedMessage[],
  invocation: MappingInvocation,
): readonly QueuedMessage[] {
  const verdict = verdictOn(deps, messages, invocation);
  switch (verdict.kind) {
    case "succeeded":
      return messages;
    case "failed":
      deps.counters.failedBatches += 1;
      return [];
    case "partial":
      deps.counters.partialBatches += 1;
      return messages.filter((message) => !verdict.failedIds.has(message.messageId));
  }
}

function verdictOn(
  deps: BatchDeps,
  messages: readonly QueuedMessage[],
  invocation: MappingInvocation,
): BatchVerdict {
  if (invocation.kind !== "answered") return { kind: "failed" };
  if (!deps.reportsBatchItemFailures()) return { kind: "succeeded" };
  return readPartialResponse(invocation.payload, new Set(messages.map((message) => message.messageId)));
}

/**
 * Deletes, with a few attempts; failing that, or if it comes after the end of their visibility, the messages come back,
 * as at-least-once delivery allows.
 */
async function deleteAll(deps: BatchDeps, messages: readonly QueuedMessage[]): Promise<void> {
  const receiptHandles = messages.map((message) => message.receiptHandle);
  for (let attempt = 1; attempt <= DELETION_ATTEMPTS; attempt += 1) {
    try {
      const late = await deps.queue.deleteMessages(receiptHandles);
      deps.counters.messagesDeleted += messages.length - late.length;
      if (late.length > 0) deps.counters.deletionFailures += 1;
      return;
    } catch {
      if (attempt < DELETION_ATTEMPTS) await deps.clock.sleep(pauseAfterFailuresMs(attempt));
    }
  }
  deps.counters.deletionFailures += 1;
}
