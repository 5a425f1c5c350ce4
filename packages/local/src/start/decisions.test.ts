import type { Control, Decision, Phase } from "@sluice/core/law";
import type { BreakerEvent } from "@sluice/core/ports";
import { expect, test } from "vitest";
import { brokenLinks, decisionsIn, isProbe, isTrip } from "./decisions.ts";

const at = (epoch: number, phase: Phase = "closed", limit = 10): Control => ({ phase, limit, epoch });
const from = (before: Control, after: Control): Decision => ({
  rule: "rule",
  inputs: {},
  before,
  after,
});
const eventOf = (details: Decision, kind: BreakerEvent["kind"] = "decision"): BreakerEvent => ({
  id: String(details.after.epoch),
  atMs: 0,
  kind,
  summary: "",
  details,
});

const TRIP = from(at(0), at(1, "open"));
const PROBE = from(at(1, "open"), at(2, "half-open", 1));
const CLOSING = from(at(2, "half-open", 1), at(3, "closed", 1));

test("decisions come in the order of their epochs, whatever the order of their events", () => {
  const events = [eventOf(CLOSING), eventOf(TRIP), eventOf(PROBE), eventOf(TRIP, "valve")];
  expect(decisionsIn(events)).toEqual([TRIP, PROBE, CLOSING]);
});

test("trips and probes are told from the rest", () => {
  const failed = from(at(2, "half-open", 1), at(3, "open", 1));
  expect([TRIP, PROBE, CLOSING, failed].map(isTrip)).toEqual([true, false, false, false]);
  const awaiting = from(at(2, "half-open", 1), at(3, "half-open", 1));
  expect([TRIP, PROBE, CLOSING, failed, awaiting].map(isProbe)).toEqual([false, true, false, false, false]);
});

test("a chain from epoch 0 has no broken link", () => {
  expect(brokenLinks([])).toEqual([]);
  expect(brokenLinks([TRIP, PROBE, CLOSING])).toEqual([]);
});

test.each<[what: string, decisions: Decision[], broken: string[]]>([
  ["does not begin at epoch 0", [PROBE, CLOSING], ["rule (epoch 1 → 2)"]],
  ["misses one", [TRIP, CLOSING], ["rule (epoch 2 → 3)"]],
  ["has two of one epoch", [TRIP, from(at(0), at(1))], ["rule (epoch 0 → 1)"]],
  ["skips an epoch", [from(at(0), at(2))], ["rule (epoch 0 → 2)"]],
  ["stays in its epoch", [TRIP, from(at(1, "open"), at(1))], ["rule (epoch 1 → 1)"]],
  ["begins at another limit", [from(at(0), at(1)), from(at(1, "closed", 9), at(2))], ["rule (epoch 1 → 2)"]],
  ["begins in another phase", [from(at(0), at(1)), from(at(1, "open"), at(2))], ["rule (epoch 1 → 2)"]],
])("a chain that %s is broken there", (_, decisions, broken) => {
  expect(brokenLinks(decisions)).toEqual(broken);
});
