import { bySum, type Evidence, type LawConfig, NO_EVIDENCE, type Observation } from "@sluice/core/law";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BASELINES } from "./baselines.ts";
import { configOf } from "./fakes/config-of.ts";
import { FAULT, okAfter, WAKE } from "./fakes/report-of.ts";

const configs: fc.Arbitrary<LawConfig> = fc
  .record({
    maxConcurrency: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 1_000 })),
    slowAfterMs: fc.integer({ min: 1, max: 70_000 }),
    timeoutMs: fc.integer({ min: 10, max: 900_000 }),
  })
  .map(configOf);

const counts = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 10 }),
  fc.integer({ min: 0, max: 100_000 }),
);
const sums = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e9, noNaN: true }));
const evidences: fc.Arbitrary<Evidence> = fc.record(bySum((sum) => (sum.endsWith("Count") ? counts : sums)));
const oneCall = fc
  .constantFrom<Partial<Evidence>>(
    { okCount: 1, latencySumMs: 80 },
    { slowCount: 1, latencySumMs: 30_000 },
    { faultCount: 1 },
    { faultCount: 1, timeoutCount: 1 },
    { repeatFaultCount: 1 },
    { throttledCount: 1 },
    { rejectedCount: 1 },
    { unavailableCount: 1 },
  )
  .map((evidence) => ({ ...NO_EVIDENCE, ...evidence }));

const observations: fc.Arbitrary<Observation> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("report" as const),
      epoch: fc.nat(50),
      evidence: fc.oneof(evidences, oneCall),
      inFlightCount: fc.nat(1_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("probe-due" as const), hasRecord: fc.boolean() }),
  },
);

/** Long rows of the same news reach the bottom, where laws trip. */
const stories = fc
  .array(fc.tuple(observations, fc.oneof(fc.constant(1), fc.nat(40)), fc.nat(400_000)), { maxLength: 40 })
  .map((chapters) =>
    chapters.flatMap(([observation, times, afterMs]) =>
      Array.from({ length: times }, () => ({ observation, afterMs })),
    ),
  );

/** Long enough for every law to see it. */
const OUTAGE_MS = 50_000;

test("names are unique", () => {
  expect(new Set(BASELINES.map(({ name }) => name)).size).toBe(BASELINES.length);
});

describe.each(BASELINES.map((law) => [law.name, law] as const))("%s", (_, law) => {
  test("keeps to 1 to X, counts each change as a decision and an epoch, and survives being stored", () => {
    fc.assert(
      fc.property(configs, stories, fc.nat(1e12), (config, story, startMs) => {
        let nowMs = startMs;
        let state = law.initial(config, nowMs);
        expect(state).toMatchObject({ phase: "closed", epoch: 0 });
        for (const { observation, afterMs } of story) {
          nowMs += afterMs;
          const { state: next, decision } = law.decide(state, observation, config, nowMs);
          const isChange = next.phase !== state.phase || next.limit !== state.limit;
          expect(Number.isInteger(next.limit) && next.limit >= 1).toBe(true);
          expect(next.limit).toBeLessThanOrEqual(config.maxConcurrency);
          expect(next.epoch).toBe(state.epoch + (isChange ? 1 : 0));
          expect(decision !== undefined).toBe(isChange);
          if (decision !== undefined) {
            expect(decision.before).toMatchObject({
              phase: state.phase,
              limit: state.limit,
              epoch: state.epoch,
            });
            expect(decision.after).toMatchObject({ phase: next.phase, limit: next.limit, epoch: next.epoch });
          }
          expect("probeAtMs" in next).toBe(next.phase === "open");
          expect(law.parse(JSON.parse(JSON.stringify(law.toStored(next))))).toEqual(next);
          state = next;
        }
      }),
    );
  });

  test("is closed again at most ten minutes after a trip, and fit answers bring it to its start again", () => {
    const config = configOf();
    const start = law.initial(config, 0);
    let state = start;
    let nowMs = 0;
    for (; nowMs < OUTAGE_MS; nowMs += 100) state = law.decide(state, FAULT, config, nowMs).state;
    expect(state.phase).toBe(law.name === "fixed" ? "closed" : "open");
    nowMs += 10 * 60_000;
    state = law.decide(state, WAKE, config, nowMs).state;
    expect(state.phase).toBe("closed");
    for (let times = 0; times < 1_000; times += 1) {
      nowMs += 1_000;
      state = law.decide(state, okAfter(1_000), config, nowMs).state;
    }
    expect(state.limit).toBe(start.limit);
  });

  test.each<[what: string, stored: unknown]>([
    ["nothing", null],
    ["text", "closed"],
    ["a limit of 0", { ...law.initial(configOf(), 0), limit: 0 }],
    ["an epoch below 0", { ...law.initial(configOf(), 0), epoch: -1 }],
    ["a phase that it never has", { ...law.initial(configOf(), 0), phase: "half-open" }],
  ])("refuses to parse %s", (__, stored) => {
    expect(() => law.parse(stored)).toThrow(expect.objectContaining({ code: "stored-row-invalid" }));
  });
});
