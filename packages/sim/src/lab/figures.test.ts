import type { Control, Decision } from "@sluice/core/law";
import { describe, expect, it } from "vitest";
import { createAudit } from "../provider-simulator/audit.ts";
import { parseScenario } from "../provider-simulator/parse-scenario.ts";
import { countUntil, figuresOf, type Measured, reversalCount } from "./figures.ts";

const MINUTE_MS = 60_000;
const AUDIT = createAudit({ maxConcurrency: 4, timeZone: "UTC" }).report();

/** Instants of a steady pace. */
function steady(perSecond: number, fromMs: number, untilMs: number): number[] {
  const count = Math.round((perSecond * (untilMs - fromMs)) / 1_000);
  return Array.from({ length: count }, (_, at) => fromMs + ((at + 1) * 1_000) / perSecond);
}

function control(limit: number, phase: Control["phase"] = "closed"): Control {
  return { phase, limit, epoch: 0 };
}

function decision(before: Control, after: Control): Decision {
  return { rule: "a rule", inputs: {}, before, after };
}

/** Ten minutes with an outage from minute 2 to 4, one record a second otherwise. */
function measured(changes: Partial<Measured["run"]> = {}, emptiedAtMs?: number): Measured {
  const served = [...steady(1, 0, 2 * MINUTE_MS), ...steady(1, 4 * MINUTE_MS, 10 * MINUTE_MS)];
  const scenario = parseScenario(
    {
      durationMinutes: 10,
      provider: {
        maxConcurrency: 4,
        capacity: [
          [0, 4],
          [2, 0],
          [4, 4],
        ],
      },
    },
    "in a test",
  );
  const outage = { fromMs: 2 * MINUTE_MS, untilMs: 4 * MINUTE_MS, lastStartAtMs: undefined, probeCount: 0 };
  return {
    scenario,
    ideal: { servedAtMs: Float64Array.from(served), emptiedAtMs, startCount: served.length },
    healthyCount: served.length + 1,
    run: {
      elapsedMs: 10 * MINUTE_MS,
      isDrained: false,
      site: { audit: AUDIT, servedAtMs: Float64Array.from(served), outages: [outage] },
      events: [],
      valve: { updates: 0, refusals: 0 },
      deadLetters: { healthy: 0, poison: 0, unknown: 0 },
      unluckyDeadCount: 0,
      meter: { table: { hotRefusals: 0 } },
      ...changes,
    },
  };
}

const siteOf = (changes: Partial<Measured["run"]["site"]>) => ({
  site: { ...measured().run.site, ...changes },
});

