import fc from "fast-check";
import { expect, test } from "vitest";
import { CLOCK_SKEW_MS } from "../../permits/lease.ts";
import type { QuotaState } from "../../ports/quota-store.ts";
import { LANES, type Lane } from "../../provider/lane.ts";
import { type DayQuota, SLIDING_PERIOD_MS, type SlidingQuota } from "../../provider/quota.ts";
import { createMemoryQuotaStore } from "../../storage/memory-quota-store.ts";
import { NOTHING_RESERVED } from "./quota-steps.ts";
import { askingOf, BULK_AHEAD_MS } from "./request.ts";
import { spacingOf } from "./spacing.ts";
import { quotaTermsOf } from "./terms.ts";

/** The instants of a block that was reserved. */
interface Reserved {
  readonly lane: Lane;
  readonly instants: readonly number[];
  readonly askedAtMs: number;
  readonly intervalMs: number;
  readonly longestMs: number;
}

const BEGIN_MS = Date.parse("2026-11-21T02:00Z");
const HOUR_MS = 3_600_000;

const slidings: fc.Arbitrary<readonly SlidingQuota[]> = fc.uniqueArray(
  fc.record({ requests: fc.integer({ min: 1, max: 600 }), per: fc.constantFrom("second", "minute", "hour") }),
  { minLength: 1, maxLength: 2, selector: ({ per }) => per },
);
const daily: fc.Arbitrary<DayQuota> = fc.record({
  requests: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1_000, max: 60_000 })),
  per: fc.constant("day"),
  resetsAt: fc.constant("00:00"),
  spread: fc.boolean(),
  reserve: fc.constantFrom(0, 0.05, 0.5),
});

const asking = fc.record({
  lane: fc.constantFrom(...LANES),
  count: fc.integer({ min: 1, max: 10 }),
  afterMs: fc.oneof(fc.nat({ max: 100 }), fc.nat({ max: 20_000 }), fc.nat({ max: HOUR_MS })),
  skewMs: fc.nat({ max: CLOCK_SKEW_MS }),
  /** It knows the item as it was so many reservations before. */
  oldBy: fc.constantFrom(0, 0, 1, 3),
});

type Asking = typeof asking extends fc.Arbitrary<infer T> ? T : never;

const mixed = [
  fc.array(asking, { minLength: 5, maxLength: 60 }),
  slidings,
  fc.option(daily, { nil: undefined }),
] as const;

test("whichever lanes ask, instants are as far apart as the sliding quotas need, and no day is overdrawn", async () => {
  await fc.assert(
    fc.asyncProperty(...mixed, async (askings, sliding, day) => {
      const reserved = await reserveAll(askings, sliding, day);
      const leastMs = spacingOf(sliding)?.intervalMs ?? 0;
      const instants = reserved.flatMap((block) => block.instants).toSorted((one, other) => one - other);
      for (const [index, atMs] of instants.entries())
        expect(atMs - (instants[index - 1] ?? 0)).toBeGreaterThan(leastMs - 0.01);
      for (const each of sliding) expect(SLIDING_PERIOD_MS[each.per]).toBeLessThan(leastMs * each.requests);
      if (day !== undefined) expect(instants.length).toBeLessThanOrEqual(day.requests);
    }),
    { numRuns: 400 },
  );
});

test("an express start waits for the bulk's turns of five seconds at most, and owes the sliding quotas' interval alone", async () => {
  await fc.assert(
    fc.asyncProperty(...mixed, async (askings, sliding, day) => {
      let lastMs = 0;
      for (const { lane, instants, askedAtMs, intervalMs } of await reserveAll(askings, sliding, day)) {
        const [firstMs = 0] = instants;
        const blockEndMs = instants.at(-1) ?? firstMs;
        if (lane === "express") expect(firstMs).toBeLessThan(Math.max(askedAtMs, lastMs + intervalMs) + 0.01);
        else if (firstMs > askedAtMs || instants.length > 1)
          expect(blockEndMs).toBeLessThanOrEqual(askedAtMs + BULK_AHEAD_MS);
        lastMs = Math.max(lastMs, blockEndMs);
      }
    }),
    { numRuns: 400 },
  );
});

test("however many express starts come in between, the bulk's are as far apart as the day's spread", async () => {
  await fc.assert(
    fc.asyncProperty(...mixed, async (askings, sliding, day) => {
      let last = { atMs: 0, intervalMs: 0 };
      for (const { lane, instants, longestMs } of await reserveAll(askings, sliding, day)) {
        if (lane === "express") continue;
        const [firstMs = 0] = instants;
        expect(firstMs).toBeGreaterThan(last.atMs + Math.min(last.intervalMs, longestMs) - 0.01);
        last = { atMs: instants.at(-1) ?? firstMs, intervalMs: longestMs };
      }
    }),
    { numRuns: 400 },
  );
});

/** Carries out what is asked for, as processes do whose clocks and knowledge differ; what is refused is left out. */
async function reserveAll(
  askings: readonly Asking[],
  sliding: readonly SlidingQuota[],
  day: DayQuota | undefined,
): Promise<readonly Reserved[]> {
  const terms = quotaTermsOf({ quotas: [...sliding, ...(day === undefined ? [] : [day])], timeZone: "UTC" });
  if (terms === undefined) throw new Error("there are quotas");
  const store = createMemoryQuotaStore();
  const seen: QuotaState[] = [NOTHING_RESERVED];
  const reserved: Reserved[] = [];
  let trueMs = BEGIN_MS;
  for (const { lane, count, afterMs, skewMs, oldBy } of askings) {
    trueMs = Math.min(trueMs + afterMs, BEGIN_MS + 20 * HOUR_MS);
    const askedAtMs = trueMs + skewMs;
    const known = seen.at(-1 - oldBy) ?? NOTHING_RESERVED;
    const asked = askingOf(terms, { lane, count, untilMs: askedAtMs + HOUR_MS }, known, askedAtMs);
    if (asked.kind === "shut") continue;
    const { request } = asked;
    const answer = await store.reserve(request);
    seen.push(answer.state);
    if (answer.kind === "refused" || request.spacing === undefined) continue;
    const { intervalMs, longestMs } = request.spacing;
    const instants = Array.from(
      { length: request.count },
      (_, index) => answer.firstAtMs + index * intervalMs,
    );
    reserved.push({ lane, instants, askedAtMs, intervalMs, longestMs });
  }
  return reserved;
}
