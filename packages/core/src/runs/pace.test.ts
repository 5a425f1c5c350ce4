import { demoProvider } from "@sluice/testing/demo-provider";
import { NOON_MS } from "@sluice/testing/fake-clock";
import { quietSnapshot } from "@sluice/testing/quiet-snapshot";
import { describe, expect, test } from "vitest";
import type { RunPart } from "../ports/run-store.ts";
import type { Outlook } from "./outlook.ts";
import { paceOf } from "./pace.ts";

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
    ...quietSnapshot(NOON_MS),
    limit: 10,
    maxConcurrency: 10,
    valve: { state: "enabled", batchSize: 1, maximumConcurrency: 10 },
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

test("parts that go on side by side make it no faster than the measured latency allows", () => {
  // 200 records in 200 seconds: the first part was nearly done when the second one began, and then lingered.
  const aside = [part(0, 120, [10, 200]), part(1, 80, [120, 200])];
  const measured = { ...OUTLOOK, latest: { ...OUTLOOK.latest, usualLatencyMs: 9_850 } };
  expect(paceAt(200, aside, 100, OUTLOOK).endsAfterSeconds).toBeLessThan(290);
  expect(paceAt(200, aside, 100, measured).endsAfterSeconds).toBeCloseTo(300, 0);
});

describe("a mapping that opens", () => {
  /** It brings a fifth of the records until then. */
  const openingAt = (seconds: number, seenAtSeconds = 0, part = 0.2): Outlook => {
    const opening = { atMs: NOON_MS + 1_000 * seconds, part };
    const valve = { state: "enabled", batchSize: 1, maximumConcurrency: 2, opening } as const;
    return { ...OUTLOOK, latest: { ...OUTLOOK.latest, atMs: NOON_MS + 1_000 * seenAtSeconds, valve } };
  };

  function endAt(seconds: number, parts: readonly RunPart[], openCount: number, outlook: Outlook) {
    const run = { lane: "records", isSealed: true, parts, openCount } as const;
    const { endsAtMs = Number.NaN, endUnsureMs } = paceOf(run, outlook, NOON_MS + 1_000 * seconds);
    return { endsAfterSeconds: Math.round((endsAtMs - NOON_MS) / 1_000), endUnsureMs };
  }

  test("is reckoned with: some of the records before, and the others at the full rate", () => {
    // Six records in thirty seconds, and the other 54 in 54 seconds.
    const end = { endsAfterSeconds: 84, endUnsureMs: 24_000 };
    expect(endAt(0, [], 60, openingAt(30))).toEqual(end);
    expect(endAt(20, [part(0, 4, [10, 20])], 56, openingAt(30))).toEqual(end);
    expect(endAt(0, [], 60, openingAt(30, 0, 0))).toEqual({ endsAfterSeconds: 90, endUnsureMs: 30_000 });
  });

  test("makes the end unsure only where that is more than a fifth of the time left", () => {
    expect(endAt(0, [], 600, openingAt(30))).toEqual({ endsAfterSeconds: 624, endUnsureMs: undefined });
    expect(endAt(0, [], 4, openingAt(90))).toEqual({ endsAfterSeconds: 20, endUnsureMs: undefined });
  });

  test("is known once a waker has seen it, and what came before says little of the rate", () => {
    const across = [part(0, 36, [10, 60])];
    const { endsAfterSeconds, endUnsureMs } = endAt(60, across, 60, openingAt(30, 59));
    expect(endUnsureMs).toBeUndefined();
    expect(Math.abs(endsAfterSeconds - 120)).toBeLessThan(3);
  });

  test("is none of the express lane's", () => {
    const run = { lane: "express", isSealed: true, parts: [], openCount: 60 } as const;
    expect(paceOf(run, openingAt(30), NOON_MS)).toEqual(paceOf(run, OUTLOOK, NOON_MS));
  });
});

test("before a waker has told of the provider there is a rate, and no end in its first minute", () => {
  const run = { lane: "records", isSealed: true, parts: [part(0, 30, [0, 59])], openCount: 30 } as const;
  const [soon, later] = [59_000, 60_000].map((afterMs) => paceOf(run, "untold", NOON_MS + afterMs));
  expect(soon).toEqual({ ratePerMinute: expect.any(Number) });
  expect(later).toMatchObject({ endsAtMs: expect.any(Number) });
});

test("for whoever may not read the waker's news the run's own rate tells its end", () => {
  expect(paceAt(20, [part(0, 10, [0, 20])], 30)).toEqual({ ratePerMinute: 30, endsAfterSeconds: 80 });
  expect(paceAt(20, [], 30)).toEqual({ ratePerMinute: undefined, endsAfterSeconds: Number.NaN });
});
