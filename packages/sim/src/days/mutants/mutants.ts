import { ADAPTER_MUTANTS } from "./adapter-mutants.ts";
import { LEDGER_MUTANTS } from "./ledger-mutants.ts";
import { mutantsIn as at, type Mutant } from "./mutant.ts";
import { QUOTA_MUTANTS } from "./quota-mutants.ts";
import { STEERING_MUTANTS } from "./steering-mutants.ts";
import { WINDOW_MUTANTS } from "./window-mutants.ts";

const CORE = "packages/core/src";

/** Deliberate faults in the production code, one line each: the simulator's power is how many days each survives. */
export const MUTANTS: readonly Mutant[] = [
  ...STEERING_MUTANTS,
  ...ADAPTER_MUTANTS,
  ...LEDGER_MUTANTS,
  ...at(
    `${CORE}/storage/fetch-writes.ts`,
    ["a claim disregards the lease", " AND ${lt(leaseUntilMs, nowMs)}))))`,", "))))`,"],
    [
      "a claim takes what is fetched",
      'maxAttempts)} AND (${eq(status, "failed")}` +',
      'maxAttempts)} AND (${eq(status, "fetched")}` +',
    ],
    ["a claim knows no most attempts", "${lt(attempts, maxAttempts)}", "${lt(attempts, 99)}"],
    [
      "an end is written to another attempt's row",
      '`${eq(row.attemptId, attemptId)} AND ${eq(row.status, "fetching")}`',
      '`${eq(row.status, "fetching")}`',
    ],
    [
      "a claim is carried out once more",
      " AND ${ne(last, attemptId)}` +\n          ` AND ${lt(att",
      "` +\n          ` AND ${lt(att",
    ],
    [
      "a probe is charged at its start",
      ".add({ attempts: 0, freeStarts: 1 })",
      ".add({ attempts: 1, freeStarts: 1 })",
    ],
  ),
  ...at(`${CORE}/storage/fetch-store.ts`, [
    "a claim that was not granted is not withdrawn",
    'if (ended.kind === "completed") return;',
    "if (ended) return;",
  ]),
  ...at(`${CORE}/storage/fetch.ts`, [
    "a repeated rejection is news",
    "rejections[0]?.endedAtMs",
    "rejections.at(-1)?.endedAtMs",
  ]),
  ...at(`${CORE}/waker/renew.ts`, [
    "no message is renewed",
    "message.receiveCount < RENEWED_FROM",
    "message.receiveCount > 0",
  ]),
  ...at(`${CORE}/storage/fetch.ts`, [
    "a release keeps the attempt",
    "{ attempts: isReleased ? -1 : 0, freeStarts: 0 }",
    "{ attempts: 0, freeStarts: 0 }",
  ]),
  ...at(
    `${CORE}/storage/permit-conditions.ts`,
    [
      "one permit more is lent",
      "${size(row.leases)} <= ${literal(ifAtMostOut)}",
      "${size(row.leases)} <= ${literal(ifAtMostOut + 1)}",
    ],
    [
      "a hold is not asked for",
      " AND (${notExists(row.heldUntilMs)} OR ${lte(row.heldUntilMs, nowMs)})`",
      "`",
    ],
    [
      "news of another epoch count",
      "return ({ epoch }, { eq, notExists }) =>",
      "return ({ epoch }, { gte: eq, notExists }) =>",
    ],
  ),
  ...at(
    `${CORE}/storage/permit-items.ts`,
    ["a hold is not stored", ".set({ heldUntilMs: untilMs })", ".set({ heldUntilMs: 1 })"],
    ["evidence outlives its epoch", ".remove([...EVIDENCE_SUMS, ", ".remove(["],
    [
      "a report is sent as often as the client likes",
      ".updateOnce(index).add(addedBy",
      ".update(index).add(addedBy",
    ],
    ["returned permits stay out", ".delete({ leases: textsOf(leases) })\n      .add(addedBy", ".add(addedBy"],
  ),
  ...at(`${CORE}/storage/permit-changes.ts`, [
    "shards are told of no phase",
    "set: { phase, limit, epoch",
    'set: { phase: "closed", limit, epoch',
  ]),
  ...at(`${CORE}/ventilator/check-in.ts`, [
    "a check-in brings its evidence again",
    "left = { ...report, evidence: NO_EVIDENCE };",
    "left = report;",
  ]),
  ...at(
    `${CORE}/ventilator/batch-times.ts`,
    [
      "a permit ends before its call",
      "permitsUntilMs: invokeUntilMs + callMs",
      "permitsUntilMs: nowMs + 1_000 + 0 * callMs",
    ],
    [
      "a claim ends before its call",
      "leaseUntilMs: deadlineAtMs + CLOCK_SKEW_MS",
      "leaseUntilMs: nowMs + 1_000",
    ],
    [
      "writes may end after the deadline",
      "writeUntilMs: deadlineAtMs - HAND_BACK_MS",
      "writeUntilMs: deadlineAtMs + 60_000",
    ],
  ),
  ...at(
    `${CORE}/ventilator/settle.ts`,
    [
      "a letter that was not sent is forgotten",
      'return complete(ended, "failed", handBack(backOffMs(deps.provider.backOff, attempt, deps.random)), deps);\n  }\n  deps.log.warn',
      'return complete(ended, "dead", ACKNOWLEDGE, deps);\n  }\n  deps.log.warn',
    ],
    [
      "a record dies one attempt early",
      "attempt >= deps.provider.maxAttempts",
      "attempt + 1 >= deps.provider.maxAttempts",
    ],
    [
      "a refusal is an attempt",
      'return complete(ended, "released", handBack(Math.max(soonMs, holdMs(outcome.retryAfterMs ?? 0))), deps);',
      "return failOrDie(ended, outcome.cause, deps);",
    ],
    [
      "a worker that can't begin is an attempt",
      'return complete(ended, "released", handBack(unstartedBackOffMs(receiveCount, deps.random)), deps);',
      "return failOrDie(ended, outcome.cause, deps);",
    ],
    ["a probe is an attempt", "if (task.isFree && ", "if (attempt < 0 && task.isFree && "],
    [
      "a lost call counts as over",
      "return handBack(times.leaseUntilMs - deps.clock.nowMs() + soonMs);",
      'return complete(ended, "released", handBack(soonMs), deps);',
    ],
  ),
  ...at(
    `${CORE}/ventilator/doubt.ts`,
    [
      "a rejection is believed before anything was fetched",
      " || providerDay(timeZone, lastOkAtMs) !== claim.day",
      " && providerDay(timeZone, lastOkAtMs) !== claim.day",
    ],
    [
      "rejections in a row are believed",
      "rejectedSinceOkCount >= OWN_IN_A_ROW_MAX",
      "rejectedSinceOkCount >= 1_000",
    ],
    ["a first rejection is believed", "if (rejectionCount === 0) return true;", ""],
    [
      "what was fetched yesterday is proof today",
      "providerDay(timeZone, lastOkAtMs) !== claim.day",
      "lastOkAtMs === 0",
    ],
  ),
  ...at(`${CORE}/law/sluice/judge.ts`, [
    "that everything is rejected goes unseen",
    "rejections.score >= tuning.badAt",
    "rejections.score >= 1_000",
  ]),
  ...at(`${CORE}/ventilator/batch-outcomes.ts`, [
    "the permit of a lost call is returned",
    'outcome.fate === "lost"',
    'outcome.fate === "unstarted"',
  ]),
  ...at(
    `${CORE}/ventilator/fetch-record.ts`,
    [
      "a record that is under way is acknowledged",
      'case "in-flight":\n',
      'case "in-flight":\n      return { disposition: ACKNOWLEDGE };\n',
    ],
    [
      "the day is Greenwich's",
      "providerDay(provider.timeZone, clock.nowMs())",
      'providerDay("UTC", clock.nowMs())',
    ],
  ),
  ...at(
    `${CORE}/ventilator/classify-invocation.ts`,
    ["anybody's reply counts", "reply.data.attemptId !== attemptId", "reply.data.attemptId === undefined"],
    ["a reply to another attempt is free", 'typeof named !== "string"', "named !== attemptId"],
  ),
  ...at(`${CORE}/timing/persist.ts`, [
    "a write is tried once",
    "if (!(thrown instanceof Unreachable) ||",
    "if (thrown !== undefined ||",
  ]),
  ...at(`${CORE}/timing/back-off.ts`, [
    "a failed record waits for half a day",
    "return Math.round(ceilingMs",
    "return 43_000_000 + 0 * Math.round(ceilingMs",
  ]),
  ...at(`${CORE}/permits/lease.ts`, ["dead leases stay", "expiresAtMs < nowMs", "expiresAtMs < 0"]),
  ...at(`${CORE}/breaker/shards.ts`, [
    "shards that missed a decision stay behind",
    "(epoch < control.epoch ? [index] : [])",
    "(epoch < 0 ? [index] : [])",
  ]),
  ...at(`${CORE}/breaker/decide.ts`, [
    "a lost state begins in an old epoch",
    "latestEpoch(shards) + 1",
    "latestEpoch(shards)",
  ]),
  ...at(`${CORE}/valve/is-worth-turning.ts`, [
    "a shut valve stays shut",
    "if (inForce.isEnabled !== wanted.isEnabled) return true;",
    "if (inForce.isEnabled && !wanted.isEnabled) return true;\n  if (!inForce.isEnabled) return false;",
  ]),
  ...at(
    `${CORE}/valve/reconciler.ts`,
    [
      "a dead reconciler's lease lasts for ever",
      "const LEASE_MS = 30_000;",
      "const LEASE_MS = 30_000_000_000;",
    ],
    ["the waker trusts its notes", "isThorough || isDue", "isDue"],
  ),
  ...QUOTA_MUTANTS,
  ...WINDOW_MUTANTS,
  ...at(`${CORE}/scheduler/send-batch.ts`, [
    "entries that failed for now are forgotten",
    "failureAt.get(at)?.isFinal === false",
    "failureAt.get(at)?.isFinal === true",
  ]),
];
