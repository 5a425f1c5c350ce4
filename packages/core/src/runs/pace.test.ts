import { demoProvider } from "@sluice/testing/demo-provider";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { expect, test } from "vitest";
import { outcomeTotalsOf } from "../history/outcome-totals.ts";
import { NO_EVIDENCE } from "../law/evidence.ts";
import type { RunPart } from "../ports/run-store.ts";
import type { Outlook } from "./outlook.ts";
import { paceOf } from "./pace.ts";

const NONE = { visibleCount: 0, inFlightCount: 0 };
/** Ten batches of one call at once, of 9.85 seconds each, and 0.15 seconds between them: 60 a minute are expected. */
const OUTLOOK: Outlook = {
  contract: demoProvider({
    timeZone: "UTC",
    maxConcurrency: 10,
    slowAfterMs: 20_000,
    timeoutMs: 60_000,
    latency: { medianMs: 9_850, sigma: 0, minMs: 5, maxMs: 60_000 },
    worker: { name: "demo", timeoutMs: 70_000 },
    ventilator: { timeoutMs: 100_000 },
    queue: { visibilityTimeoutMs: 120_000 },
  }),
  latest: {
    atMs: NOON_MS,
    phase: "closed",
    limit: 10,
    maxConcurrency: 10,
    inFlightCount: 0,
    valve: { state: "enabled", batchSize: 1, maximumConcurrency: 10 },
    queued: { records: NONE, express: NONE },
    deadLetterCount: 0,
    outcomes: outcomeTotalsOf(NO_EVIDENCE),
  },
};

/** A part with so many ends, from one second after noon to another. */
function part(index: number, count: number, [from, until]: readonly [number, number]): RunPart {
  return {
    level: 0,
    index,
    firstAtMs: NOON_MS + 1_000 * from,
    lastAtMs: NOON_MS + 1_000 * until,
    marks: { fetched: Array.from({ length: count }, (_, place) => place) },
  };
}

function paceAt(seconds: number, parts: readonly RunPart[], openCount: number, outlook?: Outlook) {
  const run = { lane: "records", isSealed: true, parts, openCount } as const;
  const { ratePerMinute, endsAtMs = Number.NaN } = paceOf(run, outlook, NOON_MS + 1_000 * seconds);
  return { ratePerMinute, endsAfterSeconds: (endsAtMs - NOON_MS) / 1_000 };
}

test("the first ends have taken as long as a batch lasts", () => {
  const first = [part(0, 10, [9.85, 9.85])];
  const { endsAfterSeconds } = paceAt(11, first, 90, OUTLOOK);
  expect(endsAfterSeconds).toBeGreaterThan(98);
  expect(endsAfterSeconds).toBeLessThan(101);
});

test("what is under way between two batches brings the end no nearer and no further", () => {
  const two = [part(0, 20, [10, 20])];
  const ends = [20, 24, 28].map((seconds) => paceAt(seconds, two, 80, OUTLOOK).endsAfterSeconds);
  const [asOfTheLast = Number.NaN] = ends;
  expect(Math.abs(asOfTheLast - 100)).toBeLessThan(1);
  expect(ends).toEqual([asOfTheLast, asOfTheLast, asOfTheLast]);
});

test("what limit and latency promise counts for less from batch to batch, and for nothing after thirty", () => {
  const half = (seconds: number) => [part(0, seconds / 2, [10, seconds])];
  const leftAt = (seconds: number) => paceAt(seconds, half(seconds), 100, OUTLOOK).endsAfterSeconds - seconds;
  const [atFirst, later, atLast] = [leftAt(20), leftAt(100), leftAt(300)];
  expect(atFirst).toBeLessThan(130);
  expect(later).toBeGreaterThan(atFirst);
  expect(Math.abs(atLast - 200)).toBeLessThan(10);
});

test("without news of the waker the run's own rate tells its end", () => {
  expect(paceAt(20, [part(0, 10, [0, 20])], 30)).toEqual({ ratePerMinute: 30, endsAfterSeconds: 80 });
  expect(paceAt(20, [], 30)).toEqual({ ratePerMinute: undefined, endsAfterSeconds: Number.NaN });
});
