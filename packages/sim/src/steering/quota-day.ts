import type { QuotaInput } from "@sluice/core/provider";
import { createDay } from "../days/create-day.ts";
import type { Load, Story } from "../days/story.ts";

/** A calm day of a provider with quotas, whose bulk has more records than can be fetched. */
export interface QuotaDayCase {
  readonly quotas: readonly QuotaInput[];
  readonly minutes: number;
  /** X; 20 if it is left out. */
  readonly maxConcurrency?: number;
  /** An express record comes every so often; none if it is left out. */
  readonly expressEveryMs?: number;
}

/** The figures of such a day. */
export interface QuotaDay {
  /** Time from an express record's being accepted to its first call. */
  readonly expressWaitsMs: readonly number[];
  /** Records that were started. */
  readonly startedCount: number;
  /** Times that those were received. */
  readonly receiveCount: number;
  /** Breaches of the rules of fault days. */
  readonly violationCount: number;
}

const MINUTE_MS = 60_000;
/** Minutes before the first express record: the mappings have to open. */
const WARM_UP_MINUTES = 2;
/** Records of the bulk, a little more than a minute's quota has in all that time. */
const BULK_MIN = 100;
const BULK_PER_MINUTE = 620;

/** Runs a case with calls of 300 ms, with the production use-cases on the simulated cloud, and clocks that differ. */
export async function runQuotaDay(quotaDay: QuotaDayCase): Promise<QuotaDay> {
  const acceptedAtMs = new Map<string, number>();
  const expressWaitsMs: number[] = [];
  const receiveCounts = new Map<string, number>();
  const started = new Set<string>();
  const day = createDay(storyOf(quotaDay), {
    onEvent(event) {
      if (event.kind === "accepted" && event.lane === "express") {
        for (const id of event.recordIds) acceptedAtMs.set(id, event.atMs);
      }
      if (event.kind === "received")
        receiveCounts.set(event.recordId, 1 + (receiveCounts.get(event.recordId) ?? 0));
      if (event.kind !== "started") return;
      started.add(event.recordId);
      const sinceMs = acceptedAtMs.get(event.recordId);
      if (sinceMs !== undefined) expressWaitsMs.push(event.atMs - sinceMs);
      acceptedAtMs.delete(event.recordId);
    },
  });
  const { clock, startMs } = day.parts;
  const untilMs = startMs + quotaDay.minutes * MINUTE_MS;
  await clock.run(untilMs);
  // Who waits still has waited for so long at least.
  for (const sinceMs of acceptedAtMs.values()) expressWaitsMs.push(untilMs - sinceMs);
  return {
    expressWaitsMs,
    startedCount: started.size,
    receiveCount: [...started].reduce((sum, recordId) => sum + (receiveCounts.get(recordId) ?? 0), 0),
    violationCount: day.judge.violations.length,
  };
}

function storyOf({
  quotas,
  minutes,
  maxConcurrency = 20,
  expressEveryMs = Number.POSITIVE_INFINITY,
}: QuotaDayCase): Story {
  const expressCount = Math.floor(((minutes - WARM_UP_MINUTES - 1) * MINUTE_MS) / expressEveryMs);
  const perMinute = Math.max(...quotas.map(({ requests, per }) => (per === "minute" ? requests : 0)));
  const bulkCount = BULK_MIN + Math.min(BULK_PER_MINUTE, perMinute) * minutes;
  const loadOf = (load: Pick<Load, "atMinute" | "lane" | "run" | "firstRecord" | "count">): Load => ({
    ...load,
    overMinutes: 0,
  });
  return {
    seed: 1,
    startsAt: "2026-01-05T00:00:10Z",
    contract: {
      id: "sim",
      timeZone: "UTC",
      maxConcurrency,
      slowAfterMs: 10_000,
      timeoutMs: 10_000,
      latency: { medianMs: 300, sigma: 0.5, minMs: 0, maxMs: 10_000 },
      worker: { name: "demo" },
      quotas,
    },
    nature: {
      overload: "reject",
      exponent: 1,
      retryAfterSeconds: null,
      poisonRatio: 0,
      rejectedRatio: 0,
      causeLength: 10,
      hasBrokenWait: false,
      fragile: null,
    },
    weather: [],
    load: [
      loadOf({ atMinute: 0, lane: "records", run: "bulk", firstRecord: 0, count: bulkCount }),
      ...Array.from({ length: expressCount }, (_, index) =>
        loadOf({
          atMinute: WARM_UP_MINUTES + (index * expressEveryMs) / MINUTE_MS,
          lane: "express",
          run: `express-${index}`,
          firstRecord: bulkCount + index,
          count: 1,
        }),
      ),
    ],
    faults: [],
    skewMs: 2_000,
  };
}
