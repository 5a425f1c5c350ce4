import fc from "fast-check";
import { expect, test } from "vitest";
import { type WorkerOutcome, workerReplySchema } from "./reply.ts";

/** A reply as it comes through JSON. */
const arrived = (outcome: object) =>
  workerReplySchema.safeParse(JSON.parse(JSON.stringify({ version: 1, attemptId: "a", outcome }))).data
    ?.outcome;

const anyNumber = fc.oneof(
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, -1, 1e308),
);
const kinds = fc.constantFrom<WorkerOutcome["kind"]>("ok", "fault", "throttled", "rejected");

test("no outcome is lost by a number, and each time can be added up and waited for", () => {
  fc.assert(
    fc.property(
      kinds,
      anyNumber,
      fc.option(anyNumber, { nil: undefined }),
      (kind, latencyMs, retryAfterMs) => {
        const cause = kind === "ok" ? {} : { cause: "because" };
        const wait = kind === "throttled" ? { retryAfterMs } : {};
        const outcome = arrived({ kind, latencyMs, ...cause, ...wait });
        expect(outcome).toMatchObject({ kind, ...cause });
        expect(outcome?.latencyMs).toBeGreaterThanOrEqual(0);
        expect(outcome?.latencyMs).toBeLessThanOrEqual(900_000);
        if (outcome?.kind !== "throttled" || !("retryAfterMs" in outcome)) return;
        expect(Number.isSafeInteger(outcome.retryAfterMs) && Number(outcome.retryAfterMs) >= 0).toBe(true);
      },
    ),
  );
});

const throttled = (retryAfterMs: unknown) =>
  arrived({ kind: "throttled", latencyMs: 5, cause: "HTTP 429", retryAfterMs });

test.each([Number.NaN, Number.POSITIVE_INFINITY, null, "30", {}, []])(
  "throttled with a wait of %s is throttled without one",
  (retryAfterMs) => {
    expect(throttled(retryAfterMs)).toEqual({ kind: "throttled", latencyMs: 5, cause: "HTTP 429" });
  },
);

test.each([
  [0, 0],
  [1_500.6, 1_501],
  [-3, 0],
])("throttled with a wait of %d ms keeps it, as %d", (asked, kept) => {
  expect(throttled(asked)).toMatchObject({ retryAfterMs: kept });
});

test.each([[undefined], [null], ["ok"], [[]], [{}], [{ kind: "ok" }], [{ kind: "empty", latencyMs: 1 }]])(
  "%j is no outcome",
  (outcome) => {
    expect(workerReplySchema.safeParse({ version: 1, attemptId: "a", outcome }).success).toBe(false);
  },
);
