import fc from "fast-check";
import { expect, test } from "vitest";
import type { Phase } from "../law/control.ts";
import { createMemoryPermitItems } from "../storage/memory-permit-items.ts";
import type { CheckOut, HeldPermits } from "./check-out.ts";
import { createPermitPool, type PermitPool } from "./permit-pool.ts";

const LEASE_MS = 100;

type Step =
  | {
      readonly kind: "check-out";
      readonly pool: number;
      readonly wanted: number;
      readonly isRepeated: boolean;
    }
  | { readonly kind: "check-out-probe"; readonly pool: number }
  | { readonly kind: "check-in"; readonly nth: number }
  | { readonly kind: "die"; readonly nth: number }
  | { readonly kind: "wait"; readonly durationMs: number }
  | { readonly kind: "close"; readonly limit: number }
  | { readonly kind: "trip" }
  /** A breaker lets probes begin. */
  | { readonly kind: "probe"; readonly pool: number }
  | { readonly kind: "hold"; readonly durationMs: number };

const pool = fc.nat(2);
const steps = fc.array(
  fc.oneof<fc.MaybeWeightedArbitrary<Step>[]>(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant("check-out"),
        pool,
        wanted: fc.integer({ min: 1, max: 4 }),
        isRepeated: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("check-out-probe"), pool }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("check-in"), nth: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("die"), nth: fc.nat() }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("wait"), durationMs: fc.integer({ min: 0, max: 150 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("close"), limit: fc.integer({ min: 1, max: 12 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("trip") }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("probe"), pool }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("hold"), durationMs: fc.integer({ min: 1, max: 150 }) }),
    },
  ),
  { minLength: 10, maxLength: 80, size: "max" },
);

interface Entry {
  readonly pool: PermitPool;
  readonly held: HeldPermits;
  readonly untilMs: number;
  readonly isProbe: boolean;
}

test("whatever trips, probes, deaths and holds come: at most X permits, one probe at a time, and only in its phase", async () => {
  let probesGranted = 0;
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 3 }),
      async (run, maxConcurrency, shards) => {
        const bounds = { maxConcurrency, shardCount: Math.min(maxConcurrency, shards) };
        const items = createMemoryPermitItems();
        const pools = [0.1, 0.5, 0.9].map((value) => createPermitPool(items, bounds, { next: () => value }));
        let held: Entry[] = [];
        let phase: Phase = "closed";
        let nowMs = 1;
        let epoch = 0;
        let holders = 0;
        let heldUntilMs = 0;

        for (const step of run) {
          await take(step);
          held = held.filter(({ untilMs }) => untilMs >= nowMs);
          const out = held.reduce((sum, { held }) => sum + held.leases.length, 0);
          expect(out).toBeLessThanOrEqual(maxConcurrency);
          expect(held.filter(({ isProbe }) => isProbe).length).toBeLessThanOrEqual(1);
        }

        async function take(step: Step): Promise<void> {
          const chosen = pools["pool" in step ? step.pool : 0];
          switch (step.kind) {
            case "wait":
              nowMs += step.durationMs;
              return;
            case "hold":
              heldUntilMs = Math.max(heldUntilMs, nowMs + step.durationMs);
              return chosen?.hold(nowMs + step.durationMs);
            case "close":
              return govern("closed", Math.min(step.limit, maxConcurrency));
            case "trip":
              return govern("open", 1);
            case "check-in":
            case "die": {
              const [entry] = held.splice(step.nth % Math.max(1, held.length), 1);
              if (step.kind === "die" || entry === undefined) return;
              const report = { epoch: entry.held.epoch, evidence: {}, atMs: nowMs };
              await entry.pool.checkIn(entry.held, report, new Set());
              if (entry.isProbe) await entry.pool.endProbe(entry.held);
              return;
            }
            case "check-out":
              return checkOut(chosen, (request) => ({
                ...request,
                wanted: step.wanted,
                isRepeated: step.isRepeated,
              }));
            case "check-out-probe":
              return checkOut(chosen, undefined);
            case "probe": {
              // A law decides on a probe's report, not while it is under way.
              if (held.some(({ isProbe }) => isProbe)) return;
              await govern("half-open", 1);
              return checkOut(chosen, undefined);
            }
          }
        }

        async function govern(next: Phase, limit: number): Promise<void> {
          phase = next;
          epoch += 1;
          for (let shard = 0; shard < bounds.shardCount; shard += 1) {
            await items.setControl(shard, { phase, limit, epoch });
          }
        }

        async function checkOut(
          from: PermitPool | undefined,
          asBatch: ((request: Request) => Request & { wanted: number }) | undefined,
        ): Promise<void> {
          if (from === undefined) throw new Error("there is no such pool");
          holders += 1;
          const request = { holderId: `holder-${holders}`, nowMs, leaseUntilMs: nowMs + LEASE_MS };
          const answer: CheckOut =
            asBatch === undefined ? await from.checkOutProbe(request) : await from.checkOut(asBatch(request));
          if (answer.kind !== "granted") return;
          expect(phase).toBe(asBatch === undefined ? "half-open" : "closed");
          expect(nowMs).toBeGreaterThanOrEqual(heldUntilMs);
          expect(answer.permits.epoch).toBe(epoch);
          if (asBatch === undefined) {
            probesGranted += 1;
            expect(answer.permits.leases).toHaveLength(1);
          }
          const isProbe = asBatch === undefined;
          held.push({ pool: from, held: answer.permits, untilMs: request.leaseUntilMs, isProbe });
        }
      },
    ),
    { numRuns: 500 },
  );
  expect(probesGranted).toBeGreaterThan(100);
});

