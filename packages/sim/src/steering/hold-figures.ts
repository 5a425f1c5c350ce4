import type { ReportTable } from "../report/report-table.ts";
import { runSteered } from "./steered-run.ts";

/** An operator's hold in the middle of a run, beside the same run without it. */
export interface HoldFigures {
  /** Starts later than three seconds after the hold was given, and before its end. */
  readonly startsWhileHeld: number;
  readonly lastStartAfterOrderMs: number;
  readonly firstStartAfterEndMs: number;
  readonly held: ReceivesPerRecord;
  readonly free: ReceivesPerRecord;
}

/** The rounds of a record. */
export interface ReceivesPerRecord {
  readonly receives: number;
  readonly invocations: number;
  readonly minutes: number;
}

const MINUTE_MS = 60_000;
/** Time in which each process learns of a hold. */
const NEWS_MS = 3_000;
const PROVIDER = { maxConcurrency: 20, latency: { medianMs: 300, sigma: 0.5 }, timeoutMs: 10_000 };
const HELD_FOR_MINUTES = 10;

/** Fetches so many records at X = 20 and calls of 300 ms, and holds the provider for ten minutes from a minute on. */
export async function holdFigures(backlog: number, atMinute: number): Promise<HoldFigures> {
  const options = { ...PROVIDER, backlog, untilMs: 24 * 60 * MINUTE_MS };
  const atMs = atMinute * MINUTE_MS;
  const forMs = HELD_FOR_MINUTES * MINUTE_MS;
  const held = await runSteered({ ...options, hold: { atMs, forMs } });
  const free = await runSteered(options);
  const before = held.startsMs.filter((startMs) => startMs < atMs + forMs);
  return {
    startsWhileHeld: before.filter((startMs) => startMs >= atMs + NEWS_MS).length,
    lastStartAfterOrderMs: (before.at(-1) ?? 0) - atMs,
    firstStartAfterEndMs: (held.startsMs[before.length] ?? Number.POSITIVE_INFINITY) - atMs - forMs,
    held: roundsOf(held),
    free: roundsOf(free),
  };
}

function roundsOf({
  receivedCount,
  invocationCount,
  fetchedCount,
  endsMs,
}: Awaited<ReturnType<typeof runSteered>>): ReceivesPerRecord {
  return {
    receives: receivedCount / fetchedCount,
    invocations: invocationCount / fetchedCount,
    minutes: (endsMs.at(-1) ?? 0) / MINUTE_MS,
  };
}

/** The figures as a table. */
export function holdTable(figures: HoldFigures): ReportTable {
  const { startsWhileHeld, lastStartAfterOrderMs, firstStartAfterEndMs, held, free } = figures;
  return {
    caption: `Hold of ${HELD_FOR_MINUTES} min in mid-run, X = 20, calls of 300 ms`,
    columns: [
      { name: "" },
      { name: "starts from 3 s on", fractionDigits: 0 },
      { name: "last start s", fractionDigits: 1 },
      { name: "first start after its end s", fractionDigits: 1 },
      { name: "receives/record", fractionDigits: 3 },
      { name: "invocations/record", fractionDigits: 3 },
      { name: "minutes", fractionDigits: 1 },
    ],
    rows: [
      [
        "with the hold",
        startsWhileHeld,
        lastStartAfterOrderMs / 1_000,
        firstStartAfterEndMs / 1_000,
        ...cellsOf(held),
      ],
      ["without", undefined, undefined, undefined, ...cellsOf(free)],
    ],
  };
}

const cellsOf = ({ receives, invocations, minutes }: ReceivesPerRecord) => [receives, invocations, minutes];
