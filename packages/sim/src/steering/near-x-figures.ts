import { spacingOf } from "@sluice/core/steering/quotas";
import { drawLatencyMs } from "../provider-simulator/latency.ts";
import type { ReportTable } from "../report/report-table.ts";
import { streamOf } from "../world/streams.ts";
import { runSteered } from "./steered-run.ts";

/** The use of a quota whose pace comes near to what X allows. */
export interface NearXFigures {
  readonly requestsPerMinute: number;
  readonly startsPerMinute: number;
  /** Those ÷ what the quota's spacing and X together allow. */
  readonly usedShare: number;
  readonly receivesPerRecord: number;
  readonly writeUnitsPerRecord: number;
}

const MINUTE_MS = 60_000;
const X = 20;
const LATENCY = { medianMs: 300, sigma: 0.5, minMs: 0, maxMs: 10_000 };
/** Time in which the mappings open. */
const WARM_UP_MS = 1.5 * MINUTE_MS;
/** Starts by which the ideal is known to half a percent. */
const IDEAL_STARTS = 50_000;

/** Fetches for so many minutes at X = 20 and calls of 300 ms, with a quota of so many a minute. */
export async function nearXFigures(requestsPerMinute: number, minutes: number): Promise<NearXFigures> {
  const { medianMs, sigma, maxMs } = LATENCY;
  const quotas = [{ requests: requestsPerMinute, per: "minute" }] as const;
  const run = await runSteered({
    maxConcurrency: X,
    latency: { medianMs, sigma },
    timeoutMs: maxMs,
    backlog: (minutes + 2) * requestsPerMinute,
    untilMs: WARM_UP_MS + minutes * MINUTE_MS,
    steered: { quotas },
  });
  const startsPerMinute = run.startsMs.filter((atMs) => atMs >= WARM_UP_MS).length / minutes;
  return {
    requestsPerMinute,
    startsPerMinute,
    usedShare: startsPerMinute / idealStartsPerMinute(spacingOf(quotas)?.intervalMs ?? 0),
    receivesPerRecord: run.receivedCount / run.fetchedCount,
    writeUnitsPerRecord: run.writeUnits / run.fetchedCount,
  };
}

/** Starts a minute where each is made as soon as the interval since the last one is over and one of X calls has ended. */
function idealStartsPerMinute(intervalMs: number): number {
  const random = streamOf(1, "ideal starts");
  const endsMs = Array.from({ length: X }, () => 0);
  let atMs = -intervalMs;
  for (let count = 0; count < IDEAL_STARTS; count += 1) {
    const firstEndMs = Math.min(...endsMs);
    atMs = Math.max(firstEndMs, atMs + intervalMs);
    endsMs[endsMs.indexOf(firstEndMs)] = atMs + drawLatencyMs(LATENCY, random);
  }
  return (IDEAL_STARTS * MINUTE_MS) / atMs;
}

/** The figures as a table. */
export function nearXTable(rows: readonly NearXFigures[]): ReportTable {
  return {
    caption: `Quotas that come near to X = ${X}, calls of 300 ms; used: of what quota and X together allow`,
    columns: [
      { name: "requests a minute" },
      { name: "starts a minute", fractionDigits: 0 },
      { name: "used %", fractionDigits: 1 },
      { name: "receives/record", fractionDigits: 2 },
      { name: "write units/record", fractionDigits: 2 },
    ],
    rows: rows.map((figures) => [
      String(figures.requestsPerMinute),
      figures.startsPerMinute,
      100 * figures.usedShare,
      figures.receivesPerRecord,
      figures.writeUnitsPerRecord,
    ]),
  };
}
