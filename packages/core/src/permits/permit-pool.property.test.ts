import fc from "fast-check";
import { expect, test } from "vitest";
import type { Lease, PermitItems } from "../ports/permit-items.ts";
import { createMemoryPermitItems } from "../storage/memory-permit-items.ts";
import type { HeldPermits } from "./check-out.ts";
import { createPermitPool, type PermitPool } from "./permit-pool.ts";
import { shardShare } from "./shares.ts";

const LEASE_MS = 100;

type Step =
  | { readonly kind: "check-out"; readonly pool: number; readonly wanted: number }
  | { readonly kind: "check-in"; readonly nth: number }
  | { readonly kind: "die"; readonly nth: number }
  | { readonly kind: "wait"; readonly durationMs: number }
  | { readonly kind: "limit"; readonly limit: number };

const steps = fc.array(
  fc.oneof<fc.Arbitrary<Step>[]>(
    fc.record({ kind: fc.constant("check-out"), pool: fc.nat(2), wanted: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant("check-in"), nth: fc.nat() }),
    fc.record({ kind: fc.constant("die"), nth: fc.nat() }),
    fc.record({ kind: fc.constant("wait"), durationMs: fc.integer({ min: 0, max: 150 }) }),
    fc.record({ kind: fc.constant("limit"), limit: fc.integer({ min: 1, max: 12 }) }),
  ),
  { maxLength: 60 },
);

/** The shards as a version writes to them that has longer leases, with the instant at which they were taken. */
function asEarlier(items: PermitItems): PermitItems {
  const longer = ({ text, ...lease }: Lease) => ({
    ...lease,
    text: text.replace("@", "-of-an-earlier-version@1764292640"),
  });
  return {
    ...items,
    take: (request) => items.take({ ...request, leases: request.leases.map(longer) }),
    giveBack: (index, leases, report) => items.giveBack(index, leases.map(longer), report),
  };
}

test("whatever versions, holders, crashes, waits and limits come, at most X permits are out, and the dead one's lapse", async () => {
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 4 }),
      async (run, max, shards) => {
        const bounds = { maxConcurrency: max, shardCount: Math.min(max, shards) };
        const items = createMemoryPermitItems();
        const pools = [0.1, 0.5, 0.9].map((value) =>
          createPermitPool(value === 0.5 ? asEarlier(items) : items, bounds, { next: () => value }),
        );
        const held: { readonly pool: PermitPool; readonly held: HeldPermits; readonly untilMs: number }[] =
          [];
        let nowMs = 1;
        let holders = 0;
        let epoch = 0;

        for (const step of run) {
          if (step.kind === "wait") nowMs += step.durationMs;
          if (step.kind === "limit") await governAll(step.limit);
          if (step.kind === "check-out") await checkOut(pools[step.pool], step.wanted);
          if (step.kind === "check-in") {
            const [entry] = held.splice(step.nth % Math.max(1, held.length), 1);
            await entry?.pool.checkIn(entry.held, { epoch: 0, evidence: {}, atMs: nowMs }, new Set());
          }
          if (step.kind === "die") held.splice(step.nth % Math.max(1, held.length), 1);
          expect(liveCount()).toBeLessThanOrEqual(max);
        }
        nowMs += LEASE_MS + 1;
        await governAll(max);
        for (let tries = 0; tries < 4 * max; tries += 1) await checkOut(pools[0], 1);
        expect(liveCount()).toBe(max);

        function liveCount(): number {
          return held
            .filter(({ untilMs }) => untilMs >= nowMs)
            .reduce((sum, { held }) => sum + held.leases.length, 0);
        }

        async function checkOut(pool: PermitPool | undefined, wanted: number): Promise<void> {
          holders += 1;
          const leaseUntilMs = nowMs + LEASE_MS;
          const granted = await pool?.checkOut({
            holderId: `holder-${holders}`,
            wanted,
            nowMs,
            leaseUntilMs,
          });
          if (pool !== undefined && granted?.kind === "granted") {
            expect(granted.permits.leases.length).toBeLessThanOrEqual(wanted);
            held.push({ pool, held: granted.permits, untilMs: leaseUntilMs });
          }
        }

        async function governAll(limit: number): Promise<void> {
          epoch += 1;
          for (let shard = 0; shard < bounds.shardCount; shard += 1)
            await items.setControl(shard, { phase: "closed", limit, epoch });
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("holders beyond a lowered limit stop, the earliest go on", async () => {
  const bounds = { maxConcurrency: 3, shardCount: 1 };
  const items = createMemoryPermitItems();
  const pool = createPermitPool(items, bounds, { next: () => 0 });
  const granted = [];
  for (const nowMs of [30, 10, 20]) {
    granted.push(await pool.checkOut({ holderId: `at-${nowMs}`, wanted: 1, nowMs, leaseUntilMs: 1_000 }));
  }
  await items.setControl(0, { phase: "closed", limit: 2, epoch: 1 });
  const gates = [];
  for (const checkOut of granted) {
    if (checkOut.kind !== "granted") throw new Error("a free permit was refused");
    const { gateFor } = await pool.readGate(checkOut.permits, 40);
    gates.push(...checkOut.permits.leases.map((lease) => gateFor(lease).kind));
  }
  expect(gates).toEqual(["over-limit", "open", "open"]);
  expect(shardShare(2, 1, 0)).toBe(2);
});

test("permits that are withheld stay out until their lease ends", async () => {
  const pool = createPermitPool(
    createMemoryPermitItems(),
    { maxConcurrency: 1, shardCount: 1 },
    { next: () => 0 },
  );
  const request = { holderId: "one", wanted: 1, nowMs: 1, leaseUntilMs: 100 };
  const granted = await pool.checkOut(request);
  if (granted.kind !== "granted") throw new Error("a free permit was refused");
  await pool.checkIn(granted.permits, { epoch: 0, evidence: {}, atMs: 2 }, new Set(granted.permits.leases));
  const next = { ...request, holderId: "two", leaseUntilMs: 200 };
  expect(await pool.checkOut({ ...next, nowMs: 100 })).toEqual({ kind: "full" });
  expect((await pool.checkOut({ ...next, nowMs: 101 })).kind).toBe("granted");
});
