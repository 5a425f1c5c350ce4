import { mutantsIn as at, type Mutant } from "./mutant.ts";

const CORE = "packages/core/src";

/** Deliberate faults in what keeps quotas. */
export const QUOTA_MUTANTS: readonly Mutant[] = [
  ...at(`${CORE}/steering/quotas/spacing.ts`, [
    "a spacing knows neither skew nor delay",
    "const uncertainMs = CLOCK_SKEW_MS + lateMaxMs + TRAVEL_MS;",
    "const uncertainMs = 0;",
  ]),
  ...at(`${CORE}/job/handle-request.ts`, [
    "a worker begins a start that it missed",
    "if (nowMs > startByMs) throw",
    "if (nowMs > startByMs + 600_000) throw",
  ]),
  ...at(
    `${CORE}/steering/quotas/turns.ts`,
    [
      "a start does not wait for its turn",
      "await clock.sleepUntil(turn.startsAtMs);",
      "await clock.sleepUntil(0);",
    ],
    ["starts that were made are given back", "      unused.take();\n", ""],
  ),
  ...at(`${CORE}/ventilator/no-start.ts`, [
    "what was fetched today takes a turn",
    "if (quotas === undefined || task.received.isRedriven) return undefined;",
    "if (quotas !== undefined) return undefined;",
  ]),
  ...at(`${CORE}/ventilator/day-before.ts`, [
    "faults are forgotten at midnight",
    "return row === undefined ? [] : faultsIn(row.history);",
    "return row === undefined ? faultsIn([]) : [];",
  ]),
  ...at(`${CORE}/steering/quotas/terms.ts`, [
    "a day's quota is not the provider's",
    "records: bulkRequestsOf(day), express: day.requests }",
    "records: day.requests + 9, express: day.requests + 9 }",
  ]),
  ...at(`${CORE}/storage/quota-store.ts`, [
    "a busy spacing is not moved by all of a block",
    '(step.spacing === "busy" && { freeFromMs: reservedMs(request) })',
    '(step.spacing === "busy" && { freeFromMs: reservedMs(request) / 2 })',
  ]),
];
