import { expect, test } from "vitest";
import { describeDecision } from "../describe-decision.ts";
import { NO_EVIDENCE } from "../evidence.ts";
import { sluiceLaw } from "./sluice-law.ts";

const CONFIG = { maxConcurrency: 10, slowAfterMs: 1_000, timeoutMs: 3_000, medianMs: 50, paceMs: 20_000 };

test("a decision tells the calls of the epoch that it ends, those of all its reports, and its sentence does not", () => {
  const ln = Math.log(80);
  const okays = { okCount: 40, lnLatencySum: 40 * ln, lnLatencySquareSum: 40 * (ln ** 2 + 0.25) };
  const report = (evidence: object) => ({
    kind: "report" as const,
    epoch: 0,
    evidence: { ...NO_EVIDENCE, ...evidence },
    inFlightCount: 10,
  });
  const { state } = sluiceLaw.decide(
    sluiceLaw.initial(CONFIG, 0),
    report({ ...okays, faultCount: 1, repeatFaultCount: 1, rejectedCount: 2 }),
    CONFIG,
    30_000,
  );
  const refused = report({ throttledCount: 3, heldCount: 2, heldSumMs: 8_000 });
  const { decision } = sluiceLaw.decide(state, refused, CONFIG, 61_000);
  expect(decision?.seen).toEqual({
    forMs: 61_000,
    calls: 47,
    faults: 2,
    throttled: 3,
    held: 2,
    holdMs: 4_000,
    rejected: 2,
    medianMs: 80,
    sigma: 0.5,
  });
  expect(decision && describeDecision(decision)).toBe(
    "cut: refused with a hold (refused 2, holdSeconds 4): limit 10 → limit 9",
  );
});

test("what is not closed has no epoch of calls to tell of", () => {
  const faults = { ...NO_EVIDENCE, faultCount: 10 };
  const report = { kind: "report" as const, epoch: 0, evidence: faults, inFlightCount: 10 };
  const tripped = sluiceLaw.decide(sluiceLaw.initial(CONFIG, 0), report, CONFIG, 1_000);
  expect(tripped.decision?.seen).toEqual({ forMs: 1_000, calls: 10, faults: 10 });
  const due = { kind: "probe-due" as const, hasRecord: true };
  const probing = sluiceLaw.decide(tripped.state, due, CONFIG, 100_000);
  expect(probing.decision).not.toHaveProperty("seen");
});