describe("the figures of a run", () => {
  it("are perfect for the ideal itself", () => {
    expect(figuresOf(measured())).toMatchObject({
      goodput: 1,
      harm: 0,
      tripSeconds: 0,
      restore90Seconds: 0,
      probesPerOutageMinute: 0,
      stuck: false,
    });
  });

  it("count goodput up to when the ideal has emptied its backlog", () => {
    const servedAtMs = Float64Array.from(steady(0.5, 0, 10 * MINUTE_MS));
    const emptied = figuresOf(measured(siteOf({ servedAtMs }), 2 * MINUTE_MS));
    expect(emptied).toMatchObject({ goodput: 0.5, idealCount: 120, idealBusyMinutes: 3 });
    const atEnd = figuresOf(measured(siteOf({ servedAtMs })));
    expect(atEnd).toMatchObject({ goodput: 300 / 480, idealCount: 480, idealBusyMinutes: 10 });
  });

  it("count it after a minute at the earliest", () => {
    const servedAtMs = Float64Array.from(steady(1, 5_000, 10 * MINUTE_MS));
    const figures = figuresOf(measured(siteOf({ servedAtMs }), 2_000));
    expect(figures).toMatchObject({ goodput: 55 / 60, idealCount: 60 });
  });

  it("know no goodput where the ideal serves nothing", () => {
    const none = {
      ...measured(),
      ideal: { servedAtMs: new Float64Array(), emptiedAtMs: undefined, startCount: 0 },
    };
    expect(figuresOf(none).goodput).toBeUndefined();
  });

  it("give harm per 1,000 of the ideal's records, in its two parts", () => {
    const audit = { ...AUDIT, startsOverCapacityCount: 48, excessSum: 12, startsInOutageCount: 24 };
    expect(figuresOf(measured(siteOf({ audit })))).toMatchObject({
      harm: 150,
      harmOverCapacity: 100,
      excessHarm: 25,
      harmInOutage: 50,
    });
  });

  it("time the trip up to the last start in the outage, and count probes per minute of it", () => {
    const [outage] = measured().run.site.outages;
    if (outage === undefined) throw new TypeError("no outage");
    const outages = [{ ...outage, lastStartAtMs: 2 * MINUTE_MS + 7_500, probeCount: 3 }];
    expect(figuresOf(measured(siteOf({ outages })))).toMatchObject({
      tripSeconds: 7.5,
      probesPerOutageMinute: 1.5,
    });
  });

  it("know neither trip nor restore without an outage", () => {
    expect(figuresOf(measured(siteOf({ outages: [] })))).toMatchObject({
      tripSeconds: null,
      restore90Seconds: null,
      probesPerOutageMinute: null,
    });
  });

  it("time the restore up to the minute that first brings 90 % of the ideal's", () => {
    const ramp = [...steady(1, 0, 2 * MINUTE_MS), ...steady(1, 5 * MINUTE_MS, 10 * MINUTE_MS)];
    const { restore90Seconds } = figuresOf(measured(siteOf({ servedAtMs: Float64Array.from(ramp) })));
    // From second 54 on a window of 60 s holds 54 of the ideal's 60.
    expect(restore90Seconds).toBe(54);
  });

  it("count a restore that never comes up to the end", () => {
    const slow = [...steady(1, 0, 2 * MINUTE_MS), ...steady(0.5, 4 * MINUTE_MS, 10 * MINUTE_MS)];
    expect(figuresOf(measured(siteOf({ servedAtMs: Float64Array.from(slow) }))).restore90Seconds).toBe(360);
  });

  it("count trips, cuts and changes of direction, and rates per hour", () => {
    const decisions = [
      decision(control(4), control(2)),
      decision(control(2), control(2, "open")),
      decision(control(2, "open"), control(1, "half-open")),
      decision(control(1, "half-open"), control(1, "open")),
      decision(control(1, "open"), control(1, "half-open")),
      decision(control(1, "half-open"), control(2)),
      decision(control(2), control(4)),
      decision(control(4), control(3)),
    ];
    expect(reversalCount(decisions)).toBe(2);
    const shutAndOpened = [
      decision(control(4), control(4, "open")),
      decision(control(4, "open"), control(4)),
    ];
    expect(reversalCount(shutAndOpened)).toBe(1);
    const events = decisions.map((each) => ({
      atMs: 0,
      kind: "decision" as const,
      summary: "",
      decision: each,
    }));
    expect(figuresOf(measured({ events, valve: { updates: 3, refusals: 1 } }))).toMatchObject({
      trips: 1,
      cuts: 2,
      reversalsPerHour: 12,
      valveUpdatesPerHour: 18,
      valveRefusalsPerHour: 6,
    });
  });

  it("count fetches beyond a record's first, and healthy dead letters, apart those that had bad luck alone", () => {
    const servedAgain = [
      { day: "2026-01-05", recordId: "a", count: 3 },
      { day: "2026-01-05", recordId: "b", count: 2 },
    ];
    const changes = {
      ...siteOf({ audit: { ...AUDIT, servedAgain } }),
      deadLetters: { healthy: 3, poison: 5, unknown: 1 },
      unluckyDeadCount: 1,
    };
    expect(figuresOf(measured(changes))).toMatchObject({
      duplicateFetches: 3,
      healthyDeadLettered: 2,
      unluckyDeadLettered: 1,
    });
  });

  it("call a law stuck that serves nothing for 20 minutes although it could, or does not end in twice the time", () => {
    const servedAtMs = Float64Array.from(steady(1, 0, 2 * MINUTE_MS));
    const halted = { ...siteOf({ servedAtMs }), elapsedMs: 30 * MINUTE_MS };
    expect(figuresOf(measured({ ...halted, elapsedMs: 25 * MINUTE_MS }, 9 * MINUTE_MS)).stuck).toBe(true);
    expect(figuresOf(measured({ ...halted, elapsedMs: 15 * MINUTE_MS }, 9 * MINUTE_MS)).stuck).toBe(false);
    expect(figuresOf(measured({ ...halted, isDrained: true }, 9 * MINUTE_MS)).stuck).toBe(false);
    expect(figuresOf(measured({ elapsedMs: 20 * MINUTE_MS }, 9 * MINUTE_MS)).stuck).toBe(true);
    const healthyCount = servedAtMs.length;
    expect(
      figuresOf({ ...measured({ ...halted, elapsedMs: 25 * MINUTE_MS }, 9 * MINUTE_MS), healthyCount }).stuck,
    ).toBe(false);
    // The outage lies within the last 20 minutes: there was a reason.
    expect(figuresOf(measured({ ...halted, elapsedMs: 22 * MINUTE_MS })).stuck).toBe(false);
  });
});

it("counts instants up to one, that one included", () => {
  const instants = Float64Array.from([1, 2, 2, 5]);
  expect([0, 1, 2, 4, 5, 9].map((untilMs) => countUntil(instants, untilMs))).toEqual([0, 1, 3, 3, 4, 4]);
});
