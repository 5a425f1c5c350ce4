import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createProviderModel, type ProviderModel, type Reaction } from "./provider-model.ts";
import type { Overload, Scenario, SimulatedProvider } from "./scenario.ts";
import { DEFAULT_SCENARIO } from "./scenario-defaults.ts";

const STEADY = { medianMs: 100, sigma: 0, minMs: 5, maxMs: 1_000 };

test("the same seed and requests have the same reactions; another seed has others", () => {
  const requests = fc.array(
    fc.record({
      recordId: fc.string({ unit: "binary" }),
      elapsedMinutes: fc.double({ min: 0, max: 120, noNaN: true }),
      inFlightCount: fc.integer({ min: 1, max: 40 }),
    }),
    { minLength: 5 },
  );
  const scenario = scenarioWith({ faultRatio: [[0, 0.3]], overload: overload("collapse") });
  fc.assert(
    fc.property(requests, fc.integer(), (starts, seed) => {
      const reactionsOf = (ofSeed: number) =>
        starts.map(createProviderModel({ scenario, seed: ofSeed }).start);
      expect(reactionsOf(seed)).toEqual(reactionsOf(seed));
      expect(reactionsOf(seed + 1)).not.toEqual(reactionsOf(seed));
    }),
  );
});

test("within capacity every answer is within the latency's ends times the factor", () => {
  const factors = fc.double({ min: 0.1, max: 10, noNaN: true });
  fc.assert(
    fc.property(factors, fc.integer(), (factor, seed) => {
      const latency = { medianMs: 100, sigma: 2, minMs: 50, maxMs: 400 };
      const scenario = scenarioWith({ latency, latencyFactor: [[0, factor]], poisonRatio: 0.1 });
      for (const { afterMs } of startMany(createProviderModel({ scenario, seed }), 50, 10)) {
        expect(afterMs).toBeGreaterThanOrEqual(50 * factor);
        expect(afterMs).toBeLessThanOrEqual(400 * factor);
      }
    }),
  );
});

test("a poison record answers 500 and an unknown one 404, at every attempt", () => {
  const model = modelOf({ poisonRatio: 0.1, rejectedRatio: 0.2, faultRatio: [[0, 0]] });
  const first = startMany(model, 5_000, 1).map(({ status }) => status);
  expect(startMany(model, 5_000, 10).map(({ status }) => status)).toEqual(first);
  expect(shareOf(first, 500)).toBeCloseTo(0.1, 1.5);
  expect(shareOf(first, 404)).toBeCloseTo(0.2, 1.5);
  expect(shareOf(first, 200)).toBeCloseTo(0.7, 1.5);
});

test("an unknown record is never answered as a fault", () => {
  const model = modelOf({ rejectedRatio: 1, faultRatio: [[0, 1]] });
  expect(startMany(model, 100, 1).every(({ status }) => status === 404)).toBe(true);
});

test("faults come by their ratio, after the latency, and hit other records each time", () => {
  const model = modelOf({
    latency: STEADY,
    faultRatio: [
      [0, 0.25],
      [60, 0],
    ],
  });
  const first = startMany(model, 5_000, 1);
  expect(
    shareOf(
      first.map(({ status }) => status),
      500,
    ),
  ).toBeCloseTo(0.25, 1.5);
  expect(first.every(({ afterMs }) => afterMs === 100)).toBe(true);
  expect(startMany(model, 5_000, 1)).not.toEqual(first);
  expect(startMany(model, 1_000, 1, 60).every(({ status }) => status === 200)).toBe(true);
});

test("the capacity steps with the time line", () => {
  const model = modelOf({
    capacity: [
      [0, 20],
      [30, 6],
    ],
  });
  expect([model.capacityAt(29.9), model.capacityAt(30)]).toEqual([20, 6]);
  expect(statusOf(model.start({ recordId: "a", elapsedMinutes: 29.9, inFlightCount: 7 }))).toBe(200);
  expect(statusOf(model.start({ recordId: "a", elapsedMinutes: 30, inFlightCount: 7 }))).toBe(429);
  expect(statusOf(model.start({ recordId: "a", elapsedMinutes: 30, inFlightCount: 6 }))).toBe(200);
});

