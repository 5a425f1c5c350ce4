import type { ReportTable } from "../report/report-table.ts";
import { runSteered, type SteeredRun } from "./steered-run.ts";

/** An operator's pin in the middle of a run whose calls are long, so that hardly a report comes. */
export interface PinFigures {
  /** The most requests in flight while it was in force, once the calls were over that began before it. */
  readonly mostInFlight: number;
  /** The first start beyond it, after its end; negative if there was one before. */
  readonly firstBeyondAfterEndMs: number;
  /** The end of the first stretch, after its end, in which fewer than nine tenths of X were in flight. */
  readonly fullAfterEndMs: number;
}

const MINUTE_MS = 60_000;
const MAX_CONCURRENCY = 20;
const PINNED_LIMIT = 1;
const PROVIDER = {
  maxConcurrency: MAX_CONCURRENCY,
  latency: { medianMs: 40_000, sigma: 0.2 },
  timeoutMs: 90_000,
};
const PINNED_AT_MINUTE = 10;
const PINNED_FOR_MINUTES = 10;

/** Fetches at X = 20 and calls of 40 s, and pins the limit to 1 for ten minutes, or until an operator resumes it then. */
export async function pinFigures(isResumed: boolean): Promise<PinFigures> {
  const [atMs, forMs] = [PINNED_AT_MINUTE * MINUTE_MS, PINNED_FOR_MINUTES * MINUTE_MS];
  const endsAtMs = atMs + forMs;
  const run = await runSteered({
    ...PROVIDER,
    backlog: 2_000,
    untilMs: endsAtMs + 5 * MINUTE_MS,
    pin: { atMs, limit: PINNED_LIMIT, ...(isResumed ? { resumedAtMs: endsAtMs } : { forMs }) },
  });
  const inFlight = inFlightOf(run);
  const earlierCallsEndMs = atMs + PROVIDER.timeoutMs;
  const isBeyond = ({ atMs: sinceMs, count }: InFlight) =>
    sinceMs > earlierCallsEndMs && count > PINNED_LIMIT;
  const pinned = inFlight.filter(({ atMs: sinceMs }) => sinceMs > earlierCallsEndMs && sinceMs < endsAtMs);
  const full = inFlight.find(
    ({ atMs: sinceMs, count }) => sinceMs >= endsAtMs && count >= 0.9 * MAX_CONCURRENCY,
  );
  return {
    mostInFlight: Math.max(...pinned.map(({ count }) => count)),
    firstBeyondAfterEndMs: (inFlight.find(isBeyond)?.atMs ?? Number.POSITIVE_INFINITY) - endsAtMs,
    fullAfterEndMs: (full?.atMs ?? Number.POSITIVE_INFINITY) - endsAtMs,
  };
}

/** Requests in flight from an instant on. */
interface InFlight {
  readonly atMs: number;
  readonly count: number;
}

function inFlightOf({ startsMs, endsMs }: SteeredRun): readonly InFlight[] {
  const steps = [
    ...startsMs.map((atMs) => ({ atMs, more: 1 })),
    ...endsMs.map((atMs) => ({ atMs, more: -1 })),
  ].toSorted((one, other) => one.atMs - other.atMs || one.more - other.more);
  let count = 0;
  return steps.map(({ atMs, more }) => {
    count += more;
    return { atMs, count };
  });
}

/** The figures as a table. */
export function pinTable(rows: readonly (readonly [name: string, figures: PinFigures])[]): ReportTable {
  return {
    caption: `Pin to ${PINNED_LIMIT} for ${PINNED_FOR_MINUTES} min in mid-run, X = ${MAX_CONCURRENCY}, calls of 40 s`,
    columns: [
      { name: "" },
      { name: "most in flight", fractionDigits: 0 },
      { name: "first start beyond it after its end s", fractionDigits: 1 },
      { name: "X in use after its end s", fractionDigits: 1 },
    ],
    rows: rows.map(([name, { mostInFlight, firstBeyondAfterEndMs, fullAfterEndMs }]) => [
      name,
      mostInFlight,
      firstBeyondAfterEndMs / 1_000,
      fullAfterEndMs / 1_000,
    ]),
  };
}
