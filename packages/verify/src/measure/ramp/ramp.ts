import { ASSUMED_MAPPING } from "@sluice/sim/event-source-mapping";
import { backToFirst } from "../../bench/back-to-first.ts";
import type { Bench } from "../../bench/bench.ts";
import { createFeeder } from "../../bench/feeder.ts";
import { followJournal } from "../../bench/follow-journal.ts";
import { freeConcurrency } from "../../bench/free-concurrency.ts";
import { warmUp } from "../../bench/warm-up.ts";
import { whenSettled } from "../../bench/when-settled.ts";
import type { RecordedInvocation } from "../../ports/journal.ts";
import { type Finding, found, type Measured, type Measurement } from "../measurement.ts";
import { type GrowthStep, growthOf, isReached } from "./growth.ts";

/** Within this the model has grown to its maximum, wherever that is: a receive takes far less. */
const AT_ONCE_SECONDS = 5;
const CONCURRENCY_MIN = 5;
/** As many calls as the SDK makes at once. */
const WARM_MAX = 50;
/** Messages that wait for each batch at once. */
const WAITING = 10;

const ABOUT = {
  row: "poller-ramp",
  what: "batches at once after a mapping with a backlog was enabled, each message in a group of its own",
  assumed: `as many as may be within ${AT_ONCE_SECONDS} s, with ${ASSUMED_MAPPING.receives} receives under way`,
};

/** The growth of a mapping's concurrency from a cold start. */
export const ramp: Measurement = {
  id: "ramp",
  rows: [ABOUT.row],
  title: "enables a mapping with a backlog, and counts the batches at once",
  needs: ["mapping"],
  duration: () => ({ typicalMinutes: 3.4, mostMinutes: 10 }),
  messagesMax: () => 12_000,
  run: measureRamp,
};

async function measureRamp(bench: Bench): Promise<Measured> {
  const free = await freeConcurrency(bench);
  const most = Math.min(bench.timing.rampConcurrency, free);
  if (most < CONCURRENCY_MIN) {
    const why = `the account has ${2 * free} unreserved invocations at once, too few to take ${CONCURRENCY_MIN}`;
    return { findings: [{ ...ABOUT, outcome: { kind: "not-measured", why } }] };
  }
  const steps = growthOf(await enabledWith(bench, most), most);
  return { findings: [findingOf(steps, most)], ...(steps.length > 0 && { mapping: { startup: steps } }) };
}

/** Enables the mapping with a backlog and watches for a while; disabled again when it ends. */
async function enabledWith(bench: Bench, most: number): Promise<readonly RecordedInvocation[]> {
  const { account, clock, timing, pause } = bench;
  const { uuid, queue } = await bench.mapping();
  await backToFirst(bench, uuid);
  await account.mappings.update(uuid, { maximumConcurrency: most });
  await whenSettled(bench, uuid);
  await warmUp(bench, Math.min(most, WARM_MAX));
  const journal = await followJournal(bench);
  const options = { backlog: WAITING * most, groups: Number.POSITIVE_INFINITY, holdMs: timing.rampHoldMs };
  const feeder = createFeeder(bench, queue, bench.nextId(), options);
  await feeder.feed([]);
  await account.mappings.update(uuid, { isEnabled: true });
  const untilMs = clock.nowMs() + timing.showWithinMs;
  let invocations: readonly RecordedInvocation[] = [];
  while (clock.nowMs() < Math.min(untilMs, (invocations[0]?.startedAtMs ?? untilMs) + timing.rampMs)) {
    await pause(timing.lookEveryMs);
    invocations = await journal.read();
    await feeder.feed(invocations);
  }
  await whenSettled(bench, uuid);
  await account.mappings.update(uuid, { isEnabled: false });
  return invocations;
}

function findingOf(steps: readonly GrowthStep[], most: number): Finding {
  const last = steps.at(-1);
  if (last === undefined) return found(ABOUT, false, "no batch came in time");
  const isFull = isReached(last.concurrency, most);
  const text = steps.map(
    ({ concurrency, afterSeconds }) => `${concurrency} after ${afterSeconds.toFixed(1)} s`,
  );
  return found(
    ABOUT,
    isFull && last.afterSeconds <= AT_ONCE_SECONDS,
    `of ${most} at most: ${shortened(text).join(", ")}`,
  );
}

const SHOWN = 6;

function shortened(texts: readonly string[]): readonly string[] {
  const every = Math.max(1, Math.ceil(texts.length / SHOWN));
  return texts.filter((_, at) => at % every === 0 || at === texts.length - 1);
}
