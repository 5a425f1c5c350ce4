import type { BreakerStatus } from "@sluice/core/breaker";
import { BATCH_METRICS, DECISION_METRICS, GAUGE_METRICS, type Metric } from "@sluice/core/deployment";
import { type Evidence, NO_EVIDENCE } from "@sluice/core/law";
import type { QueueDepth, Snapshot, ValveSettings } from "@sluice/core/ports";
import { type ByLane, byLane, namesOf, type Provider } from "@sluice/core/provider";
import type { SeenMapping } from "@sluice/core/valve";
import { publish } from "@sluice/core/waker";
import { silentLog } from "@sluice/testing/silent-log";
import type { Sample } from "../support/cloudwatch/alarm-run.ts";

export const MINUTE_MS = 60_000;
/** The instant of minute 0. */
const START_MS = Date.parse("2026-11-18T00:00Z");

/** The instant at which a minute begins. */
export const atMs = (minute: number): number => START_MS + minute * MINUTE_MS;

/** A minute of a provider's life. What is left out is as in a closed breaker's with nothing to do. */
export interface Minute {
  readonly control?: BreakerStatus["control"];
  /** Ends of holds, and beginnings, as the breaker's status has them. */
  readonly status?: Partial<BreakerStatus>;
  readonly quotaHeldUntilMs?: ByLane<number>;
  /** Outcomes of the minute. */
  readonly outcomes?: Partial<Evidence>;
  readonly queued?: ByLane<QueueDepth>;
  /** Each queue's depth is unknown. */
  readonly areQueuesUnreadable?: boolean;
  readonly mappings?: ByLane<SeenMapping | undefined>;
  readonly hasTripped?: boolean;
  /** No round of the waker ends. */
  readonly isSilent?: boolean;
  readonly oldestMessageAgeMs?: number;
  readonly receiveCount?: number;
  /** Figures of AWS, by name as samples have it. */
  readonly aws?: Readonly<Record<string, number>>;
}

/** Settings of a mapping that is to be open. */
export const WANTED = { isEnabled: true, batchSize: 10, maximumConcurrency: 10 };
/** Closed, and as it should be. */
export const CLOSED: BreakerStatus["control"] = { phase: "closed", limit: 10, target: 10, epoch: 1 };
export const NO_MESSAGES: QueueDepth = { visibleCount: 0, inFlightCount: 0 };

/** A mapping in a state, of which other settings may be wanted. */
export function seenMapping(
  state: "enabled" | "disabled" | "enabling",
  wanted: ValveSettings = WANTED,
): SeenMapping {
  const settings = { ...WANTED, isEnabled: state === "enabled" };
  return { reading: { state, settings, reason: "USER_INITIATED" }, wanted };
}

const OPEN_MAPPINGS = byLane(() => seenMapping("enabled"));

/** The figures that minutes come to, published as the waker and the functions do. */
export async function samplesOf(provider: Provider, minutes: readonly Minute[]): Promise<Sample[]> {
  const samples: Sample[] = [];
  let outcomes = NO_EVIDENCE;
  let last: Snapshot | undefined;
  for (const [minute, life] of minutes.entries()) {
    const tell = (metric: string, value: number) =>
      samples.push({ metric, minute, value, arrivesAtMinute: minute });
    const tellOwn = <T>(metrics: readonly Metric<T>[], sample: T) => {
      for (const { name, valuesOf } of metrics)
        for (const value of valuesOf(sample)) tell(`Sluice/${name}`, value);
    };
    outcomes = plus(outcomes, life.outcomes ?? {});
    for (const [metric, value] of Object.entries(life.aws ?? {})) tell(metric, value);
    tellOwn(BATCH_METRICS, batchOf(life));
    if (life.hasTripped === true) tellOwn(DECISION_METRICS, TRIP);
    if (life.isSilent === true) continue;
    const { control = CLOSED, status, mappings = OPEN_MAPPINGS } = life;
    const quiet = { control, inFlightCount: 0, heldUntilMs: 0, plannedUntilMs: 0, outcomes };
    await publish({ ...quiet, ...status }, life.quotaHeldUntilMs, {
      provider,
      queues: byLane((lane) => queueOf(life, lane)),
      deadLetters: queueOf(life, "dead"),
      reconciler: { seen: (lane) => mappings[lane] },
      historian: {
        last: () => last,
        async note(snapshot) {
          last = snapshot;
        },
      },
      metrics: { gauges: (sample) => tellOwn(GAUGE_METRICS, sample) },
      clock: clockAt(atMs(minute)),
      log: silentLog,
    });
  }
  return samples;
}

const TRIP = { phase: "open", previousPhase: "closed", limit: 1, rule: "tripped" } as const;

function batchOf({ outcomes, oldestMessageAgeMs, receiveCount }: Minute) {
  return {
    evidence: { ...NO_EVIDENCE, ...outcomes },
    latenciesMs: [],
    unstartedCount: 0,
    ...(oldestMessageAgeMs !== undefined && { oldestMessageAgeMs }),
    ...(receiveCount !== undefined && { receiveCount }),
  };
}

function plus(sum: Evidence, more: Partial<Evidence>): Evidence {
  const entries = Object.entries(sum) as [keyof Evidence, number][];
  return Object.fromEntries(entries.map(([name, value]) => [name, value + (more[name] ?? 0)])) as Evidence;
}

function queueOf({ queued, areQueuesUnreadable = false }: Minute, name: "records" | "express" | "dead") {
  return {
    async depth() {
      if (areQueuesUnreadable) throw new Error("not now");
      return name === "dead" ? NO_MESSAGES : (queued?.[name] ?? NO_MESSAGES);
    },
  };
}

function clockAt(nowMs: number) {
  return { nowMs: () => nowMs };
}

/** Names of AWS's figures of the stage of a provider. */
export function awsMetricsOf(providerId: string) {
  const names = namesOf("production", providerId);
  return {
    errors: (name: "ventilator" | "worker" | "waker") => `AWS/Lambda/${names[name]}/Errors`,
    throttles: `AWS/Lambda/${names.ventilator}/Throttles`,
    reads: `AWS/DynamoDB/${names.table}/ReadThrottleEvents`,
    writes: `AWS/DynamoDB/${names.table}/WriteThrottleEvents`,
    letters: `AWS/SQS/${names.deadLetterQueue}/NumberOfMessagesSent`,
    age: (queue: "records" | "express" | "dead-letter") => {
      const queueName = queue === "dead-letter" ? names.deadLetterQueue : names.queues[queue];
      return `AWS/SQS/${queueName}/ApproximateAgeOfOldestMessage`;
    },
  };
}