interface Request {
  readonly holderId: string;
  readonly nowMs: number;
  readonly leaseUntilMs: number;
}

test("a probe takes over the permits of the dead, and is refused while the living hold them all", async () => {
  const items = createMemoryPermitItems();
  const pool = createPermitPool(items, { maxConcurrency: 2, shardCount: 1 }, { next: () => 0 });
  await pool.checkOut({ holderId: "stragglers", wanted: 2, nowMs: 1, leaseUntilMs: 100 });
  await items.setControl(0, { phase: "half-open", limit: 1, epoch: 1 });
  const request = { holderId: "waker", leaseUntilMs: 300 };
  expect(await pool.checkOutProbe({ ...request, nowMs: 100 })).toEqual({ kind: "full" });
  expect(await pool.checkOutProbe({ ...request, nowMs: 101 })).toMatchObject({
    kind: "granted",
    permits: { shardIndex: 0, epoch: 1, leases: [{ expiresAtMs: 300 }] },
  });
  expect((await items.read(0)).leases).toHaveLength(1);
});

test("a probe's take whose answer was lost and that was repeated is granted", async () => {
  const items = createMemoryPermitItems();
  await items.setControl(0, { phase: "half-open", limit: 1, epoch: 1 });
  const twice = {
    ...items,
    take: async (request: Parameters<typeof items.take>[0]) => {
      await items.take(request);
      return items.take(request);
    },
  };
  const pool = createPermitPool(twice, { maxConcurrency: 1, shardCount: 1 }, { next: () => 0 });
  const answer = await pool.checkOutProbe({ holderId: "waker", nowMs: 1, leaseUntilMs: 100 });
  expect(answer.kind).toBe("granted");
  expect((await items.read(0)).leases).toHaveLength(1);
});

test.each([
  ["closed", { kind: "full" }],
  ["open", { kind: "shut", reason: "tripped" }],
] as const)("no probe is granted while %s", async (phase, expected) => {
  const items = createMemoryPermitItems();
  await items.setControl(0, { phase, limit: 1, epoch: 1 });
  const pool = createPermitPool(items, { maxConcurrency: 2, shardCount: 1 }, { next: () => 0 });
  expect(await pool.checkOutProbe({ holderId: "waker", nowMs: 1, leaseUntilMs: 9 })).toEqual(expected);
});

test("a held gate tells a probe when it reopens", async () => {
  const items = createMemoryPermitItems();
  await items.setControl(0, { phase: "half-open", limit: 1, epoch: 1 });
  await items.hold(0, 50);
  const pool = createPermitPool(items, { maxConcurrency: 2, shardCount: 1 }, { next: () => 0 });
  const request = { holderId: "waker", leaseUntilMs: 90 };
  expect(await pool.checkOutProbe({ ...request, nowMs: 49 })).toEqual({
    kind: "shut",
    reason: "held",
    reopensAtMs: 50,
  });
  expect((await pool.checkOutProbe({ ...request, nowMs: 50 })).kind).toBe("granted");
});

test("a probe keeps others from probing until it is ended, or has died; a reading says so beforehand", async () => {
  const items = createMemoryPermitItems();
  await items.setControl(0, { phase: "half-open", limit: 1, epoch: 1 });
  await items.report(0, { epoch: 1, evidence: { okCount: 1 }, atMs: 7 });
  const pool = createPermitPool(items, { maxConcurrency: 9, shardCount: 1 }, { next: () => 0 });
  const ask = (nowMs: number, leaseUntilMs: number) =>
    pool.checkOutProbe({ holderId: `h${nowMs}`, nowMs, leaseUntilMs });
  expect(await pool.readProbe(10)).toEqual({ isFree: true, lastOkAtMs: 7 });
  const first = await ask(10, 100);
  expect((await pool.readProbe(10)).isFree).toBe(false);
  expect((await ask(11, 100)).kind).toBe("full");
  if (first.kind !== "granted") throw new TypeError("the first was refused");
  expect(first.permits.isProbe).toBe(true);
  await pool.checkIn(first.permits, { epoch: 1, evidence: {}, atMs: 20 }, new Set());
  expect((await ask(21, 100)).kind).toBe("full");
  await pool.endProbe(first.permits);
  expect((await ask(22, 50)).kind).toBe("granted");
  expect((await ask(50, 200)).kind).toBe("full");
  expect((await ask(51, 200)).kind).toBe("granted");
});
