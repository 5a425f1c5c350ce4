import type { Clock, Random } from "@sluice/core/ports";
import { workOn } from "./batches.ts";
import { createCounters, type MappingCounters } from "./counters.ts";
import { describeMapping, type MappingDescription, type MappingIdentity } from "./description.ts";
import type { InvokeFunction } from "./invocation.ts";
import { changed, deleting, disabledAtOnce, type TransitionState } from "./lifecycle.ts";
import { done, type MappingOutcome, type MappingRefusal, refused } from "./mapping-outcome.ts";
import type { MappingQueue } from "./mapping-queue.ts";
import { createTransitions, type Transitions } from "./mapping-transitions.ts";
import { createPollers, type Pollers } from "./pollers.ts";
import { type MappingChange, type MappingSettings, settingsProblem } from "./settings.ts";
import type { StartupStep } from "./startup.ts";

/** Dependencies of a mapping; with a virtual clock it runs in a simulation. */
export interface MappingDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly queue: MappingQueue;
  readonly invoke: InvokeFunction;
  /** As the function is deployed now: it may not be longer than the queue's visibility timeout. */
  functionTimeoutMs(): number;
  /**
   * The duration of the transition that starts now, into this state: on AWS seconds to tens of seconds, documented nowhere.
   */
  transitionMs(state: TransitionState): number;
  /**
   * The time for which the pollers keep to what was in force before, although the state tells otherwise; by default
   * none.
   */
  pollersLagMs?(): number;
  /** The growth of the batches at once, asked for each time that polling starts; by default there are as many as may be. */
  startup?(): readonly StartupStep[];
  /** Share of batches that are handed over twice, as at-least-once delivery may. */
  readonly redeliveryRatio: number;
}

/** An event source mapping: polls a queue and hands batches of its messages to a function. */
export interface Mapping {
  describe(): MappingDescription;
  /** Refused while a transition lasts; otherwise takes effect when the one that it starts has ended. */
  update(change: MappingChange): MappingOutcome<MappingDescription>;
  remove(): MappingOutcome<MappingDescription>;
  /**
   * Disables the mapping at once, whatever it is doing, as Lambda does by itself when it may no longer read the queue.
   * It never enables one again.
   */
  disableByLambda(): void;
  isDeleted(): boolean;
  stats(): MappingStats;
  /** True if nothing is in flight and the queue was empty when last asked; hidden messages don't show. */
  isIdle(): boolean;
  whenIdle(): Promise<void>;
  /** Receives no more and waits for what is under way, for `drainMs` at most; resolves with true if all of it ended. */
  stop(drainMs: number): Promise<boolean>;
}

/** Counters, and what is under way now. */
export interface MappingStats extends Readonly<MappingCounters> {
  readonly batchesInFlight: number;
  readonly receivesUnderWay: number;
}

/**
 * Creates a mapping, unless AWS would refuse it.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function createMapping(
  deps: MappingDeps,
  identity: MappingIdentity,
  settings: MappingSettings,
): MappingOutcome<Mapping> {
  return settingsRefusal(deps, settings) ?? done(startMapping(deps, identity, settings));
}

function startMapping(deps: MappingDeps, identity: MappingIdentity, settings: MappingSettings): Mapping {
  const stop = new AbortController();
  const shared = { ...deps, counters: createCounters(), stopping: stop.signal };
  const transitions = createTransitions({ ...shared, onChange: () => void followLater() }, settings);
  let followed = { change: 0, settings: transitions.current().settings };
  let changeCount = 0;
  const inForce = () => followed.settings;

  async function followLater(): Promise<void> {
    changeCount += 1;
    const next = { change: changeCount, settings: transitions.current().settings };
    const lagMs = deps.pollersLagMs?.() ?? 0;
    if (lagMs > 0) await deps.clock.sleep(lagMs, stop.signal);
    // A later change may have come to the pollers sooner.
    if (next.change > followed.change) followed = next;
    pollers.refresh();
  }

  const batchDeps = {
    ...shared,
    queueArn: identity.queueArn,
    reportsBatchItemFailures: () => inForce().reportsBatchItemFailures,
  };
  const pollers = createPollers({
    ...shared,
    settings: inForce,
    workOn: (messages) => workOn(batchDeps, messages),
  });
  transitions.start();
  return {
    ...controlsOf(deps, identity, transitions),
    stats: () => ({
      ...shared.counters,
      batchesInFlight: pollers.batchesInFlight(),
      receivesUnderWay: pollers.receivesUnderWay(),
    }),
    isIdle: pollers.isIdle,
    whenIdle: pollers.whenIdle,
    stop(drainMs) {
      stop.abort();
      return drain(deps.clock, pollers, drainMs);
    },
  };
}

function controlsOf(
  deps: MappingDeps,
  identity: MappingIdentity,
  transitions: Transitions,
): Pick<Mapping, "describe" | "update" | "remove" | "disableByLambda" | "isDeleted"> {
  const describe = () => describeMapping(identity, transitions.current(), transitions.lastChange());
  return {
    describe,
    update(change) {
      const refusal = transitions.begin(
        (current) => settingsRefusal(deps, { ...current, ...change }) ?? changed(current, change),
      );
      return refusal ?? done(describe());
    },
    remove: () => transitions.begin(deleting) ?? done(describe()),
    disableByLambda: () => transitions.force(disabledAtOnce),
    isDeleted: () => transitions.current().kind === "deleted",
  };
}

async function drain(clock: Clock, pollers: Pollers, drainMs: number): Promise<boolean> {
  const drained = new AbortController();
  await Promise.race([pollers.whenDone(), clock.sleep(drainMs, drained.signal)]);
  drained.abort();
  return pollers.batchesInFlight() + pollers.receivesUnderWay() === 0;
}

/** The refusal that AWS would give a mapping with these settings now. */
function settingsRefusal(deps: MappingDeps, settings: MappingSettings): MappingRefusal | undefined {
  const problem = settingsProblem(settings);
  if (problem !== undefined) return problem;
  const visibilityMs = deps.queue.visibilityTimeoutMs;
  const timeoutMs = deps.functionTimeoutMs();
  if (timeoutMs <= visibilityMs) return undefined;
  return refused(
    "InvalidParameterValueException",
    `Queue visibility timeout: ${visibilityMs / 1_000} seconds is less than Function timeout: ${timeoutMs / 1_000} seconds`,
  );
}
