import type { ReportTable } from "../report/report-table.ts";
import { runSteered } from "./steered-run.ts";

/** A backlog of half as many hours again as its window has. */
export interface WindowFigures {
  readonly openHours: number;
  /** Records fetched in the window ÷ those that the same provider does in the same time without one. */
  readonly usedShare: number;
  readonly startsWhileClosed: number;
  /** Requests that ended after the closing. */
  readonly inFlightWhileClosed: number;
  readonly firstStartAfterOpeningMs: number;
  readonly lastStartBeforeClosingMs: number;
  readonly receivesPerRecord: number;
}

const HOUR_MS = 3_600_000;
/** The window is open from then on. */
const OPENS_AT_HOUR = 1;
/** Half as many hours as the window has are left for another day. */
const BACKLOG_HOURS_PER_OPEN_HOUR = 1.5;
const PROVIDER = { maxConcurrency: 3, latency: { medianMs: 2_000, sigma: 0.5 }, timeoutMs: 20_000 };
/** e^(σ²/2) times the median, with 3 requests at once. */
const RECORDS_PER_HOUR = (3 * HOUR_MS) / (2_000 * Math.exp(0.5 ** 2 / 2));

/** Fetches what takes half as long again as a window that opens at 01:00 for so many hours, until two hours after it. */
export async function windowFigures(openHours: number): Promise<WindowFigures> {
  const backlog = Math.round(BACKLOG_HOURS_PER_OPEN_HOUR * openHours * RECORDS_PER_HOUR);
  const [opensAtMs, closesAtMs] = [OPENS_AT_HOUR * HOUR_MS, (OPENS_AT_HOUR + openHours) * HOUR_MS];
  const window = { from: wallTimeOf(OPENS_AT_HOUR), to: wallTimeOf(OPENS_AT_HOUR + openHours) };
  const windows = { open: [{ days: ["mon-sun"] as const, ...window }] };
  const steered = await runSteered({
    ...PROVIDER,
    backlog,
    untilMs: closesAtMs + 2 * HOUR_MS,
    steered: { windows },
  });
  const free = await runSteered({ ...PROVIDER, backlog, untilMs: openHours * HOUR_MS });
  const isOpenAt = (atMs: number) => opensAtMs <= atMs && atMs < closesAtMs;
  const starts = steered.startsMs.filter(isOpenAt);
  return {
    openHours,
    usedShare: steered.fetchedCount / free.fetchedCount,
    startsWhileClosed: steered.startsMs.length - starts.length,
    inFlightWhileClosed: steered.endsMs.filter((atMs) => atMs > closesAtMs).length,
    firstStartAfterOpeningMs: (starts[0] ?? closesAtMs) - opensAtMs,
    lastStartBeforeClosingMs: closesAtMs - (starts.at(-1) ?? opensAtMs),
    receivesPerRecord: steered.receivedCount / steered.fetchedCount,
  };
}

const wallTimeOf = (hour: number) => `${String(hour).padStart(2, "0")}:00`;

/** The figures as a table. */
export function windowTable(figures: WindowFigures): ReportTable {
  const { openHours, usedShare } = figures;
  return {
    caption: `Window of ${openHours} h a day for a backlog of ${BACKLOG_HOURS_PER_OPEN_HOUR * openHours} h, X = 3, calls of 2 s that may take 20 s`,
    columns: [
      { name: "used %", fractionDigits: 1 },
      { name: "starts while closed", fractionDigits: 0 },
      { name: "in flight while closed", fractionDigits: 0 },
      { name: "first start after opening s", fractionDigits: 1 },
      { name: "last start before closing s", fractionDigits: 1 },
      { name: "receives/record", fractionDigits: 3 },
    ],
    rows: [
      [
        100 * usedShare,
        figures.startsWhileClosed,
        figures.inFlightWhileClosed,
        figures.firstStartAfterOpeningMs / 1_000,
        figures.lastStartBeforeClosingMs / 1_000,
        figures.receivesPerRecord,
      ],
    ],
  };
}
