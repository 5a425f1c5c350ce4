import { describe, expect, test } from "vitest";
import { outcomeTotalsOf } from "../history/outcome-totals.ts";
import { NO_EVIDENCE } from "../law/evidence.ts";
import type { OutcomeTotals, Snapshot } from "../ports/history-store.ts";
import type { ValveState } from "../ports/valve.ts";
import { byLane } from "../provider/lane.ts";
import type { SeenMapping } from "../valve/reconciler.ts";
import { type Sighting, troublesOf } from "./troubles.ts";

const NOW_MS = 1_000_000;
const OPEN = { isEnabled: true, batchSize: 5, maximumConcurrency: 4 };

function mapping(state: ValveState, wanted = OPEN): SeenMapping {
  const settings = { ...OPEN, isEnabled: state === "enabled" };
  return { reading: { state, settings, reason: "USER_INITIATED" }, wanted };
}

const depth = (visibleCount: number, inFlightCount = 0) => ({ visibleCount, inFlightCount });
const totals = (counts: Partial<OutcomeTotals>) => ({ ...outcomeTotalsOf(NO_EVIDENCE), ...counts });

/** A closed breaker in full flow, at the minute after. */
const FLOWING: Sighting = {
  atMs: NOW_MS,
  phase: "closed",
  limit: 4,
  maxConcurrency: 4,
  inFlightCount: 4,
  queued: { records: depth(100), express: depth(0) },
  outcomes: totals({ okCount: 50 }),
  mappings: byLane(() => mapping("enabled")),
};
const BEFORE: Snapshot = {
  ...FLOWING,
  queued: { records: depth(90), express: depth(0) },
  deadLetterCount: 0,
  outcomes: totals({ okCount: 10 }),
};
const STILL = { outcomes: BEFORE.outcomes };

const namesOf = (changes: Partial<Sighting>, before: Snapshot | undefined = BEFORE) =>
  troublesOf({ ...FLOWING, ...changes }, before).map(({ trouble }) => trouble);

test("a provider in full flow has none, nor has a first minute", () => {
  expect(namesOf({})).toEqual([]);
  expect(troublesOf(FLOWING, undefined)).toEqual([]);
  expect(troublesOf({ ...FLOWING, ...STILL }, undefined)).toEqual([]);
});

describe("records are kept waiting", () => {
  test.each<[string, Partial<Sighting>]>([
    ["while the breaker is open", { phase: "open" }],
    ["even if none waits yet", { phase: "open", queued: byLane(() => depth(0)) }],
    ["while it probes", { phase: "half-open" }],
    ["while the provider asks to be left alone", { phase: "open", heldUntilMs: NOW_MS + 1 }],
  ])("%s", (_, changes) => {
    expect(namesOf({ ...STILL, ...changes })).toEqual(["kept-waiting"]);
  });

  test.each<[string, Partial<Sighting>]>([
    ["by a hold or a closed window", { phase: "open", plannedUntilMs: NOW_MS + 1 }],
    ["by a breaker that waits for one", { phase: "half-open", queued: byLane(() => depth(0)) }],
    ["because all is rejected: that is another trouble", { phase: "open", environmentHold: "all-rejected" }],
  ])("but not %s", (_, changes) => {
    expect(namesOf({ ...STILL, ...changes })).toEqual([]);
  });
});

describe("attempts can't begin", () => {
  test("if more have failed on our own side than called the provider", () => {
    expect(namesOf({ outcomes: totals({ okCount: 10, unavailableCount: 1 }) })).toEqual(["cant-begin"]);
    expect(namesOf({ outcomes: totals({ okCount: 12, faultCount: 3, unavailableCount: 6 }) })).toEqual([
      "cant-begin",
    ]);
    expect(namesOf({ outcomes: totals({ okCount: 12, faultCount: 3, unavailableCount: 5 }) })).toEqual([]);
  });

  test("while the breaker holds for it", () => {
    expect(namesOf({ phase: "open", environmentHold: "cant-begin" }, undefined)).toEqual(["cant-begin"]);
  });

  test("but totals that begin anew say nothing", () => {
    expect(namesOf({ outcomes: totals({ okCount: 1 }) })).toEqual([]);
  });
});

describe("nothing flows", () => {
  test("if messages wait and no call ends", () => {
    expect(troublesOf({ ...FLOWING, ...STILL }, BEFORE)).toEqual([
      { trouble: "standstill", cause: "100 messages wait in the records queue, and no call ends" },
    ]);
    expect(namesOf({ ...STILL, queued: { records: depth(0), express: depth(1) } })).toEqual(["standstill"]);
  });

  test.each<[string, SeenMapping]>([
    ["has no mapping", { reading: undefined, wanted: OPEN }],
    ["mapping is off", mapping("disabled")],
  ])("if a queue %s, whether something waits or not", (cause, express) => {
    const mappings = { records: mapping("enabled"), express };
    const troubles = troublesOf({ ...FLOWING, mappings, queued: byLane(() => depth(0)) }, BEFORE);
    expect(troubles).toMatchObject([{ trouble: "standstill", cause: expect.stringContaining(cause) }]);
  });

  test.each<[string, Partial<Sighting>]>([
    [
      "hidden messages may be in front of those that are seen",
      { queued: { records: depth(100, 100), express: depth(0) } },
    ],
    ["the backlog shrinks", { queued: { records: depth(89), express: depth(0) } }],
    ["the provider asks to be left alone", { heldUntilMs: NOW_MS + 1 }],
    ["it is held, or a window is closed", { plannedUntilMs: NOW_MS + 1 }],
    ["a quota is used up", { quotaHeldUntilMs: byLane(() => NOW_MS + 1) }],
    [
      "the mapping can't be read, and a call ends",
      { mappings: byLane(() => undefined), outcomes: FLOWING.outcomes },
    ],
    [
      "the mapping is wanted shut",
      {
        mappings: byLane(() => mapping("disabled", { ...OPEN, isEnabled: false })),
        outcomes: FLOWING.outcomes,
      },
    ],
    [
      "the mapping is being opened",
      { mappings: byLane(() => mapping("enabling")), outcomes: FLOWING.outcomes },
    ],
  ])("but not if %s", (_, changes) => {
    expect(namesOf({ ...STILL, ...changes })).toEqual([]);
  });

  test("but not if the queues can't be asked", () => {
    const { queued: _, ...unasked } = FLOWING;
    expect(troublesOf({ ...unasked, ...STILL }, BEFORE)).toEqual([]);
  });

  test("a lane that waits for its quota says nothing about the other", () => {
    const quotaHeldUntilMs = { records: NOW_MS + 1, express: 0 };
    expect(namesOf({ ...STILL, quotaHeldUntilMs })).toEqual([]);
    const queued = { records: depth(0), express: depth(3) };
    expect(namesOf({ ...STILL, quotaHeldUntilMs, queued })).toEqual(["standstill"]);
  });
});
