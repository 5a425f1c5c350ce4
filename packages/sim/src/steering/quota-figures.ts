import type { ReportTable } from "../report/report-table.ts";
import { runSteered } from "./steered-run.ts";

/** The same records with a quota and without. */
export interface QuotaFigures {
  /** Starts per minute ÷ those that the quota allows, from the first start to the last. */
  readonly usedShare: number;
  /** The most starts that a minute had, beginning at any start. */
  readonly busiestMinuteCount: number;
  readonly steered: CostPerRecord;
  readonly free: CostPerRecord;
}

/** The cost of a record. */
export interface CostPerRecord {
  readonly mostInFlight: number;
  readonly invocations: number;
  readonly writeUnits: number;
}

/** Starts a minute that the quota allows. */
export const QUOTA_PER_MINUTE = 600;
const MINUTE_MS = 60_000;
const PROVIDER = { maxConcurrency: 20, latency: { medianMs: 300, sigma: 0.5 }, timeoutMs: 10_000 };

/** Fetches so many records at X = 20 and calls of 300 ms, with a quota of 600 a minute and without. */
export async function quotaFigures(backlog: number): Promise<QuotaFigures> {
  const options = { ...PROVIDER, backlog, untilMs: 24 * 60 * MINUTE_MS };
  const steered = await runSteered({
    ...options,
    steered: { quotas: [{ requests: QUOTA_PER_MINUTE, per: "minute" }] },
  });
  const free = await runSteered(options);
  const { startsMs } = steered;
  const minutes = ((startsMs.at(-1) ?? 0) - (startsMs[0] ?? 0)) / MINUTE_MS;
  return {
    usedShare: (startsMs.length - 1) / minutes / QUOTA_PER_MINUTE,
    busiestMinuteCount: busiestMinuteCount(startsMs),
    steered: costOf(steered),
    free: costOf(free),
  };
}

function costOf({
  mostInFlight,
  invocationCount,
  writeUnits,
  fetchedCount,
}: Awaited<ReturnType<typeof runSteered>>): CostPerRecord {
  return {
    mostInFlight,
    invocations: invocationCount / fetchedCount,
    writeUnits: writeUnits / fetchedCount,
  };
}

function busiestMinuteCount(startsMs: readonly number[]): number {
  let first = 0;
  return startsMs.reduce((most, atMs, index) => {
    while (atMs - (startsMs[first] ?? atMs) >= MINUTE_MS) first += 1;
    return Math.max(most, index - first + 1);
  }, 0);
}

/** The figures as a table. */
export function quotaTable({ usedShare, busiestMinuteCount, steered, free }: QuotaFigures): ReportTable {
  return {
    caption: `Quota of ${QUOTA_PER_MINUTE} a minute, X = 20, calls of 300 ms`,
    columns: [
      { name: "" },
      { name: "used %", fractionDigits: 1 },
      { name: "busiest minute", fractionDigits: 0 },
      { name: "most in flight", fractionDigits: 0 },
      { name: "invocations/record", fractionDigits: 2 },
      { name: "write units/record", fractionDigits: 2 },
    ],
    rows: [
      ["with the quota", 100 * usedShare, busiestMinuteCount, ...cellsOf(steered)],
      ["without", undefined, undefined, ...cellsOf(free)],
    ],
  };
}

const cellsOf = ({ mostInFlight, invocations, writeUnits }: CostPerRecord) => [
  mostInFlight,
  invocations,
  writeUnits,
];
