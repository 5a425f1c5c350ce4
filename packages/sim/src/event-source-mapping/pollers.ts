import { ASSUMED_MAPPING } from "./assumed-mapping.ts";
import { createConditions } from "./conditions.ts";
import type { QueuedMessage } from "./mapping-queue.ts";
import { createReceiver, type ReceiverDeps } from "./receiver.ts";
import { CEILING_CONCURRENCY, type MappingSettings } from "./settings.ts";

const { receives: RECEIVES_MAX } = ASSUMED_MAPPING;

/** Dependencies of {@link createPollers}. */
export interface PollersDeps extends ReceiverDeps {
  /** The settings in force. */
  settings(): MappingSettings;
  /** Works on one batch to its end. */
  workOn(messages: readonly QueuedMessage[]): Promise<void>;
}

/** Receives messages as long as there are free slots, and works on the batches. */
export interface Pollers {
  batchesInFlight(): number;
  receivesUnderWay(): number;
  /** Nothing in flight, and the queue was empty when last asked. */
  isIdle(): boolean;
  whenIdle(): Promise<void>;
  /** Resolves when no receive and no batch is under way. */
  whenDone(): Promise<void>;
  /** To be called when the settings or the stopping have changed. */
  refresh(): void;
}

/** Makes pollers that start at the first refresh with enabled settings. */
export function createPollers(deps: PollersDeps): Pollers {
  const { settings, stopping } = deps;
  const conditions = createConditions();
  const receive = createReceiver(deps);
  let receiving = 0;
  let running = 0;
  let wasEmpty = false;

  const isPolling = () => settings().isEnabled && !stopping.aborted;
  const isDone = () => receiving + running === 0;
  const isIdle = () => running === 0 && (wasEmpty || (isDone() && !isPolling()));

  function refresh(): void {
    // What an earlier receive found says nothing of the queue once polling starts again.
    if (!isPolling()) wasEmpty = false;
    while (isPolling() && hasFreeSlot(settings(), receiving, running)) void poll();
    conditions.check();
  }

  async function poll(): Promise<void> {
    receiving += 1;
    const received = await receive(settings().batchSize);
    receiving -= 1;
    if (received.kind !== "failed") wasEmpty = received.kind === "empty";
    if (received.kind === "batch") await work(received.messages);
    refresh();
  }

  async function work(messages: readonly QueuedMessage[]): Promise<void> {
    running += 1;
    refresh();
    await deps.workOn(messages);
    running -= 1;
  }

  return {
    batchesInFlight: () => running,
    receivesUnderWay: () => receiving,
    isIdle,
    whenIdle: () => conditions.until(isIdle),
    whenDone: () => conditions.until(isDone),
    refresh,
  };
}

/** A receive holds a slot for the batch that it may bring. */
function hasFreeSlot({ maximumConcurrency }: MappingSettings, receiving: number, running: number): boolean {
  return receiving < RECEIVES_MAX && receiving + running < (maximumConcurrency ?? CEILING_CONCURRENCY);
}
