import { expect, test } from "vitest";
import * as z from "zod";
import { configOf } from "./fakes/config-of.ts";
import type { Limiter } from "./limiter.ts";
import type { Sample } from "./sample.ts";
import { type Windowed, windowed } from "./windowed.ts";

type Seen = readonly Sample[];

/** Remembers what it is shown. */
const recorder: Limiter<Seen> = {
  name: "recorder",
  memorySchema: z.array(z.custom<Sample>()),
  startAt: () => [],
  restart: (seen) => seen,
  update: (seen, sample) => [...seen, sample],
  limitOf: (seen) => seen.length,
};

const limiter = windowed("windowed", recorder);
const ok = (rttMs: number, inFlightCount = 4): Sample => ({
  rttMs,
  successCount: 1,
  dropCount: 0,
  inFlightCount,
});
const DROP: Sample = { successCount: 0, dropCount: 1, inFlightCount: 9 };

test("shows the mean round trip, the most in flight and all drops of ten calls", () => {
  const calls = [ok(100), ok(200), ok(300), ...Array.from({ length: 5 }, () => ok(400)), DROP];
  const nearly = after(calls.map((sample) => [sample, 0]));
  expect(nearly.memory).toEqual([]);
  expect(update(nearly, ok(600, 2), 0).memory).toEqual([
    { rttMs: 3_200 / 9, successCount: 9, dropCount: 1, inFlightCount: 9 },
  ]);
});

test("a report of several calls weighs as many", () => {
  const report = { rttMs: 50, successCount: 9, dropCount: 0, inFlightCount: 3 };
  expect(
    after([
      [ok(150), 0],
      [report, 0],
    ]).memory,
  ).toMatchObject([{ rttMs: 60, successCount: 10 }]);
});

test("has no round trip if all calls were dropped", () => {
  const drops = Array.from({ length: 10 }, () => [DROP, 0] as const);
  expect(after(drops).memory).toEqual([{ successCount: 0, dropCount: 10, inFlightCount: 9 }]);
});

test("the next window lasts a second at least, and as long as it takes to see ten calls", () => {
  const tenAt = (nowMs: number) => Array.from({ length: 10 }, () => [ok(100), nowMs] as const);
  expect(limiter.limitOf(after([...tenAt(5_000), ...tenAt(5_999)]))).toBe(1);
  expect(limiter.limitOf(after([...tenAt(5_000), ...tenAt(5_999), [ok(100), 6_000]]))).toBe(2);
  expect(limiter.limitOf(after([...tenAt(5_000), ...tenAt(6_000)]))).toBe(2);
  expect(limiter.limitOf(after([...tenAt(5_000), [ok(100), 99_000]]))).toBe(1);
});

test("forgets an open window after a trip", () => {
  const restarted = limiter.restart(after([[ok(100), 0]]));
  expect(restarted).toEqual({ memory: [], successCount: 0, rttSumMs: 0, dropCount: 0, inFlightMax: 0 });
});

function after(samples: readonly (readonly [sample: Sample, nowMs: number])[]): Windowed<Seen> {
  return samples.reduce((memory, [sample, nowMs]) => update(memory, sample, nowMs), limiter.startAt(1));
}

function update(memory: Windowed<Seen>, sample: Sample, nowMs: number): Windowed<Seen> {
  return limiter.update(memory, sample, configOf(), nowMs);
}