describe("over capacity", () => {
  test("reject answers 429 in 50 ms, with Retry-After only if there is one", () => {
    expect(startAt(40, { overload: overload("reject") })).toEqual({
      kind: "answer",
      status: 429,
      afterMs: 50,
    });
    expect(startAt(40, { overload: { ...overload("reject"), retryAfterSeconds: 7 } })).toEqual({
      kind: "answer",
      status: 429,
      afterMs: 50,
      retryAfterSeconds: 7,
    });
  });

  test("stretch multiplies the latency by (in flight / capacity)^exponent and still serves", () => {
    expect(startAt(20, { overload: overload("stretch") })).toMatchObject({ status: 200, afterMs: 100 });
    const { afterMs, ...answer } = answerOf(startAt(40, { overload: overload("stretch") }));
    expect(answer).toEqual({ kind: "answer", status: 200 });
    expect(afterMs).toBeCloseTo(100 * 2 ** 1.5, 6);
  });

  test("collapse stretches too, and serves only capacity / in flight of the requests", () => {
    const model = modelOf({ latency: STEADY, overload: overload("collapse") });
    const answers = startMany(model, 5_000, 80);
    for (const { afterMs } of answers) expect(afterMs).toBeCloseTo(100 * 4 ** 1.5, 6);
    expect(
      shareOf(
        answers.map(({ status }) => status),
        200,
      ),
    ).toBeCloseTo(0.25, 1.5);
    expect(startMany(model, 1_000, 20).every(({ status }) => status === 200)).toBe(true);
  });

  test("hang never answers", () => {
    expect(startAt(21, { overload: overload("hang") })).toEqual({ kind: "hang" });
    expect(startAt(20, { overload: overload("hang") })).toMatchObject({ status: 200 });
  });
});

describe("in an outage", () => {
  test.each(["reject", "stretch", "collapse"] as const)("%s answers 500 in 50 ms", (mode) => {
    const reaction = startAt(1, { capacity: [[0, 0]], overload: overload(mode) });
    expect(reaction).toEqual({ kind: "answer", status: 500, afterMs: 50 });
  });

  test("hang never answers", () => {
    expect(startAt(1, { capacity: [[0, 0]], overload: overload("hang") })).toEqual({ kind: "hang" });
  });
});

test("a fragile provider that gets more than it has grown to fails at once, and for a while", () => {
  const model = modelOf({
    capacity: [
      [0, 0],
      [10, 20],
    ],
    fragile: { downMinutes: 5, rampPerMinute: 1 },
  });
  const statusAt = (elapsedMinutes: number, inFlightCount: number) =>
    statusOf(model.start({ recordId: "a", elapsedMinutes, inFlightCount }));
  expect([statusAt(10, 1), statusAt(11, 2), statusAt(11.5, 3)]).toEqual([200, 200, 500]);
  expect(model.capacityAt(16.4)).toBe(0);
  expect([statusAt(16.4, 1), statusAt(16.5, 1)]).toEqual([500, 200]);
});

function scenarioWith(provider: Partial<SimulatedProvider>): Scenario {
  return { ...DEFAULT_SCENARIO, provider: { ...DEFAULT_SCENARIO.provider, ...provider } };
}

function modelOf(provider: Partial<SimulatedProvider>): ProviderModel {
  return createProviderModel({ scenario: scenarioWith(provider), seed: 5 });
}

function overload(mode: Overload["mode"]): Overload {
  return { mode, exponent: 1.5, retryAfterSeconds: null };
}

function startAt(inFlightCount: number, provider: Partial<SimulatedProvider>): Reaction {
  const model = modelOf({ latency: STEADY, ...provider });
  return model.start({ recordId: "a", elapsedMinutes: 0, inFlightCount });
}

function startMany(model: ProviderModel, count: number, inFlightCount: number, elapsedMinutes = 0) {
  return Array.from({ length: count }, (_, at) =>
    answerOf(model.start({ recordId: `record-${at}`, elapsedMinutes, inFlightCount })),
  );
}

function answerOf(reaction: Reaction) {
  if (reaction.kind !== "answer") expect.unreachable("the provider hangs");
  return reaction;
}

function statusOf(reaction: Reaction): number {
  return answerOf(reaction).status;
}

function shareOf(statuses: readonly number[], wanted: number): number {
  return statuses.filter((status) => status === wanted).length / statuses.length;
}
