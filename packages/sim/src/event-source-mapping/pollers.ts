import { ASSUMED_MAPPING } from "./assumed-mapping.ts";
import { createConditions } from "./conditions.ts";
import type { QueuedMessage } from "./mapping-queue.ts";
import { createReceiver, type ReceiverDeps } from "./receiver.ts";
import { CEILING_CONCURRENCY, type MappingSettings } from "./settings.ts";
import { type StartupStep, startupCeiling } from "./startup.ts";

const { receives: RECEIVES_MAX } = ASSUMED_MAPPING;

/** Dependencies of {@link createPollers}. */
export interface PollersDeps extends ReceiverDeps {
  /** The settings in force. */
  settings(): MappingSettings;
  /** The growth of the batches at once, asked for each time that polling starts; by default there are as many as may be. */
  startup?(): readonly StartupStep[];
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
  let start: { readonly atMs: number; readonly steps: readonly StartupStep[] } | undefined;

  const isPolling = () => settings().isEnabled && !stopping.aborted;
  const isDone = () => receiving + running === 0;
  const isIdle = () => running === 0 && (wasEmpty || (isDone() && !isPolling()));

  function refresh(): void {
    // What an earlier receive found says nothing of the queue once polling starts again.
    if (!isPolling()) wasEmpty = false;
    noteStart();
    while (isPolling() && hasFreeSlot(settings(), receiving, running, ceiling())) void poll();
    conditions.check();
  }

  function noteStart(): void {
    if (!isPolling()) start = undefined;
    else if (start === undefined) {
      start = { atMs: deps.clock.nowMs(), steps: deps.startup?.() ?? [] };
      for (const { afterSeconds } of start.steps) void refreshAfter(1_000 * afterSeconds);
    }
  }

  async function refreshAfter(durationMs: number): Promise<void> {
    await deps.clock.sleep(durationMs, stopping);
    refresh();
  }

  function ceiling(): number {
    return start === undefined
      ? Number.POSITIVE_INFINITY
      : startupCeiling(start.steps, deps.clock.nowMs() - start.atMs);
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
function hasFreeSlot(
  { maximumConcurrency }: MappingSettings,
  receiving: number,
  running: number,
  ceiling: number,
): boolean {
  const max = Math.min(maximumConcurrency ?? CEILING_CONCURRENCY, ceiling);
  return receiving < RECEIVES_MAX && receiving + running < max;
}
