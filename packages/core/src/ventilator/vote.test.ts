import { messageFor } from "@sluice/testing/ventilator-harness";
import { expect, test } from "vitest";
import { NO_ANSWERS } from "./known-answers.ts";
import { isToBlame, outcomeVoteOf, ownFaultCount, probeVoteOf, voteOf } from "./vote.ts";

const at = (endedAtMs: number, lastOkAtMs?: number) => ({
  endedAtMs,
  ...(lastOkAtMs === undefined ? {} : { lastOkAtMs }),
});

test.each([
  ["that never failed", {}, 9_000, "provider"],
  ["that never failed, whatever its attempt", { attempt: 3 }, 9_000, "provider"],
  ["that fails again, with no success since", { attempt: 2, faults: [at(5_000)] }, 4_999, "provider"],
  ["that fails again, with a success since", { attempt: 2, faults: [at(5_000)] }, 5_000, "record"],
  ["that has voted twice", { attempt: 3, faults: [at(5_000)] }, 4_999, "record"],
  ["that failed in an outage that is over", { attempt: 2, faults: [at(3_000)] }, 9_000, "provider"],
  ["that failed twice in it, and now", { attempt: 3, faults: [at(2_000), at(3_000)] }, 9_000, "provider"],
  ["that failed before it", { attempt: 2, faults: [at(1_999)] }, 9_000, "record"],
  ["that failed before it and in it", { attempt: 3, faults: [at(1_999), at(3_000)] }, 9_000, "record"],
  ["that failed in it and since", { attempt: 3, faults: [at(3_000), at(5_000)] }, 5_000, "record"],
])("a record %s: of whom its outcome speaks", (_, result, lastOkAtMs, vote) => {
  expect(voteOf(result, { lastOkAtMs, wellAtMs: 2_000, closedAtMs: 4_000 })).toBe(vote);
});

test.each([
  ["never failed", [], 9_000, 0],
  ["failed in an outage that lasts", [at(5_000)], 4_999, 0],
  ["failed while others succeeded", [at(5_000)], 5_000, 1],
  ["failed twice in one outage that is over", [at(5_000), at(6_000, 4_000)], 7_000, 1],
  ["failed twice while others succeeded", [at(5_000), at(6_000, 5_500)], 7_000, 2],
  ["failed twice, in an outage now", [at(5_000), at(6_000, 5_500)], 5_900, 1],
  ["failed twice under a version that kept no successes", [at(5_000), at(6_000)], 7_000, 1],
])("a record that %s: how many of its faults are its own", (_, faults, lastOkAtMs, expected) => {
  expect(ownFaultCount(faults, lastOkAtMs)).toBe(expected);
  expect(isToBlame(faults, lastOkAtMs)).toBe(expected >= 2);
  expect(probeVoteOf({ faults }, lastOkAtMs)).toBe(expected > 0 ? "record" : "provider");
});

test.each([
  ["for the first time", {}, 9_000, "provider"],
  ["again, with no success since", { firstRejectedAtMs: 5_000 }, 4_999, "provider"],
  ["again, with a success since", { firstRejectedAtMs: 5_000 }, 5_000, "repeat"],
] as const)("a record that is rejected %s: of whom that speaks", (_, result, lastOkAtMs, vote) => {
  const outcome = { kind: "rejected", latencyMs: 5, cause: "HTTP 404" } as const;
  const ended = { ...result, outcome, disposition: { kind: "acknowledge" } } as const;
  expect(outcomeVoteOf({ received: messageFor("one") }, ended, { ...NO_ANSWERS, lastOkAtMs })).toBe(vote);
});
